/// The state of one call.
///
/// Every event is a method that returns the action to take. The caller takes it after it has released its lock.
struct CallState {
    private enum Execution { case waiting, running, returned, dropped }

    private var execution = Execution.waiting
    private var isCompleted = false
    /// True if the end of the call was reported.
    private var hasEnded = false
    private(set) var output: CallOutput

    init(keepsOutput: Bool) { output = CallOutput(keepsBytes: keepsOutput) }

    /// True if the plugin may still write: it has not completed the call, and the call has not ended otherwise.
    var isOpen: Bool { !isCompleted && !hasEnded }

    mutating func write(_ mediaType: String, _ bytes: UnsafeRawBufferPointer, _ limits: CallLimits) -> Bool {
        output.append(mediaType, bytes, limit: limits.resultBytes, budget: limits.budget)
    }

    /// Handles the start of the call's turn.
    ///
    /// - Returns: True if the call must be executed; false if it ended while it waited.
    mutating func begin() -> Bool {
        guard execution == .waiting else { return false }
        execution = .running
        return true
    }

    /// The consequences of a completion.
    enum Completion {
        /// Report the end of the call, with this output.
        case end(CallOutput)
        /// Report nothing: the call had ended before.
        case late
        /// Report a violation: the call was completed before.
        case second
    }

    /// Handles the plugin's completion of the call.
    mutating func complete() -> (Completion, isReleased: Bool) {
        guard !isCompleted else { return (.second, false) }
        isCompleted = true
        defer { hasEnded = true }
        return (hasEnded ? .late : .end(output), isReleased)
    }

    /// The consequences of the return of `execute`.
    enum Return {
        case nothing
        /// Report a violation, and the end of the call unless it has ended.
        case violation(hasEnded: Bool)
    }

    /// Handles the return of `execute`.
    mutating func returned(isPending: Bool) -> (Return, isReleased: Bool) {
        execution = .returned
        if isCompleted || isPending { return (.nothing, isReleased) }
        // It is done and has not completed the call, so nothing can complete it any more.
        isCompleted = true
        defer { hasEnded = true }
        return (.violation(hasEnded: hasEnded), isReleased)
    }

    /// The consequences of a deadline or a cancellation.
    enum Expiry {
        /// Nothing is left to stop.
        case ignore
        /// Report the end; the call never started.
        case drop
        /// Report the end, and ask the plugin to stop.
        case stop
        /// The call has ended, but its `execute` has not returned.
        case linger
    }

    /// Handles the deadline or the cancellation.
    mutating func expire() -> Expiry {
        guard !hasEnded else { return execution == .running ? .linger : .ignore }
        hasEnded = true
        guard execution == .waiting else { return .stop }
        execution = .dropped
        return .drop
    }

    /// The states in which a call can be when the grace period is over.
    enum Overdue {
        case nothing
        /// Its `execute` has not returned.
        case stuck
        /// Its `execute` has returned, and the call was never completed.
        case forgotten
    }

    /// The state at the end of the grace period.
    var overdue: Overdue {
        if execution == .running { return .stuck }
        return isCompleted ? .nothing : .forgotten
    }

    /// True if the plugin may not use the call any more, so that its memory can be freed.
    ///
    /// While `execute` runs, it may still read its arguments, even if the call is completed.
    var isReleased: Bool { isCompleted && execution == .returned }
}
