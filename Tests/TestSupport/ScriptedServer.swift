import Glibc
import Synchronization

/// An HTTP server on a loopback socket that answers as a test's script says, and keeps what it was asked.
///
/// Replies are given in the order in which requests arrive, over any number of connections; a request beyond the
/// script is answered with status 500. Each connection has a thread of its own, so that a held reply holds up nobody
/// else. The server stops when the last reference to it is gone.
///
/// ```swift
/// let server = try ScriptedServer([.lines(#"{"message":{"content":"Hi"},"done":true}"#)])
/// // … run the client, or a program with OLLAMA_HOST=server.address …
/// #expect(server.requests[0].path == "/api/chat")
/// #expect(await server.outcome(of: 0) == .completed)
/// ```
public final class ScriptedServer: Sendable {
    /// How an exchange ended.
    public enum Outcome: Sendable, Hashable {
        /// The reply was sent to its end.
        case completed
        /// The client closed the connection before the reply was complete.
        case clientClosed
        /// The script said to drop the connection.
        case dropped
        /// The server was stopped first.
        case stopped
    }

    /// Why there is no server.
    public struct Failure: Error, CustomStringConvertible {
        /// What went wrong.
        public let description: String
    }

    /// The port that the server listens on.
    public let port: UInt16

    private let script: Script

    /// Starts a server on a free port of 127.0.0.1.
    public init(_ replies: [Reply]) throws {
        let script = Script(replies)
        self.script = script
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Failure(description: "socket: error \(errno)") }
        var address = loopbackAddress(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 128) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else {
            let code = errno
            close(listener)
            throw Failure(description: "listening on 127.0.0.1: error \(code)")
        }
        port = UInt16(bigEndian: address.sin_port)
        startThread {
            defer {
                // Whoever has connected and was not served is reset.
                close(listener)
                script.listenerClosed()
            }
            while waitUntilReadable(listener, or: [script.stopping]) == .descriptor {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { continue }
                startThread {
                    var connection = Connection(connection, script)
                    connection.serve()
                }
            }
        }
    }

    deinit { script.stopping.open() }

    /// What `OLLAMA_HOST` must be for this server.
    public var address: String { "127.0.0.1:\(port)" }

    /// The requests until now, in the order in which they arrived.
    public var requests: [Request] { script.requests }

    /// Waits for a request to arrive; `nil` only where the task is cancelled.
    public func request(_ index: Int) async -> Request? { await script.request(index) }

    /// Waits for an exchange to end; `nil` only where the task is cancelled.
    public func outcome(of index: Int) async -> Outcome? { await script.outcome(of: index) }

    /// Stops the server: connections are closed, held replies are given up.
    public func stop() { script.stopping.open() }

    /// Waits until the port is closed after ``stop()``, so that connections to it are refused.
    public func stopped() async { await script.stopped() }
}
