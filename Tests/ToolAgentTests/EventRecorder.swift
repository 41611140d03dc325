import Synchronization
import ToolAgent
import ToolHost

/// The events of a conversation, sorted by kind.
struct Events: Sendable {
    var all: [AgentEvent] = []

    var thinking: [String] { all.compactMap { if case .thinking(let text) = $0 { text } else { nil } } }
    var content: [String] { all.compactMap { if case .content(let text) = $0 { text } else { nil } } }
    var warnings: [String] { all.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
    var retries: [String] { all.compactMap { if case .retrying(let text) = $0 { text } else { nil } } }
    var answers: [ToolResult] { finished.map(\.answer) }
    var finished: [(place: Int, answer: ToolResult)] {
        all.compactMap { if case .dispatch(.finished(let place, let answer)) = $0 { (place, answer) } else { nil } }
    }
}

/// Keeps events, and lets a test wait for them.
final class EventRecorder: Sendable {
    private struct State {
        var events = Events()
        var waiters: [(condition: @Sendable (Events) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

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

    /// Waits until the events so far are as wanted.
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
