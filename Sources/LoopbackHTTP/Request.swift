/// An HTTP request.
package struct Request: Sendable {
    /// The method, such as `POST`.
    package var method = ""
    /// The request target as received: a path with its query, an absolute URI, an authority, or `*`.
    package var target = ""
    /// The minor version: 0 for HTTP/1.0, 1 for HTTP/1.1.
    package var minorVersion = 1
    /// The headers in the order received, with names in lower case.
    package var headers: [(name: String, value: String)] = []
    /// The body, without the framing of its chunks.
    package var body: [UInt8] = []

    /// Creates an empty request.
    package init() {}

    /// Returns the values of all headers with a lower-case name.
    package func values(of name: String) -> [String] {
        headers.filter { $0.name == name }.map(\.value)
    }

    /// True if the client allows another request on the same connection.
    package var keepsAlive: Bool {
        let options = values(of: "connection").flatMap { value in
            value.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }
        }
        return !options.contains("close") && (minorVersion > 0 || options.contains("keep-alive"))
    }
}

/// The reason for refusing a request.
///
/// The connection cannot be used for another one.
package struct RequestError: Error, Equatable {
    /// The status code of the response.
    package let status: Int
    /// A sentence for the client, without a full stop.
    package let message: String

    static func malformed(_ message: String) -> RequestError { RequestError(status: 400, message: message) }

    static func bodyTooLarge(maximum: Int) -> RequestError {
        RequestError(status: 413, message: "the request body is larger than \(maximum) bytes")
    }
}
