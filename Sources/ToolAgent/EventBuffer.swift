import Locks
import ToolHost

/// The events of a response on their way from the agent to the reader.
///
/// Only the task of the response sends events. It waits while the buffer is full, and before the calls of a message, so
/// that the reader sets the pace. Once the outcome is awaited it does not wait, because a reader that exists may have
/// stopped: pieces of text in a full buffer are then joined, and the oldest events are dropped at a much larger limit.
/// If several readers iterate, each event goes to one of them.
final class EventBuffer: Sendable {
    private struct State {
        var events: [AgentEvent] = []
        /// The size of the events in bytes.
        var size = 0
        var end: Result<AgentEvent?, any Error>?
        /// The readers that wait for the next event.
        var waitingReaders: [CheckedContinuation<AgentEvent?, any Error>] = []
        var isOutcomeAwaited = false
        var isCancelled = false
        var sender: (continuation: CheckedContinuation<Void, Never>, canResume: @Sendable (State) -> Bool)?

        /// True if the sender does not wait for a reader.
        var isUnpaced: Bool { isOutcomeAwaited || isCancelled }

        var isFull: Bool { events.count >= EventBuffer.capacity || size >= EventBuffer.byteCapacity }

        /// True if a reader has handled all events and asks for more, or the sender does not wait for one.
        var isDrained: Bool { isUnpaced || (events.isEmpty && !waitingReaders.isEmpty) }

        mutating func append(_ event: AgentEvent) {
            size += event.byteCount
            let isJoined = isUnpaced && isFull && !events.isEmpty && events[events.count - 1].join(event)
            if !isJoined { events.append(event) }
            while events.count > EventBuffer.maximumCount || size > EventBuffer.maximumBytes, events.count > 1 {
                _ = removeFirst()
            }
        }

        mutating func removeFirst() -> AgentEvent {
            let event = events.removeFirst()
            size -= event.byteCount
            return event
        }
    }

    /// The number of events at which the buffer is full.
    private static let capacity = 64
    /// The size of the events in bytes at which the buffer is full.
    private static let byteCapacity = 64 << 10
    /// The maximum number of events while the sender does not wait.
    private static let maximumCount = 1024
    /// The maximum size of the events in bytes while the sender does not wait.
    private static let maximumBytes = 64 << 20

    private let state = Lock(State())
    private let observers: [ConversationEvent.Observer]

    /// Creates an empty buffer.
    ///
    /// - Parameter observers: The functions that receive each event when it is sent.
    init(observers: [ConversationEvent.Observer] = []) { self.observers = observers }

    // MARK: - The agent's side

    /// Sends an event, and waits until the buffer has room for the next one.
    nonisolated(nonsending) func send(_ event: AgentEvent) async {
        for observe in observers { observe(.reported(event)) }
        let reader: CheckedContinuation<AgentEvent?, any Error>? = state.withLock { state in
            if !state.waitingReaders.isEmpty { return state.waitingReaders.removeFirst() }
            state.append(event)
            return nil
        }
        if let reader { reader.resume(returning: event) } else { await wait { $0.isUnpaced || !$0.isFull } }
    }

    /// Waits until a reader has handled all events and asks for more, or the outcome is awaited.
    nonisolated(nonsending) func drain() async { await wait { $0.isDrained } }

    private nonisolated(nonsending) func wait(until canResume: @escaping @Sendable (State) -> Bool) async {
        if state.withLock({ canResume($0) }) { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The condition may have been met meanwhile.
                update { $0.sender = (continuation, canResume) }
            }
        } onCancel: {
            // Few events follow, and the reader may never ask for them.
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
                if !state.events.isEmpty { return .success(state.removeFirst()) }
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

    /// Records that a task waits for the outcome, so that the sender waits for no reader any more.
    func awaitOutcome() { update { $0.isOutcomeAwaited = true } }

    /// Changes the state, and resumes the sender if it waited for that.
    @discardableResult
    private func update<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, sender) = state.withLock { state in
            let value = body(&state)
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
    /// The size of the text, or of the content of a result, in bytes.
    fileprivate var byteCount: Int {
        switch self {
        case .thinking(let text), .content(let text): return text.utf8.count
        case .call(let event):
            switch event.kind {
            case .output(let part): return part.bytes.count
            case .finished(let result): return result.parts.reduce(0) { $0 + $1.bytes.count }
            case .started, .progress: return 0
            }
        default: return 0
        }
    }

    /// Appends the text of another event of the same kind.
    ///
    /// - Returns: False if the events cannot be joined.
    fileprivate mutating func join(_ event: AgentEvent) -> Bool {
        // The text must have one owner, or each piece would copy all pieces before it.
        if case .content(var text) = self, case .content(let piece) = event {
            self = .content(text: "")
            text += piece
            self = .content(text: text)
        } else if case .thinking(var text) = self, case .thinking(let piece) = event {
            self = .thinking(text: "")
            text += piece
            self = .thinking(text: text)
        } else {
            return false
        }
        return true
    }
}
