/// The number of characters of a string: `@Length(1...80) var title: String`.
///
/// The macros read it and add it to the schema. At run time it does nothing.
@propertyWrapper
public struct Length<Value: TextValue>: ConstraintWrapper {
    /// The value.
    public var wrappedValue: Value

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: ClosedRange<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: PartialRangeFrom<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: PartialRangeThrough<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: ClosedRange<Int>) { wrappedValue = .initialValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: PartialRangeFrom<Int>) { wrappedValue = .initialValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: PartialRangeThrough<Int>) { wrappedValue = .initialValue }

    /// Wraps a value without a range.
    public init(unconstrained value: Value) { wrappedValue = value }
}

// Several constraints on one value are nested wrappers.
extension Length: TextValue {
    public static var initialValue: Length { Length(unconstrained: .initialValue) }
}
extension Length: OptionalValue where Value: OptionalValue {
    public var isNil: Bool { wrappedValue.isNil }
}
extension Length: Sendable where Value: Sendable {}
extension Length: Equatable where Value: Equatable {}
extension Length: Hashable where Value: Hashable {}
extension Length: Decodable where Value: Decodable {}
extension Length: Encodable where Value: Encodable {}
