import ToolJSON
import ToolRuntime

/// The parts that the calls of one batch share.
final class DispatchBatch: Sendable {
    let limits: ToolLimits
    let slots: CallSlots
    let checkThreads: CheckThreads
    let listing: ToolListing
    let authorization: BatchAuthorization
    let context: CallContext
    /// The bytes for the results of all calls.
    let budget: ResultBudget
    let progress: DispatchProgress

    /// The time for which calls are started on the caller's thread.
    ///
    /// It is enough for hundreds of calls, and each check is bounded, too.
    private static let timeAtOnce = Duration.milliseconds(2)

    /// Creates the parts of a batch.
    init(
        limits: ToolLimits,
        slots: CallSlots,
        checkThreads: CheckThreads,
        listing: ToolListing,
        authorization: BatchAuthorization,
        context: CallContext,
        budget: ResultBudget,
        progress: DispatchProgress
    ) {
        self.limits = limits
        self.slots = slots
        self.checkThreads = checkThreads
        self.listing = listing
        self.authorization = authorization
        self.context = context
        self.budget = budget
        self.progress = progress
    }

    /// Starts calls on this thread, and those that are left after a while on another one.
    ///
    /// Most calls get as far as their plugin here. Switching to another thread would cost as much as all the rest.
    func start(_ calls: ArraySlice<ToolCall>) {
        let rest = startSome(calls)
        if rest.isEmpty { return }
        Task(executorPreference: HostExecutor.shared) { [self] in
            var rest = rest
            while !rest.isEmpty {
                rest = startSome(rest)
                progress.leaveToSources()
            }
        }
    }

    /// Starts calls until the time is over, and returns the others.
    private func startSome(_ calls: ArraySlice<ToolCall>) -> ArraySlice<ToolCall> {
        // The clock is read only if there is a call to leave to another thread.
        let end = calls.count > 1 ? MonotonicInstant.now + Self.timeAtOnce : .endOfTime
        var rest = calls
        repeat {
            let index = rest.startIndex
            guard let call = rest.popFirst() else { break }
            let dispatch = CallDispatch(batch: self, call: call, index: index)
            if let wait = dispatch.start() { dispatch.finishLater(wait) }
        } while !rest.isEmpty && MonotonicInstant.now < end
        progress.flush()
        return rest
    }
}
