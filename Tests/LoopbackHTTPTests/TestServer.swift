import LoopbackHTTP
import TestSupport

/// A server that sends back the request's method, target and body, and stops when it is released.
final class TestServer: Sendable {
    let listener: LoopbackListener
    private let latch = Latch()

    init(
        _ listener: LoopbackListener,
        maximumConnections: Int = 256,
        limits: LoopbackConnection.Limits = LoopbackConnection.Limits(),
        handler: @escaping @Sendable (LoopbackConnection) -> Void = TestServer.echo
    ) {
        self.listener = listener
        _ = startThread { [latch] in
            listener.serve(maximumConnections: maximumConnections, limits: limits, until: latch, handler)
        }
    }

    convenience init(
        maximumConnections: Int = 256,
        limits: LoopbackConnection.Limits = LoopbackConnection.Limits(),
        handler: @escaping @Sendable (LoopbackConnection) -> Void = TestServer.echo
    ) throws {
        try self.init(
            LoopbackListener(port: 0),
            maximumConnections: maximumConnections,
            limits: limits,
            handler: handler
        )
    }

    deinit { stop() }

    func stop() { latch.open() }

    func connect() throws -> RawConnection { try RawConnection(port: listener.port) }

    static let echo: @Sendable (LoopbackConnection) -> Void = { connection in
        defer { connection.finish() }
        do throws(RequestError) {
            while let request = try connection.nextRequest() {
                let text = "\(request.method) \(request.target) \(String(decoding: request.body, as: UTF8.self))."
                let response: Response =
                    request.target == "/chunks"
                    ? Response(body: .chunks([Array("one".utf8), [], Array("two".utf8)])) : .text(text)
                guard connection.send(response, to: request) else { return }
            }
        } catch {
            _ = connection.send(.text(error.message, status: error.status), to: nil)
        }
    }
}
