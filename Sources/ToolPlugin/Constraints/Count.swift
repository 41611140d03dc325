/// The number of elements of an array, a set or a dictionary: `@Count(0...5) var tags: [String]`.
///
/// The macros read it and add it to the schema. At run time it does nothing.
@propertyWrapper
public struct Count<Value: CollectionValue>: ConstraintWrapper {
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
extension Count: CollectionValue {
    public static var initialValue: Count { Count(unconstrained: .initialValue) }
}
extension Count: OptionalValue where Value: OptionalValue {
    public var isNil: Bool { wrappedValue.isNil }
}
extension Count: Sendable where Value: Sendable {}
extension Count: Equatable where Value: Equatable {}
extension Count: Hashable where Value: Hashable {}
extension Count: Decodable where Value: Decodable {}
extension Count: Encodable where Value: Encodable {}
