import Synchronization

/// The events of a response on their way from the agent to the reader.
///
/// The buffer is bounded: the agent waits while it is full. The only task that sends is that of the response. If several
/// readers iterate, each event goes to one of them.
final class EventBuffer: Sendable {
    private struct State {
        var events: [AgentEvent] = []
        var end: Result<AgentEvent?, any Error>?
        /// The readers that exist, and those that wait for the next event.
        var readerCount = 0
        var waitingReaders: [CheckedContinuation<AgentEvent?, any Error>] = []
        var hasBeenRead = false
        /// The number of tasks that wait for the outcome.
        var outcomeWaiterCount = 0
        var isCancelled = false
        var sender: (continuation: CheckedContinuation<Void, Never>, canResume: @Sendable (State) -> Bool)?

        /// True if only the outcome is wanted, so that events are dropped.
        var isUnread: Bool { readerCount == 0 && outcomeWaiterCount > 0 }

        var hasRoom: Bool {
            isUnread || isCancelled
                || (events.count < EventBuffer.capacity
                    && events.reduce(0) { $0 + $1.textSize } < EventBuffer.textCapacity)
        }

        /// True if the reader has handled all events, or there was none.
        ///
        /// A reader that stopped is one that may cancel the response next.
        var isDrained: Bool {
            isUnread || isCancelled || (!hasBeenRead && readerCount == 0)
                || (events.isEmpty && !waitingReaders.isEmpty)
        }
    }

    private static let capacity = 64

    /// The size of the model's text in bytes from which the buffer is full.
    private static let textCapacity = 64 << 10

    private let state = Mutex(State())

    // MARK: - The agent's side

    /// Sends an event, and waits until the buffer has room for the next one.
    nonisolated(nonsending) func send(_ event: AgentEvent) async {
        let reader: CheckedContinuation<AgentEvent?, any Error>? = state.withLock { state in
            if !state.waitingReaders.isEmpty { return state.waitingReaders.removeFirst() }
            if !state.isUnread { state.events.append(event) }
            return nil
        }
        if let reader { reader.resume(returning: event) } else { await wait { $0.hasRoom } }
    }

    /// Waits until the reader has handled all events and asks for more.
    nonisolated(nonsending) func drain() async { await wait { $0.isDrained } }

    private nonisolated(nonsending) func wait(until canResume: @escaping @Sendable (State) -> Bool) async {
        if state.withLock({ canResume($0) }) { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The condition may have been met meanwhile.
                update { $0.sender = (continuation, canResume) }
            }
        } onCancel: {
            // Soon there are no more events, and the reader may be stuck.
            update { $0.isCancelled = true }
        }
    }

    /// Ends the sequence.
    ///
    /// - Parameter error: The error that the reader gets after the last event.
    func finish(throwing error: (any Error)? = nil) {
        let end: Result<AgentEvent?, any Error> = error.map { .failure($0) } ?? .success(nil)
        let readers = update { state in
            state.end = state.waitingReaders.isEmpty ? end : .success(nil)
            defer { state.waitingReaders = [] }
            return state.waitingReaders
        }
        readers.first?.resume(with: end)
        for reader in readers.dropFirst() { reader.resume(returning: nil) }
    }

    // MARK: - The reader's side

    /// Returns the next event, or nil after the last one.
    ///
    /// - Throws: The error of the response, once.
    nonisolated(nonsending) func next() async throws -> AgentEvent? {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<AgentEvent?, any Error>? = update { state in
                if !state.events.isEmpty { return .success(state.events.removeFirst()) }
                guard let end = state.end else {
                    state.waitingReaders.append(continuation)
                    return nil
                }
                state.end = .success(nil)
                return end
            }
            if let result { continuation.resume(with: result) }
        }
    }

    func addReader() {
        update { state in
            state.readerCount += 1
            state.hasBeenRead = true
        }
    }

    func removeReader() { update { $0.readerCount -= 1 } }

    func addOutcomeWaiter() { update { $0.outcomeWaiterCount += 1 } }

    func removeOutcomeWaiter() { update { $0.outcomeWaiterCount -= 1 } }

    /// Changes the state, and resumes the sender if it waited for that.
    @discardableResult
    private func update<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, sender) = state.withLock { state in
            let value = body(&state)
            if state.isUnread { state.events = [] }
            guard let sender = state.sender, sender.canResume(state) else {
                return (value, CheckedContinuation<Void, Never>?.none)
            }
            state.sender = nil
            return (value, sender.continuation)
        }
        sender?.resume()
        return value
    }
}

extension AgentEvent {
    /// The size of the model's text in bytes.
    fileprivate var textSize: Int {
        switch self {
        case .thinking(let text), .content(let text): text.utf8.count
        default: 0
        }
    }
}
