import LoopbackHTTP

/// An HTTP server on loopback that sends the replies of a script and records the requests.
///
/// Replies are sent in the order in which requests arrive, over any number of connections. A request beyond the script
/// gets status 500, and a request that is not HTTP gets status 400 and is not recorded. Each connection has its own
/// thread, so that a held reply does not delay others. The server stops when it is released.
///
/// ```swift
/// let server = try ScriptedServer([.lines(#"{"message":{"content":"Hi"},"done":true}"#)])
/// // … run the client, or a program with OLLAMA_HOST=server.address …
/// #expect(server.requests[0].path == "/api/chat")
/// #expect(await server.outcome(of: 0) == .completed)
/// ```
public final class ScriptedServer: Sendable {
    /// The end of an exchange.
    public enum Outcome: Sendable, Hashable {
        /// The whole reply was sent.
        case completed
        /// The client closed the connection before the reply was complete.
        case clientClosed
        /// The script closed or reset the connection.
        case dropped
        /// The server was stopped before the reply was complete.
        case stopped
    }

    /// The reason why a server cannot start.
    public struct Failure: Error, CustomStringConvertible {
        /// A description of the cause.
        public let description: String
    }

    /// The port on 127.0.0.1, or 0 for a server on a Unix socket.
    public let port: UInt16

    /// The path of the Unix socket, or nil for a server on 127.0.0.1.
    public let unixSocket: String?

    private let script: Script

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - replies: The replies in the order of the requests.
    ///   - details: The reply to each request for the details of a model, which takes no reply of the script and is not
    ///     recorded; nil if the script has these replies. By default the server does not know the route, as old ones.
    ///   - unixSocket: The path of a socket to create, or nil to listen on a free port of 127.0.0.1.
    public init(_ replies: [Reply], details: Reply? = .unknownRoute, unixSocket: String? = nil) throws {
        let listener: LoopbackListener
        do {
            listener = try unixSocket.map { try LoopbackListener(path: $0) } ?? LoopbackListener(port: 0)
        } catch {
            throw Failure(description: "listening on \(unixSocket ?? "127.0.0.1"): \(error)")
        }
        let script = Script(replies, details: details)
        (self.script, port, self.unixSocket) = (script, listener.port, unixSocket)
        // The tests have their own time limits. With a sanitizer on a busy machine the server must not time out first.
        var limits = LoopbackConnection.Limits()
        (limits.idle, limits.request, limits.write) = (.seconds(3600), .seconds(3600), .seconds(3600))
        let isStarted = startThread { [limits] in
            listener.serve(limits: limits, until: script.stopping) { connection in
                Connection(connection: connection, script: script).serve()
            }
            script.listenerClosed()
        }
        guard isStarted else { throw Failure(description: "no thread for the server") }
    }

    deinit { script.stopping.open() }

    /// The value of `OLLAMA_HOST` for a server on 127.0.0.1.
    public var address: String { "127.0.0.1:\(port)" }

    /// The number of connections that the server has accepted so far.
    public var connections: Int { script.connections }

    /// The requests so far, in the order in which they arrived.
    public var requests: [Request] { script.requests }

    /// Waits for a request.
    ///
    /// Returns nil only if the task is cancelled.
    public func request(_ index: Int) async -> Request? { await script.request(index) }

    /// Waits for the end of an exchange.
    ///
    /// Returns nil only if the task is cancelled.
    public func outcome(of index: Int) async -> Outcome? { await script.outcome(of: index) }

    /// Stops the server: connections are closed, and held replies are never sent.
    public func stop() { script.stopping.open() }

    /// Waits until the port is closed after ``stop()``, so that connections to it are refused.
    public func stopped() async { await script.stopped() }
}
