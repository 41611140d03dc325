import ToolHost

/// A response of an agent while it is under way: the sequence of its events, and its outcome.
///
/// ```swift
/// let response = agent.respond(to: "What is the temperature in New York?")
/// for try await event in response {
///     if case .content(let text) = event { print(text, terminator: "") }
/// }
/// let outcome = try await response.outcome
/// ```
///
/// The work starts with ``Agent/respond(to:)-(ChatMessage)``, not with the first iteration. The response can be used
/// from any task.
///
/// **Cancellation.** The request and the running calls are cancelled by ``cancel()``, by cancelling a task that
/// iterates the response or waits for its outcome, and by dropping the response and its iterators. The conversation
/// keeps the text and the results that have arrived. The sequence then ends after the events of the cancelled calls,
/// and the outcome has the reason ``AgentOutcome/StopReason/cancelled``; neither throws for it.
///
/// **Reading.** The reader sets the pace: at most 64 events are stored, and fewer if they are large. While they are
/// unread, the model's reply is read no further. The calls of a message start once a reader asks for the event after
/// ``AgentEvent/toolCalls(_:)``, so a loop over the events can cancel the response first.
///
/// Once a task waits for the outcome, the response waits for no reader, and calls start at once. The stored events can
/// still be read. Beyond 64 events, pieces of text are joined. Beyond 1,024 events or 64 MiB, the oldest events are
/// dropped. To decide about calls in every case, use `HostConfiguration.authorization`.
///
/// If several tasks iterate, each event goes to one of them.
public struct AgentResponse: AsyncSequence, Sendable {
    public typealias Element = AgentEvent

    private let work: Work

    /// Starts the work.
    ///
    /// - Parameter observers: The functions that receive the events as well.
    init(
        observers: [ConversationEvent.Observer] = [],
        _ work: @escaping @Sendable (EventBuffer) async throws -> AgentOutcome
    ) {
        self.work = Work(observers, work)
    }

    var task: Task<AgentOutcome, any Error> { work.task }

    /// The outcome, once the response has ended.
    ///
    /// It can be read any number of times.
    ///
    /// - Throws: The error that ``makeAsyncIterator()`` describes. A cancelled response does not throw.
    public var outcome: AgentOutcome {
        get async throws {
            work.events.awaitOutcome()
            return try await withTaskCancellationHandler {
                try await work.task.value
            } onCancel: {
                work.task.cancel()
            }
        }
    }

    /// The text of the ``outcome``.
    public var text: String {
        get async throws { try await outcome.text }
    }

    /// Cancels the request and the running calls.
    ///
    /// A response that has ended is not affected.
    public func cancel() { work.task.cancel() }

    /// Returns an iterator over the events that no other iterator has taken.
    ///
    /// The iterator throws `OllamaError`, or the error of another ``ChatModel``, if the request fails. The conversation
    /// keeps the text that has arrived. A prompt without any reply is removed from it, so that it can be sent again.
    /// The iterator throws ``AgentError`` with the code ``AgentError/Code/alreadyResponding`` if another response was
    /// under way, and with other codes if a message or the conversation is too long. After the error, or after the last
    /// event, it returns nil.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(work: work) }

    /// An iterator over the events of a response.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let work: Work

        /// Returns the next event, or nil after the last one.
        public mutating func next(isolation: isolated (any Actor)? = #isolation) async throws -> AgentEvent? {
            // The events of the cancelled calls still arrive, so the wait continues.
            try await withTaskCancellationHandler {
                try await work.events.next()
            } onCancel: { [work] in
                work.task.cancel()
            }
        }
    }

    /// The owner of a response's task, which cancels the task when it is released.
    fileprivate final class Work: Sendable {
        let events: EventBuffer
        let task: Task<AgentOutcome, any Error>

        init(
            _ observers: [ConversationEvent.Observer],
            _ work: @escaping @Sendable (EventBuffer) async throws -> AgentOutcome
        ) {
            let events = EventBuffer(observers: observers)
            self.events = events
            // On the host's threads: a program that blocks Swift's shared pool must not delay results and deadlines.
            task = Task(executorPreference: ToolHost.executor) {
                do {
                    let outcome = try await work(events)
                    events.finish()
                    return outcome
                } catch {
                    events.finish(throwing: error)
                    throw error
                }
            }
        }

        deinit { task.cancel() }
    }
}
