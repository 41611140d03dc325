/// One header of a request or a response.
public struct HTTPHeader: Sendable, Hashable {
    /// The name, as it was written.
    ///
    /// Upper and lower case are the same.
    public let name: String
    /// The value, without spaces around it.
    public let value: String

    /// Creates a header.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
