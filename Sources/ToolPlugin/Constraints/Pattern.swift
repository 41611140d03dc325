/// A JavaScript regular expression that a string must match: `@Pattern("^[a-z]+$") var name: String`.
///
/// The macros read it and add it to the schema. At run time it does nothing.
@propertyWrapper
public struct Pattern<Value: TextValue>: ConstraintWrapper {
    /// The value.
    public var wrappedValue: Value

    /// Wraps a value; only the macros read the expression.
    public init(wrappedValue: Value, _ expression: String) { self.wrappedValue = wrappedValue }

    /// Wraps a placeholder until a value is set; only the macros read the expression.
    public init(_ expression: String) { wrappedValue = .initialValue }

    /// Wraps a value without an expression.
    public init(unconstrained value: Value) { wrappedValue = value }
}

// Several constraints on one value are nested wrappers.
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
