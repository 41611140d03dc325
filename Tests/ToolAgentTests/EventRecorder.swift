import Locks
import ToolAgent
import ToolHost

/// The events of a conversation, by kind.
struct Events: Sendable {
    var all: [AgentEvent] = []

    var thinking: [String] { all.compactMap { if case .thinking(let text) = $0 { text } else { nil } } }
    var content: [String] { all.compactMap { if case .content(let text) = $0 { text } else { nil } } }
    var warnings: [String] { all.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
    var retries: [String] { all.compactMap { if case .retrying(let text) = $0 { text } else { nil } } }
    var results: [ToolResult] { finished.map(\.result) }
    var finished: [(index: Int, result: ToolResult)] {
        all.compactMap { event in
            guard case .call(let event) = event, case .finished(let result) = event.kind else { return nil }
            return (event.callIndex, result)
        }
    }
}

/// A record of events that a test can wait for.
final class EventRecorder: Sendable {
    private struct State {
        var events = Events()
        var waiters: [(condition: @Sendable (Events) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Lock(State())

    var events: Events { state.withLock(\.events) }

    func record(_ event: AgentEvent) {
        let met = state.withLock { state in
            state.events.all.append(event)
            let events = state.events
            let met = state.waiters.filter { $0.condition(events) }.map(\.continuation)
            state.waiters.removeAll { $0.condition(events) }
            return met
        }
        for continuation in met { continuation.resume() }
    }

    /// Waits until the events so far meet a condition.
    func wait(until condition: @escaping @Sendable (Events) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if condition(state.events) { return true }
                state.waiters.append((condition, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }
}
