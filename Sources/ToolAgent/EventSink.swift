import Synchronization

/// Hands events to the observer one at a time, though the calls of a batch report from threads of their own.
final class EventSink: Sendable {
    private let observe: Mutex<@Sendable (AgentEvent) -> Void>

    init(_ observe: @escaping @Sendable (AgentEvent) -> Void) {
        self.observe = Mutex(observe)
    }

    func send(_ event: AgentEvent) {
        observe.withLock { $0(event) }
    }
}
