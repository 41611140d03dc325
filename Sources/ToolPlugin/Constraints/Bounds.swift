/// The least and the most that a number may be: `@Bounds(1...10) var days: Int`.
///
/// The macros read it; when the program runs, it does nothing.
@propertyWrapper
public struct Bounds<Value: NumberValue>: ConstraintWrapper {
    /// The value itself.
    public var wrappedValue: Value

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: ClosedRange<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: PartialRangeFrom<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: PartialRangeThrough<Int>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: ClosedRange<Double>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: PartialRangeFrom<Double>) { self.wrappedValue = wrappedValue }

    /// Wraps a value; the range is for the macros.
    public init(wrappedValue: Value, _ range: PartialRangeThrough<Double>) { self.wrappedValue = wrappedValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: ClosedRange<Int>) { wrappedValue = .initialValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: PartialRangeFrom<Int>) { wrappedValue = .initialValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: PartialRangeThrough<Int>) { wrappedValue = .initialValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: ClosedRange<Double>) { wrappedValue = .initialValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: PartialRangeFrom<Double>) { wrappedValue = .initialValue }

    /// Holds nothing of interest until a value is set; the range is for the macros.
    public init(_ range: PartialRangeThrough<Double>) { wrappedValue = .initialValue }

    /// Wraps a value without a range.
    public init(unconstrained value: Value) { wrappedValue = value }
}

// Several constraints on one value are wrappers around each other.
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
