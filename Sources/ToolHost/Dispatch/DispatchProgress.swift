import Locks
import ToolRuntime

/// The calls of a batch with their results and unread events, and the threads and tasks that wait for them.
///
/// Every waiting thread or task is resumed by the thread that reports a result or an event, so none depends on another
/// task.
final class DispatchProgress: Sendable {
    typealias Reader = CheckedContinuation<DispatchEvent?, Never>
    typealias Waiter = CheckedContinuation<[ToolResult], Never>

    /// The state of one call.
    private enum Call {
        case starting
        case waiting(Task<Void, Never>)
        case running(any ToolSourceCall)
        /// The event has the result: the two share its memory.
        case finished(DispatchEvent)

        var result: ToolResult? {
            if case .finished(let event) = self, case .finished(let result) = event.kind { result } else { nil }
        }
    }

    /// The tasks to resume after the last result.
    private struct End {
        let results: [ToolResult]
        let waiters: [Waiter]
        let readers: [Reader]
    }

    private struct State {
        var calls: [Call]
        /// The number of calls without a result.
        var missing: Int
        var isCancelled: Bool
        var events = DispatchEventQueue()
        /// The iterators that wait for an event, in the order in which they began to wait.
        var readers: [Reader] = []
        var waiters: [Waiter] = []
        /// The thread that waits for a short time before its task waits.
        var parked: ParkedThread?
        /// The source of the first call that ran, while calls are missing.
        ///
        /// Most batches have only one.
        var source: (any ToolSource)?
        var otherSources: [any ToolSource] = []

        var results: [ToolResult] { calls.compactMap(\.result) }

        /// True if a thread has what it waits for.
        func has(_ awaited: ParkedThread.Awaited) -> Bool {
            missing == 0 || awaited == .event && events.count > 0
        }

        /// Stores an event, or returns the reader to resume with it.
        mutating func record(_ event: DispatchEvent) -> Reader? {
            if !readers.isEmpty { return readers.removeFirst() }
            events.append(event)
            return nil
        }

        /// Removes and returns the parked thread if it has what it waits for.
        mutating func takeParkedThread() -> ParkedThread? {
            guard let parked, has(parked.awaited) else { return nil }
            return self.parked.take()
        }

        mutating func end() -> End {
            defer { (waiters, readers, source, otherSources) = ([], [], nil, []) }
            // The results are collected for the tasks that wait; most often there are none.
            return End(results: waiters.isEmpty ? [] : results, waiters: waiters, readers: readers)
        }
    }

    private let state: Lock<State>

    /// Creates the progress of a batch.
    ///
    /// - Parameter isCancelled: True if the caller was cancelled before the batch started.
    init(calls: Int, isCancelled: Bool = false) {
        state = Lock(
            State(calls: Array(repeating: .starting, count: calls), missing: calls, isCancelled: isCancelled)
        )
    }

    // MARK: - The calls

    /// True if the calls without a result are cancelled.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Records that a call waits in a task, which is cancelled together with the batch.
    func isWaiting(_ index: Int, _ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            guard case .starting = state.calls[index] else { return false }
            state.calls[index] = .waiting(task)
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Records that a call runs, unless it has its result; it is cancelled together with the batch.
    func isRunning(_ index: Int, _ call: any ToolSourceCall, in source: any ToolSource) {
        let isCancelled = state.withLock { state in
            if case .finished = state.calls[index] { return false }
            state.calls[index] = .running(call)
            if state.source == nil {
                state.source = source
            } else if state.source !== source, !state.otherSources.contains(where: { $0 === source }) {
                state.otherSources.append(source)
            }
            return state.isCancelled
        }
        if isCancelled { call.cancel() }
    }

    /// Sends the requests that the sources of the running calls have collected.
    func flush() {
        let (source, others) = state.withLock { ($0.source, $0.otherSources) }
        source?.flush()
        for source in others { source.flush() }
    }

    /// Cancels the calls that have no result.
    func cancel() {
        let calls: [Call] = state.withLock { state in
            state.isCancelled = true
            return state.missing > 0 ? state.calls : []
        }
        for call in calls {
            switch call {
            case .waiting(let task): task.cancel()
            case .running(let call): call.cancel()
            case .starting, .finished: break
            }
        }
    }

    /// Reports an event that is not the result of a call; ignored once the call has its result.
    func report(_ index: Int, _ kind: DispatchEvent.Kind) {
        let event = DispatchEvent(callIndex: index, kind: kind)
        let (reader, parked): (Reader?, ParkedThread?) = state.withLock { state in
            if case .finished = state.calls[index] { return (nil, nil) }
            return (state.record(event), state.takeParkedThread())
        }
        reader?.resume(returning: event)
        parked?.resume()
    }

    /// Reports the result of a call, of which each call has exactly one.
    func finish(_ index: Int, _ result: consuming ToolResult) {
        let event = DispatchEvent(callIndex: index, kind: .finished(result))
        let (reader, parked, end): (Reader?, ParkedThread?, End?) = state.withLock { state in
            state.calls[index] = .finished(event)
            state.missing -= 1
            let reader = state.record(event)
            return (reader, state.takeParkedThread(), state.missing == 0 ? state.end() : nil)
        }
        reader?.resume(returning: event)
        parked?.resume()
        guard let end else { return }
        for waiter in end.waiters { waiter.resume(returning: end.results) }
        for reader in end.readers { reader.resume(returning: nil) }
    }

    // MARK: - The readers

    /// Removes and returns the next event; `.some(nil)` after the last one.
    ///
    /// - Parameter reader: The reader to resume later, if there is no event yet.
    func nextEvent(for reader: Reader? = nil) -> DispatchEvent?? {
        state.withLock { state in
            if let event = state.events.removeFirst() { return .some(event) }
            if state.missing == 0 { return .some(nil) }
            if let reader { state.readers.append(reader) }
            return nil
        }
    }

    /// Returns the results if every call has one.
    ///
    /// - Parameter waiter: The task to resume later, if one is missing.
    func results(for waiter: Waiter? = nil) -> [ToolResult]? {
        state.withLock { state in
            if state.missing == 0 { return state.results }
            if let waiter { state.waiters.append(waiter) }
            return nil
        }
    }

    // MARK: - Threads

    /// True if a thread has what it waits for.
    func has(_ awaited: ParkedThread.Awaited) -> Bool { state.withLock { $0.has(awaited) } }

    /// The sources of the running calls.
    var sources: (first: (any ToolSource)?, others: [any ToolSource]) {
        state.withLock { ($0.source, $0.otherSources) }
    }

    /// Records the thread that waits.
    ///
    /// - Returns: False if it has what it waits for, or another thread waits.
    func park(_ thread: ParkedThread) -> Bool {
        state.withLock { state in
            guard state.parked == nil, !state.has(thread.awaited) else { return false }
            state.parked = thread
            return true
        }
    }

    /// Removes a thread that waits.
    ///
    /// - Returns: False if it is about to be resumed.
    func unpark(_ thread: ParkedThread) -> Bool {
        state.withLock { state in
            guard state.parked == thread else { return false }
            state.parked = nil
            return true
        }
    }
}
