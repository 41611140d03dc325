/// An HTTP client over a plain loopback socket, for tests that check the bytes of a server.
public struct RawHTTP: Sendable {
    /// A response with a body without the framing of chunks.
    public struct Answer: Sendable {
        /// The status code.
        public var status: Int
        /// The headers, with names in lower case.
        public var headers: [String: String]
        /// The body.
        public var body: String
    }

    /// The reason why there is no response.
    public struct Failure: Error, CustomStringConvertible {
        /// A description of the cause.
        public var description: String
    }

    private let port: UInt16

    /// Creates a client of a port on 127.0.0.1.
    public init(port: UInt16) {
        self.port = port
    }

    /// Sends one request on a new connection and reads the whole response.
    public func send(_ method: String, _ path: String, body: String? = nil) throws -> Answer {
        var request = "\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1:\(port)\r\nconnection: close\r\n"
        if let body { request += "content-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n" }
        return try parse(exchange(Array((request + "\r\n" + (body ?? "")).utf8)))
    }

    /// Sends bytes as given on a new connection and reads until the server closes it.
    public func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
        let connection = try RawConnection(port: port)
        connection.send(bytes)
        return try connection.receiveAll()
    }

    private func parse(_ bytes: [UInt8]) throws -> Answer {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) }) else {
            throw Failure(description: "no head within \(bytes.count) bytes")
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, let status = Int(words[1]) else { throw Failure(description: "no status line") }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Failure(description: "not a header: \(line)") }
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        var body = bytes[(end + separator.count)...]
        if headers["transfer-encoding"] == "chunked" { body = try dechunked(body)[...] }
        return Answer(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    private func dechunked(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
        var body: [UInt8] = []
        var rest = bytes
        while let lineEnd = rest.firstIndex(of: 0x0D) {
            guard let length = Int(String(decoding: rest[..<lineEnd], as: UTF8.self), radix: 16) else {
                throw Failure(description: "no chunk length")
            }
            if length == 0 { return body }
            let start = lineEnd + 2
            guard start + length + 2 <= rest.endIndex else { break }
            body += rest[start..<start + length]
            rest = rest[(start + length + 2)...]
        }
        throw Failure(description: "the last chunk is missing")
    }
}
