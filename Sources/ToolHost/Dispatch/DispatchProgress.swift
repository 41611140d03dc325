import Locks

/// The results and the unread events of a batch, and the tasks that wait for them.
///
/// Every waiting task is resumed by the thread that reports a result or an event, so none depends on another task.
final class DispatchProgress: Sendable {
    private typealias Reader = CheckedContinuation<DispatchEvent?, Never>
    private typealias Waiter = CheckedContinuation<[ToolResult], Never>

    /// The tasks to resume after the last result.
    private struct End {
        let results: [ToolResult]
        let waiters: [Waiter]
        let readers: [Reader]
    }

    private struct State {
        var results: [ToolResult?]
        /// The number of calls without a result.
        var missing: Int
        var tasks: [Task<Void, Never>] = []
        var isCancelled = false
        var events = DispatchEventQueue()
        /// The iterators that wait for an event, in the order in which they began to wait.
        var readers: [Reader] = []
        var waiters: [Waiter] = []

        /// Stores an event, or returns the reader to resume with it.
        mutating func record(_ event: DispatchEvent) -> Reader? {
            if !readers.isEmpty { return readers.removeFirst() }
            events.append(event)
            return nil
        }

        mutating func end() -> End {
            defer { (waiters, readers, tasks) = ([], [], []) }
            return End(results: results.compactMap(\.self), waiters: waiters, readers: readers)
        }
    }

    private let state: Lock<State>

    init(calls: Int) {
        var start = State(results: Array(repeating: nil, count: calls), missing: calls)
        start.tasks.reserveCapacity(calls)
        state = Lock(start)
    }

    // MARK: - The calls

    /// Adds the task of a call, which is cancelled together with the batch.
    func add(_ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            if state.missing > 0 { state.tasks.append(task) }
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Cancels the calls that have no result.
    func cancel() {
        let tasks = state.withLock { state in
            state.isCancelled = true
            return state.tasks
        }
        for task in tasks { task.cancel() }
    }

    /// Reports an event that is not the result of a call; ignored once the call has its result.
    func report(_ index: Int, _ kind: DispatchEvent.Kind) {
        let event = DispatchEvent(callIndex: index, kind: kind)
        let reader: Reader? = state.withLock { state in
            guard state.results[index] == nil else { return nil }
            return state.record(event)
        }
        reader?.resume(returning: event)
    }

    /// Reports the result of a call, of which each call has exactly one.
    func finish(_ index: Int, _ result: ToolResult) {
        let event = DispatchEvent(callIndex: index, kind: .finished(result))
        let (reader, end): (Reader?, End?) = state.withLock { state in
            state.results[index] = result
            state.missing -= 1
            let reader = state.record(event)
            return (reader, state.missing == 0 ? state.end() : nil)
        }
        reader?.resume(returning: event)
        guard let end else { return }
        for waiter in end.waiters { waiter.resume(returning: end.results) }
        for reader in end.readers { reader.resume(returning: nil) }
    }

    // MARK: - The readers

    /// Returns the next event, or nil after the last one.
    ///
    /// If the surrounding task is cancelled, the calls are cancelled.
    func next(isolation: isolated (any Actor)?) async -> DispatchEvent? {
        await withTaskCancellationHandler(
            operation: {
                await withCheckedContinuation(isolation: isolation) { continuation in
                    let event: DispatchEvent?? = state.withLock { state in
                        if let event = state.events.removeFirst() { return .some(event) }
                        if state.missing == 0 { return .some(nil) }
                        state.readers.append(continuation)
                        return nil
                    }
                    if let event { continuation.resume(returning: event) }
                }
            },
            onCancel: { cancel() },
            isolation: isolation
        )
    }

    /// Returns the results once every call has one.
    ///
    /// If the surrounding task is cancelled, the calls are cancelled.
    nonisolated(nonsending) func results() async -> [ToolResult] {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let results: [ToolResult]? = state.withLock { state in
                    if state.missing == 0 { return state.results.compactMap(\.self) }
                    state.waiters.append(continuation)
                    return nil
                }
                if let results { continuation.resume(returning: results) }
            }
        } onCancel: {
            cancel()
        }
    }
}
