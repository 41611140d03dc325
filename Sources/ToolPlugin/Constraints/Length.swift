/// How many characters a text may have: `@Length(1...80) var title: String`.
///
/// The macros read it; when the program runs, it does nothing.
@propertyWrapper
public struct Length<Value: TextValue>: ConstraintWrapper {
    /// The value itself.
    public var wrappedValue: Value

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: ClosedRange<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: PartialRangeFrom<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: PartialRangeThrough<Int>) { self.wrappedValue = wrappedValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: ClosedRange<Int>) { wrappedValue = .initialValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: PartialRangeFrom<Int>) { wrappedValue = .initialValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: PartialRangeThrough<Int>) { wrappedValue = .initialValue }

    /// Wraps a value without a range.
    public init(unconstrained value: Value) { wrappedValue = value }
}

// Several constraints on one value are wrappers around each other.
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
