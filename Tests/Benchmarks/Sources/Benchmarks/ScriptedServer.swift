import Foundation

/// A model server that responds at once: first with a call of a tool, then with an answer.
final class ScriptedServer: Sendable {
    let port: UInt16

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) | listen(listener, 16) | getsockname(listener, address, &length)
            }
        }
        guard listener >= 0, result == 0 else { throw BenchmarkError("No server could be started on loopback.") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                var on: Int32 = 1
                setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
                Thread.detachNewThread {
                    Self.serve(connection)
                    close(connection)
                }
            }
        }
    }

    /// Responds to the requests of a connection until it is closed.
    private static func serve(_ connection: Int32) {
        let call = reply([
            #"{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"get_temperature","#
                + #""arguments":{"city":"London"}}}]},"done":false}"#,
            #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"#,
        ])
        let answer = reply([
            #"{"message":{"role":"assistant","content":"It is 15C."},"done":false}"#,
            #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"#,
        ])
        var bytes = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            bytes.append(contentsOf: buffer[..<count])
            guard let head = bytes.range(of: Data("\r\n\r\n".utf8)) else { continue }
            let fields = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).lowercased()
            let length = fields.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) }
            guard bytes.count - head.upperBound >= length ?? 0 else { continue }
            let reply = bytes.range(of: Data(#""role":"tool""#.utf8)) == nil ? call : answer
            guard send(connection, reply, reply.count, Int32(MSG_NOSIGNAL)) == reply.count else { return }
            bytes.removeAll()
        }
    }

    private static func reply(_ lines: [String]) -> [UInt8] {
        let body = lines.map { $0 + "\n" }.joined()
        return Array(
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                .utf8
        )
    }
}
