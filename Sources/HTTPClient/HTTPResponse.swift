/// A response of an HTTP server.
public struct HTTPResponse: Sendable {
    /// The status code, 200 to 999.
    public let status: Int
    /// The headers in the order received.
    public let headers: [HTTPHeader]
    /// The body, which arrives as it is read.
    public let body: HTTPBody

    /// Creates a response.
    public init(status: Int, headers: [HTTPHeader] = [], body: HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Returns the value of the first header with a name, or nil if there is none.
    ///
    /// - Parameter name: The name, which is not case-sensitive.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
