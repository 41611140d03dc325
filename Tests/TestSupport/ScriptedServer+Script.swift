import Locks
import LoopbackHTTP

/// The state that the threads of a ``ScriptedServer`` share.
///
/// It has no reference to the server, so that the server can be released.
final class Script: Sendable {
    private struct State {
        var replies: ArraySlice<ScriptedServer.Reply>
        var requests: [ScriptedServer.Request] = []
        var outcomes: [Int: ScriptedServer.Outcome] = [:]
        var connections = 0
        var isListening = true
        var observers: [AsyncStream<Void>.Continuation] = []
    }

    /// The signal that stops the server.
    let stopping = Latch()

    private let state: Lock<State>
    private let details: ScriptedServer.Reply?

    init(_ replies: [ScriptedServer.Reply], details: ScriptedServer.Reply?) {
        self.details = details
        state = Lock(State(replies: replies[...]))
    }

    var requests: [ScriptedServer.Request] { state.withLock(\.requests) }

    var connections: Int { state.withLock(\.connections) }

    /// Counts a connection and returns its number.
    func connect() -> Int {
        change { state in
            state.connections += 1
            return state.connections - 1
        }
    }

    /// Records a request and returns its number and the reply to it.
    ///
    /// A request for details that is not in the script has no number.
    func take(_ request: ScriptedServer.Request) -> (index: Int?, reply: ScriptedServer.Reply) {
        if request.path == "/api/show", let details { return (nil, details.make?(request) ?? details) }
        return change { state in
            state.requests.append(request)
            let reply = state.replies.popFirst() ?? .json(#"{"error":"the script has no more replies"}"#, status: 500)
            return (state.requests.count - 1, reply.make?(request) ?? reply)
        }
    }

    func finish(_ index: Int?, _ outcome: ScriptedServer.Outcome) {
        guard let index else { return }
        change { $0.outcomes[index] = outcome }
    }

    func request(_ index: Int) async -> ScriptedServer.Request? {
        await value { $0.requests.indices.contains(index) ? $0.requests[index] : nil }
    }

    func outcome(of index: Int) async -> ScriptedServer.Outcome? {
        await value { $0.outcomes[index] }
    }

    func listenerClosed() {
        change { $0.isListening = false }
    }

    func stopped() async {
        _ = await value { $0.isListening ? nil : true }
    }

    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, observers) = state.withLock { state in
            let value = body(&state)
            return (value, state.observers)
        }
        for observer in observers { observer.yield() }
        return value
    }

    /// Waits until there is a value or the task is cancelled.
    private func value<Value: Sendable>(_ find: (State) -> Value?) async -> Value? {
        let (changes, observer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.observers.append(observer) }
        // The value may already be available.
        observer.yield()
        for await _ in changes {
            if let value = state.withLock({ find($0) }) { return value }
        }
        return nil
    }
}
