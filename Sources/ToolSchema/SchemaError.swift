/// Why a schema cannot be used.
public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the schema: a JSON pointer, after the URI of its document where that is another one.
    public let location: String

    /// What is wrong and what to do about it, in sentences.
    public let message: String

    public var description: String {
        location.isEmpty ? message : "At \(location): \(message)"
    }
}
