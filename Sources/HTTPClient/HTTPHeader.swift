/// A header of a request or a response.
public struct HTTPHeader: Sendable, Hashable {
    /// The name as written.
    ///
    /// Names of headers are not case-sensitive.
    public let name: String
    /// The value, without surrounding white space.
    public let value: String

    /// Creates a header.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
