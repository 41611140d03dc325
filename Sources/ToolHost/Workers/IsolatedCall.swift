import CWorker
import Locks
import Synchronization
import ToolRuntime

/// A call of a tool in a worker process.
///
/// It holds the caller's side: the output so far and the result, which is reported once. The ``WorkerStateMachine``
/// knows where the call is and when its timeout passes.
final class IsolatedCall: WorkerCall, ToolSourceCall {
    let id: UInt64
    let tool: Int
    let isConcurrent: Bool
    let request: CallRequest

    var isRepeatable: Bool { request.isRepeatable }
    var timeout: Duration { request.timeout }

    private let plugin: WorkerPlugin
    private let observe: @Sendable (CallEvent) -> Void
    private let state = Lock(State())

    private struct State {
        /// The time of the result.
        var completion: MonotonicInstant?
        var start: MonotonicInstant?
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

    /// True if the call has its result.
    private var isComplete: Bool { state.withLock { $0.completion != nil } }

    /// True if the call has its result for longer than it may run after it.
    var isOverdue: Bool {
        let longest = request.grace + Self.extraGrace
        return state.withLock { $0.completion.map { MonotonicInstant.now.since($0) > longest } ?? false }
    }

    /// The time beyond the grace period that a call has before the host stops it.
    private static let extraGrace = Duration.seconds(5)

    // MARK: - Execution

    /// Records that the call is about to be passed to a process.
    ///
    /// - Returns: False if the call is complete.
    func begin(at start: MonotonicInstant) -> Bool {
        enum Attempt { case first, later, tooLate }
        let attempt: Attempt = state.withLock { state in
            guard state.completion == nil else { return .tooLate }
            defer { state.start = start }
            if state.start == nil { return .first }
            request.budget?.giveBack(state.output.taken)
            state.output = CallOutput()
            return .later
        }
        if attempt == .first { observe(.started) }
        return attempt != .tooLate
    }

    /// The message that starts the call in a worker.
    var message: HostMessage {
        let order = CallOrder(
            tool: tool,
            timeout: request.timeout,
            // The host kills a process that is stuck, so the worker waits longer.
            grace: request.grace + Self.extraGrace,
            resultBytes: request.resultBytes,
            processor: worker_processor(),
            arguments: request.arguments.bytes
        )
        return .call(id, order)
    }

    func cancel() { _ = stop(.cancelled) }

    /// Completes the call, and stops it in the worker.
    ///
    /// - Returns: True if this was the result.
    func stop(_ reason: CallEnd.Reason) -> Bool {
        guard let end = end(reason) else { return false }
        // A call that starts after this result must not reach a worker that may be killed because of this call.
        plugin.stop(self)
        report(end)
        return true
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

    // MARK: - The result

    /// Completes the call with a result, unless it is complete.
    ///
    /// - Parameter remedy: The action that solves the problem, if the host knows one.
    func complete(_ reason: CallEnd.Reason, remedy: Remedy? = nil) {
        if let end = end(reason, remedy: remedy) { report(end) }
    }

    /// Decides on the result of the call, unless it has one.
    ///
    /// - Parameters:
    ///   - duration: The worker's measurement, or nil if it has none.
    ///   - remedy: The action that solves the problem, if the host knows one.
    /// - Returns: The result, which the caller passes to ``report(_:)``; nil if the call has one.
    func end(
        _ reason: CallEnd.Reason,
        isTruncated: Bool = false,
        duration: Duration? = nil,
        remedy: Remedy? = nil
    ) -> CallEnd? {
        state.withLock { state in
            guard state.completion == nil else { return nil }
            let now = MonotonicInstant.now
            state.completion = now
            if isTruncated { state.output.truncate() }
            let output = state.output
            state.output = CallOutput()
            let elapsed = state.start.map { now.since($0) } ?? .zero
            // The worker's measurement excludes the transport; it cannot exceed the host's own measurement.
            let shortest = min(duration ?? elapsed, elapsed)
            return CallEnd(reason: reason, output: output, duration: shortest, remedy: remedy)
        }
    }

    /// Reports the result.
    func report(_ end: CallEnd) { observe(.ended(end)) }
}
