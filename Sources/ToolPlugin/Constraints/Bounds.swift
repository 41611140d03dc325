/// The range of a number: `@Bounds(1...10) var days: Int`.
///
/// The macros read it and add it to the schema. At run time it does nothing.
@propertyWrapper
public struct Bounds<Value: NumberValue>: ConstraintWrapper {
    /// The value.
    public var wrappedValue: Value

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: ClosedRange<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: PartialRangeFrom<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: PartialRangeThrough<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: ClosedRange<Double>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: PartialRangeFrom<Double>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; only the macros read the range.
    public init(wrappedValue: Value, _ range: PartialRangeThrough<Double>) { self.wrappedValue = wrappedValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: ClosedRange<Int>) { wrappedValue = .initialValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: PartialRangeFrom<Int>) { wrappedValue = .initialValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: PartialRangeThrough<Int>) { wrappedValue = .initialValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: ClosedRange<Double>) { wrappedValue = .initialValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: PartialRangeFrom<Double>) { wrappedValue = .initialValue }

    /// Wraps a placeholder until a value is set; only the macros read the range.
    public init(_ range: PartialRangeThrough<Double>) { wrappedValue = .initialValue }

    /// Wraps a value without a range.
    public init(unconstrained value: Value) { wrappedValue = value }
}

// Several constraints on one value are nested wrappers.
extension Bounds: NumberValue {
    public static var initialValue: Bounds { Bounds(unconstrained: .initialValue) }
}
extension Bounds: OptionalValue where Value: OptionalValue {
    public var isNil: Bool { wrappedValue.isNil }
}
extension Bounds: Sendable where Value: Sendable {}
extension Bounds: Equatable where Value: Equatable {}
extension Bounds: Hashable where Value: Hashable {}
extension Bounds: Decodable where Value: Decodable {}
extension Bounds: Encodable where Value: Encodable {}
