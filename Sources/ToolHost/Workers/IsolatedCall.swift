import Synchronization
import ToolRuntime

/// One call of a tool in a worker process, from its start until the worker has nothing more to say of it.
final class IsolatedCall: LaneJob, BackendCall {
    let id: UInt64
    let tool: Int
    let isConcurrent: Bool
    let request: CallRequest

    private let plugin: WorkerPlugin
    private let observe: @Sendable (CallEvent) -> Void
    private let state = Mutex(State())

    private struct State {
        /// The time of its result.
        var answer: MonotonicInstant?
        /// The number of processes that it was sent to.
        var attempts = 0
        /// The number of processes that ended while it waited to be sent.
        var endedProcesses = 0
        var start: MonotonicInstant?
        var deadline: DeadlineTimer.Token?
        var output = CallOutput()
    }

    private static let lastID = Atomic<UInt64>(0)

    init(
        plugin: WorkerPlugin,
        tool: Int,
        isConcurrent: Bool,
        request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) {
        id = Self.lastID.add(1, ordering: .relaxed).newValue
        self.plugin = plugin
        self.tool = tool
        self.isConcurrent = isConcurrent
        self.request = request
        self.observe = observe
    }

    /// Whether its caller has its answer.
    var isAnswered: Bool { state.withLock { $0.answer != nil } }

    /// Whether it is still at work long after its answer.
    var isOverdue: Bool {
        let longest = request.grace + .seconds(5)
        return state.withLock { $0.answer.map { MonotonicInstant.now.since($0) > longest } ?? false }
    }

    /// Starts the timeout of a call that waits for other calls to end, unless the timeout runs already.
    ///
    /// The plugin decides how long they take, so the wait must count.
    func startWaiting() {
        if state.withLock({ $0.deadline == nil }) { _ = startTimeout(at: .now) }
    }

    /// Starts the timeout, in place of one that runs.
    ///
    /// - Returns: False if the call has its result already.
    private func startTimeout(at start: MonotonicInstant) -> Bool {
        let deadline = DeadlineTimer.shared.schedule(at: start + request.timeout) {
            // A call that has its result may still run.
            if !self.stop(.timedOut) { self.plugin.stop(self) }
        }
        let obsolete: DeadlineTimer.Token? = state.withLock { state in
            guard state.answer == nil else { return deadline }
            defer { state.deadline = deadline }
            return state.deadline
        }
        if let obsolete { DeadlineTimer.shared.cancel(obsolete) }
        return obsolete != deadline
    }

    /// Starts the timeout anew, just before the call is sent.
    ///
    /// - Returns: The order for the worker, or nil if the call has its result already.
    func begin() -> CallOrder? {
        let start = MonotonicInstant.now
        guard startTimeout(at: start) else { return nil }
        let isFirst = state.withLock { state in
            request.budget?.giveBack(state.output.taken)
            state.output = CallOutput()
            defer { state.start = start }
            return state.start == nil
        }
        if isFirst { observe(.started) }
        return CallOrder(
            tool: tool,
            timeout: request.timeout,
            // The host ends a process that is stuck; until then the worker is to wait for it.
            grace: request.grace + .seconds(5),
            resultBytes: request.resultBytes,
            arguments: request.argumentBytes
        )
    }

    /// Records that the call was sent to a process.
    func wasSent() { state.withLock { $0.attempts += 1 } }

    /// True if it may run once more after its worker was brought down by another call.
    var mayRepeat: Bool {
        request.isRepeatable && state.withLock { $0.answer == nil && $0.attempts == 1 }
    }

    /// Records that a process ended while the call waited to be sent.
    ///
    /// - Returns: True if the call may wait for another process; false if no process of the plugin lives long enough.
    func outliveProcess() -> Bool {
        state.withLock { state in
            state.endedProcesses += 1
            return state.endedProcesses < 5
        }
    }

    func cancel() { _ = stop(.cancelled) }

    /// Answers the call and has the worker stop it.
    ///
    /// - Returns: True if this was the result.
    private func stop(_ reason: CallEnd.Reason) -> Bool {
        // A call that its caller begins after this result must not reach a worker that may be killed for this call.
        answer(reason) { self.plugin.stop(self) }
    }

    /// Ends the timeout: the call is over, or has lost its worker.
    func leave() {
        if let deadline = state.withLock({ $0.deadline.take() }) { DeadlineTimer.shared.cancel(deadline) }
    }

    // MARK: - What the worker says

    func write(_ mediaType: String, _ bytes: [UInt8], isSameWrite: Bool) {
        let isTaken = state.withLock { state in
            guard state.answer == nil else { return false }
            return bytes.withUnsafeBytes {
                state.output.append(
                    mediaType,
                    $0,
                    isSameWrite: isSameWrite,
                    limit: request.resultBytes,
                    budget: request.budget
                )
            }
        }
        if isTaken, !bytes.isEmpty { observe(.output(ContentPart(mediaType: mediaType, bytes: bytes))) }
    }

    func progress(_ fraction: Double?, _ message: String) {
        if !isAnswered { observe(.progress(fraction, message)) }
    }

    /// Answers the call, unless it has its result.
    ///
    /// - Parameter prepare: Run before the result is reported.
    /// - Returns: True if this was the result.
    @discardableResult
    func answer(
        _ reason: CallEnd.Reason,
        isTruncated: Bool = false,
        duration: Duration? = nil,
        prepare: () -> Void = {}
    ) -> Bool {
        let end: CallEnd? = state.withLock { state in
            guard state.answer == nil else { return nil }
            let now = MonotonicInstant.now
            state.answer = now
            if isTruncated { state.output.truncate() }
            defer { state.output = CallOutput() }
            let elapsed = state.start.map { now.since($0) } ?? .zero
            // What the worker measured leaves out the way there and back; it cannot have taken longer than both.
            return CallEnd(reason: reason, output: state.output, duration: min(duration ?? elapsed, elapsed))
        }
        guard let end else { return false }
        prepare()
        observe(.ended(end))
        return true
    }
}
