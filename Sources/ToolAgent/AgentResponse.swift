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
/// The work starts with ``Agent/respond(to:)-(ChatMessage)``, not with the first iteration. The response can be used from
/// any task.
///
/// **Cancellation.** The request and the running calls are cancelled by ``cancel()``, by cancelling a task that iterates
/// the response or waits for its outcome, and by dropping the response and its iterators. The conversation keeps the text
/// and the results that have arrived. The sequence then ends after the events of the cancelled calls, and the outcome has
/// the reason ``AgentOutcome/StopReason/cancelled``; neither throws for it.
///
/// **Reading.** At most 64 events are buffered, and fewer if their text is long. While the buffer is full, the model's reply is read no further, and the
/// calls of a message start once the reader asks for the event after ``AgentEvent/toolCalls(_:)``. If no iterator exists
/// and a task waits for the outcome, events are dropped. If several tasks iterate, each event goes to one of them. Do not
/// wait for the outcome inside the loop over the events: the response would wait for the loop.
public struct AgentResponse: AsyncSequence, Sendable {
    public typealias Element = AgentEvent

    private let work: Work

    /// Starts the work.
    init(_ work: @escaping @Sendable (EventBuffer) async throws -> AgentOutcome) { self.work = Work(work) }

    var task: Task<AgentOutcome, any Error> { work.task }

    /// The outcome, once the response has ended.
    ///
    /// It can be read any number of times.
    ///
    /// - Throws: The error that ``makeAsyncIterator()`` describes. A cancelled response does not throw.
    public var outcome: AgentOutcome {
        get async throws {
            work.events.addOutcomeWaiter()
            defer { work.events.removeOutcomeWaiter() }
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
    /// It throws `OllamaError`, or the error of another ``ChatModel``, if the request fails: the conversation keeps the text
    /// that has arrived, and a prompt without any reply is removed from it, so that it can be sent again. It throws
    /// ``AgentError`` with the code ``AgentError/Code/alreadyResponding`` if another response was under way, and with other
    /// codes if a message or the conversation is too long. After the error, or after the last event, it returns nil.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: Reader(work)) }

    /// An iterator over the events of a response.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let reader: Reader

        /// Returns the next event, or nil after the last one.
        public mutating func next(isolation: isolated (any Actor)? = #isolation) async throws -> AgentEvent? {
            let work = reader.work
            // The events of the cancelled calls still arrive, so the wait itself goes on.
            return try await withTaskCancellationHandler {
                try await work.events.next()
            } onCancel: {
                work.task.cancel()
            }
        }
    }

    /// The registration of an iterator.
    fileprivate final class Reader: Sendable {
        let work: Work

        init(_ work: Work) {
            self.work = work
            work.events.addReader()
        }

        deinit { work.events.removeReader() }
    }

    /// The task of a response, which ends with the last reference to it.
    fileprivate final class Work: Sendable {
        let events: EventBuffer
        let task: Task<AgentOutcome, any Error>

        init(_ work: @escaping @Sendable (EventBuffer) async throws -> AgentOutcome) {
            let events = EventBuffer()
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
