import Glibc

/// An HTTP client over a bare loopback socket: what a server sends is seen as it was sent.
public struct RawHTTP: Sendable {
    /// An answer, its body without the chunks' framing.
    public struct Answer: Sendable {
        /// The status code.
        public var status: Int
        /// The headers, their names in lower case.
        public var headers: [String: String]
        /// The body.
        public var body: String
    }

    /// Why there is no answer.
    public struct Failure: Error, CustomStringConvertible {
        /// What went wrong.
        public var description: String
    }

    private static let secondsPerRead = 20

    private let port: UInt16

    /// A client of 127.0.0.1 at that port.
    public init(port: UInt16) {
        self.port = port
    }

    /// Sends one request on a connection of its own and reads the whole answer.
    public func send(_ method: String, _ path: String, body: String? = nil) throws -> Answer {
        var request = "\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1:\(port)\r\nconnection: close\r\n"
        if let body { request += "content-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n" }
        return try parse(exchange(Array((request + "\r\n" + (body ?? "")).utf8)))
    }

    /// Sends bytes as they are and reads until the server closes the connection.
    public func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("socket") }
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: Self.secondsPerRead, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw failure("connect") }

        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // A server that has said enough may close before it has read everything; its answer is there to read.
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, received.isEmpty { throw failure("read") }
            if count <= 0 { return received }
            received += buffer.prefix(count)
        }
    }

    private func failure(_ call: String) -> Failure {
        Failure(description: "\(call): \(String(cString: strerror(errno))) (127.0.0.1:\(port))")
    }

    private func parse(_ bytes: [UInt8]) throws -> Answer {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) }) else {
            throw Failure(description: "no head in \(bytes.count) bytes")
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, let status = Int(words[1]) else { throw Failure(description: "no status line") }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Failure(description: "no header: \(line)") }
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
