import Foundation
import Synchronization
import ToolJSON

/// An HTTP server on loopback that answers from a script, one connection a request, and keeps what it is sent.
final class ScriptedServer: Sendable {
    /// What the server sends back to one request.
    enum Reply: Sendable {
        case stream([String])
        case hang([String])
        case whole(Int, String)

        static func lines(_ lines: String...) -> Reply { .stream(lines) }
        static func lines(_ lines: [String]) -> Reply { .stream(lines) }
        static func hanging(_ lines: String...) -> Reply { .hang(lines) }
        static func json(_ body: String, status: Int = 200) -> Reply { .whole(status, body) }
    }

    struct Request: Sendable {
        let path: String
        let body: [UInt8]
    }

    private struct State {
        var replies: ArraySlice<Reply>
        var requests: [Request] = []
    }

    let port: UInt16
    /// Yields whenever a client has gone away from a reply that hangs.
    let departures: AsyncStream<Void>
    private let departed: AsyncStream<Void>.Continuation
    private let listener: Int32
    private let state: Mutex<State>

    init(_ replies: [Reply]) throws {
        state = Mutex(State(replies: replies[...]))
        (departures, departed) = AsyncStream.makeStream()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) | listen(listener, 64) | getsockname(listener, address, &length)
            }
        }
        guard listener >= 0, result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = UInt16(bigEndian: address.sin_port)
        // The thread holds the socket alone, so that the server goes away with the test.
        Thread.detachNewThread { [listener, weak self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread.detachNewThread { [weak self] in
                    self?.serve(connection)
                    close(connection)
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    var requests: [Request] { state.withLock(\.requests) }

    private func serve(_ connection: Int32) {
        guard let request = read(connection) else { return }
        let reply = state.withLock { state in
            state.requests.append(request)
            return state.replies.popFirst() ?? .whole(400, #"{"error":"the script has no more replies"}"#)
        }
        let head = "Content-Type: application/x-ndjson\r\nConnection: close\r\n"
        switch reply {
        case .whole(let status, let body):
            send(connection, "HTTP/1.1 \(status) -\r\n\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        case .stream(let lines), .hang(let lines):
            send(connection, "HTTP/1.1 200 OK\r\n\(head)Transfer-Encoding: chunked\r\n\r\n")
            for line in lines { send(connection, "\(String(line.utf8.count + 1, radix: 16))\r\n\(line)\n\r\n") }
            if case .stream = reply {
                send(connection, "0\r\n\r\n")
            } else {
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                departed.yield()
            }
        }
    }

    private func send(_ connection: Int32, _ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                let length = head.first { $0.lowercased().hasPrefix("content-length:") }?.split(separator: " ").last
                let body = bytes[end.upperBound...]
                if body.count >= length.flatMap({ Int($0) }) ?? 0 {
                    return Request(path: String(head[0].split(separator: " ")[1]), body: Array(body))
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }
}
