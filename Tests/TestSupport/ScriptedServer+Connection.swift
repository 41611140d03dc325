import LoopbackHTTP

/// One connection of a ``ScriptedServer``, which answers requests one after another.
struct Connection {
    let connection: LoopbackConnection
    let script: Script

    func serve() {
        let number = script.connect()
        while true {
            do {
                guard let request = try connection.nextRequest() else { return }
                let (index, reply) = script.take(ScriptedServer.Request(request, connection: number))
                let outcome = send(reply)
                let isLast = outcome != .completed || reply.closesConnection || reply.framing == .close
                // Close first, because a test that waits for the outcome may rely on the end of the connection.
                if isLast { connection.close() }
                script.finish(index, outcome)
                if isLast { return }
            } catch {
                _ = connection.send(.text(error.message + "\n", status: error.status), to: nil)
                return connection.finish()
            }
        }
    }

    private func send(_ reply: ScriptedServer.Reply) -> ScriptedServer.Outcome {
        var unsentHead = reply.head
        let isChunked = reply.framing == .chunked
        for step in reply.steps {
            switch step {
            case .head:
                guard connection.write(unsentHead) else { return failure }
                unsentHead = []
            case .bytes(let bytes):
                guard !bytes.isEmpty else { continue }
                guard connection.write(unsentHead + (isChunked ? Response.chunk(bytes) : bytes)) else { return failure }
                unsentHead = []
            case .wait(let gate):
                let latches = [gate.latch, script.stopping]
                switch Readiness.wait(for: .closedByPeer, on: connection.descriptor, or: latches) {
                case .latch(0): break
                case .latch: return .stopped
                case .ready, .timeout: return .clientClosed
                }
            case .drop:
                return .dropped
            case .reset:
                connection.reset()
                return .dropped
            }
        }
        return connection.write(unsentHead + (isChunked ? Response.lastChunk : [])) ? .completed : failure
    }

    /// The outcome of an exchange in which a write failed.
    private var failure: ScriptedServer.Outcome { script.stopping.isOpen ? .stopped : .clientClosed }
}

extension ScriptedServer.Request {
    init(_ request: LoopbackHTTP.Request, connection: Int) {
        method = request.method
        path = request.target
        headers = request.headers
        body = request.body
        self.connection = connection
    }
}
