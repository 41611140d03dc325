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
    /// The body without the framing of chunks.
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
