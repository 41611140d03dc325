import Locks
import Synchronization
import ToolRuntime

/// A call of a tool in a worker process.
///
/// It holds the caller's side: the timeout, the output so far and the result, which is reported once. The
/// ``WorkerStateMachine`` knows where the call is.
final class IsolatedCall: WorkerCall, ToolSourceCall {
    let id: UInt64
    let tool: Int
    let isConcurrent: Bool
    let request: CallRequest

    var isRepeatable: Bool { request.isRepeatable }

    private let plugin: WorkerPlugin
    private let observe: @Sendable (CallEvent) -> Void
    private let state = Lock(State())

    private struct State {
        /// The time of the result.
        var completion: MonotonicInstant?
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

    /// True if the result has been reported.
    private var isComplete: Bool { state.withLock { $0.completion != nil } }

    /// True if the result was reported longer ago than a call may run after it.
    var isOverdue: Bool {
        let longest = request.grace + Self.extraGrace
        return state.withLock { $0.completion.map { MonotonicInstant.now.since($0) > longest } ?? false }
    }

    /// The time beyond the grace period that a call has before the host stops it.
    private static let extraGrace = Duration.seconds(5)

    // MARK: - The timeout

    /// Starts the timeout of a call that waits for other calls, unless the timeout runs already.
    func startTimeoutOfWait() {
        if state.withLock({ $0.deadline == nil }) { _ = startTimeout(at: .now) }
    }

    /// Starts the timeout anew.
    ///
    /// - Returns: False if the call is complete.
    private func startTimeout(at start: MonotonicInstant) -> Bool {
        let deadline = DeadlineTimer.shared.schedule(at: start + request.timeout) {
            // A complete call may still run.
            if !self.stop(.timedOut) { self.plugin.stop(self) }
        }
        let obsolete: DeadlineTimer.Token? = state.withLock { state in
            guard state.completion == nil else { return deadline }
            defer { state.deadline = deadline }
            return state.deadline
        }
        if let obsolete { DeadlineTimer.shared.cancel(obsolete) }
        return obsolete != deadline
    }

    /// Cancels the timeout: the call is over or has lost its process.
    func cancelTimeout() {
        if let deadline = state.withLock({ $0.deadline.take() }) { DeadlineTimer.shared.cancel(deadline) }
    }

    // MARK: - Execution

    /// Starts the timeout anew before the call is sent.
    ///
    /// - Returns: The order for the worker, or nil if the call is complete.
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
            // The host kills a process that is stuck, so the worker waits longer.
            grace: request.grace + Self.extraGrace,
            resultBytes: request.resultBytes,
            arguments: request.arguments.bytes
        )
    }

    func cancel() { _ = stop(.cancelled) }

    /// Completes the call, and stops it in the worker.
    ///
    /// - Returns: True if this was the result.
    private func stop(_ reason: CallEnd.Reason) -> Bool {
        // A call that starts after this result must not reach a worker that may be killed because of this call.
        complete(reason) { self.plugin.stop(self) }
    }

    // MARK: - Messages of the worker

    func write(_ mediaType: String, _ bytes: [UInt8], isSameWrite: Bool) {
        let isTaken = state.withLock { state in
            guard state.completion == nil else { return false }
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
        if !isComplete { observe(.progress(fraction: fraction, message: message)) }
    }

    /// Completes the call with a result, unless it is complete.
    ///
    /// - Parameters:
    ///   - remedy: The action that solves the problem, if the host knows one.
    ///   - prepare: A closure that runs before the result is reported.
    /// - Returns: True if this was the result.
    @discardableResult
    func complete(
        _ reason: CallEnd.Reason,
        isTruncated: Bool = false,
        duration: Duration? = nil,
        remedy: Remedy? = nil,
        prepare: () -> Void = {}
    ) -> Bool {
        let end: CallEnd? = state.withLock { state in
            guard state.completion == nil else { return nil }
            let now = MonotonicInstant.now
            state.completion = now
            if isTruncated { state.output.truncate() }
            defer { state.output = CallOutput() }
            let elapsed = state.start.map { now.since($0) } ?? .zero
            // The worker's measurement excludes the transport; it cannot exceed the host's own measurement.
            let shortest = min(duration ?? elapsed, elapsed)
            return CallEnd(reason: reason, output: state.output, duration: shortest, remedy: remedy)
        }
        guard let end else { return false }
        prepare()
        observe(.ended(end))
        return true
    }
}
