/// A type that constraints are written for.
public protocol ConstrainedValue {
    /// What a property without an initial value holds until it is set.
    ///
    /// Swift takes a property whose wrapper has arguments for one that is set already.
    static var initialValue: Self { get }
}

/// An optional value, in however many wrappers; ``ConstrainedValue/initialValue`` is nil.
public protocol OptionalValue: ConstrainedValue {
    /// Whether there is none.
    var isNil: Bool { get }
}

/// A number, or an optional one.
public protocol NumberValue: ConstrainedValue {}
/// A text, or an optional one.
public protocol TextValue: ConstrainedValue {}
/// An array, a set or a dictionary, or an optional one.
public protocol CollectionValue: ConstrainedValue {}

extension NumberValue where Self: AdditiveArithmetic {
    /// Zero.
    public static var initialValue: Self { .zero }
}

extension Int: NumberValue {}
extension Int8: NumberValue {}
extension Int16: NumberValue {}
extension Int32: NumberValue {}
extension Int64: NumberValue {}
extension UInt: NumberValue {}
extension UInt8: NumberValue {}
extension UInt16: NumberValue {}
extension UInt32: NumberValue {}
extension UInt64: NumberValue {}
extension Double: NumberValue {}
extension Float: NumberValue {}

extension String: TextValue {
    public static var initialValue: String { "" }
}

extension Array: CollectionValue {
    public static var initialValue: [Element] { [] }
}

extension Set: CollectionValue {
    public static var initialValue: Set<Element> { [] }
}

extension Dictionary: CollectionValue {
    public static var initialValue: [Key: Value] { [:] }
}

extension Optional: OptionalValue {
    public static var initialValue: Wrapped? { nil }
    public var isNil: Bool { self == nil }
}
extension Optional: NumberValue where Wrapped: NumberValue {}
extension Optional: TextValue where Wrapped: TextValue {}
extension Optional: CollectionValue where Wrapped: CollectionValue {}
