/// A regular expression that a text must match, with JavaScript's meaning: `@Pattern("^[a-z]+$") var name: String`.
///
/// The macros read it; when the program runs, it does nothing.
@propertyWrapper
public struct Pattern<Value: TextValue>: ConstraintWrapper {
    /// The value itself.
    public var wrappedValue: Value

    /// Wraps a value; the expression is for the macros.
    public init(wrappedValue: Value, _ expression: String) { self.wrappedValue = wrappedValue }

    /// Holds nothing of interest until a value is set; the expression is for the macros.
    public init(_ expression: String) { wrappedValue = .initialValue }

    /// Wraps a value without an expression.
    public init(unconstrained value: Value) { wrappedValue = value }
}

// Several constraints on one value are wrappers around each other.
extension Pattern: TextValue {
    public static var initialValue: Pattern { Pattern(unconstrained: .initialValue) }
}
extension Pattern: OptionalValue where Value: OptionalValue {
    public var isNil: Bool { wrappedValue.isNil }
}
extension Pattern: Sendable where Value: Sendable {}
extension Pattern: Equatable where Value: Equatable {}
extension Pattern: Hashable where Value: Hashable {}
extension Pattern: Decodable where Value: Decodable {}
extension Pattern: Encodable where Value: Encodable {}
