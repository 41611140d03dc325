/// A property wrapper that `@Tool` and `@ToolSchema` read, and that does nothing at run time.
///
/// The host validates calls against the schema. `Codable` reads and writes the wrapped value alone.
public protocol ConstraintWrapper {
    /// The type of the wrapped value.
    associatedtype Value: ConstrainedValue

    /// The value.
    var wrappedValue: Value { get set }

    /// Wraps a value without a constraint.
    init(unconstrained value: Value)
}

// MARK: - Codable

extension ConstraintWrapper where Value: Decodable {
    /// Decodes the wrapped value.
    public init(from decoder: any Decoder) throws {
        self.init(unconstrained: try Value(from: decoder))
    }
}

extension ConstraintWrapper where Value: Encodable {
    /// Encodes the wrapped value.
    public func encode(to encoder: any Encoder) throws {
        try wrappedValue.encode(to: encoder)
    }
}

extension KeyedDecodingContainer {
    /// Decodes an optional value, which may be missing.
    public func decode<Wrapper: ConstraintWrapper & Decodable>(
        _ type: Wrapper.Type,
        forKey key: Key
    ) throws -> Wrapper where Wrapper.Value: OptionalValue {
        try decodeIfPresent(type, forKey: key) ?? Wrapper(unconstrained: .initialValue)
    }
}

extension KeyedEncodingContainer {
    /// Encodes an optional value, and omits nil.
    public mutating func encode<Wrapper: ConstraintWrapper & Encodable>(
        _ wrapper: Wrapper,
        forKey key: Key
    ) throws where Wrapper.Value: OptionalValue & Encodable {
        try encodeIfPresent(wrapper.wrappedValue.isNil ? nil : wrapper.wrappedValue, forKey: key)
    }
}
