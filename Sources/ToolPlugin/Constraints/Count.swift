/// How many elements an array, a set or a dictionary may have: `@Count(0...5) var tags: [String]`.
///
/// The macros read it; when the program runs, it does nothing.
@propertyWrapper
public struct Count<Value: CollectionValue>: ConstraintWrapper {
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
