/// A property wrapper that `@Tool` and `@ToolSchema` read, and that does nothing when the program runs.
///
/// It is the host that holds calls to a schema. To `Codable` a wrapper is not there.
public protocol ConstraintWrapper {
    /// What is wrapped.
    associatedtype Value: ConstrainedValue

    /// The value itself.
    var wrappedValue: Value { get set }

    /// Wraps a value where nobody says with which constraint.
    init(unconstrained value: Value)
}

// MARK: - Codable

extension ConstraintWrapper where Value: Decodable {
    /// Decodes the value alone.
    public init(from decoder: any Decoder) throws {
        self.init(unconstrained: try Value(from: decoder))
    }
}

extension ConstraintWrapper where Value: Encodable {
    /// Encodes the value alone.
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
    /// Encodes an optional value, and nothing where it is nil.
    public mutating func encode<Wrapper: ConstraintWrapper & Encodable>(
        _ wrapper: Wrapper,
        forKey key: Key
    ) throws where Wrapper.Value: OptionalValue & Encodable {
        try encodeIfPresent(wrapper.wrappedValue.isNil ? nil : wrapper.wrappedValue, forKey: key)
    }
}
