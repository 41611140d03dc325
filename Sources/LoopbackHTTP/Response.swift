/// An HTTP response.
package struct Response: Sendable {
    /// The body of a response.
    package enum Body: Sendable {
        /// Bytes with a `Content-Length` header.
        case whole([UInt8])
        /// Pieces, each sent separately as a chunk.
        case chunks([[UInt8]])
    }

    /// The status code.
    package var status: Int
    /// The headers, without those for the framing of the body.
    package var headers: [(name: String, value: String)]
    /// The body.
    package var body: Body

    /// Creates a response.
    package init(status: Int = 200, headers: [(name: String, value: String)] = [], body: Body) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// Creates a response of plain text.
    package static func text(_ text: String, status: Int = 200) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "text/plain; charset=utf-8")],
            body: .whole(Array(text.utf8))
        )
    }

    /// Returns a status line with headers and the empty line after them.
    package static func head(status: Int, reason: String? = nil, headers: [(name: String, value: String)]) -> [UInt8] {
        var text = "HTTP/1.1 \(status) \(reason ?? reasons[status] ?? "Unknown")\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// Returns a piece of a body as a chunk.
    ///
    /// The result for an empty piece is empty, because an empty chunk would end the body.
    package static func chunk(_ piece: [UInt8]) -> [UInt8] {
        piece.isEmpty ? [] : Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8)
    }

    /// The chunk that ends a body.
    package static let lastChunk = Array("0\r\n\r\n".utf8)

    private static let reasons = [
        200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
        413: "Content Too Large", 417: "Expectation Failed", 431: "Request Header Fields Too Large",
        500: "Internal Server Error", 501: "Not Implemented", 503: "Service Unavailable",
        505: "HTTP Version Not Supported",
    ]
}
