import LoopbackHTTP

/// The HTTP server of the rehearsal, on loopback.
struct RehearsalServer {
    private let listener: LoopbackListener

    /// Listens on a port of 127.0.0.1, where 0 means any free port.
    init(port: UInt16) throws(LoopbackListener.Failure) {
        listener = try LoopbackListener(port: port)
    }

    /// The port that the server listens on.
    var port: UInt16 { listener.port }

    /// Serves requests until the process exits.
    ///
    /// The function blocks the calling thread and starts one thread for each connection.
    func run() {
        listener.serve(Self.serve)
    }

    private static func serve(_ connection: LoopbackConnection) {
        defer { connection.finish() }
        do {
            while let request = try connection.nextRequest() {
                let response = Router().response(request.method, request.target, request.body)
                guard connection.send(response, to: request) else { return }
            }
        } catch {
            _ = connection.send(Response(WireError(status: error.status, message: error.message)), to: nil)
        }
    }
}
