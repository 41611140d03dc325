import ToolJSON
import ToolRuntime

/// The parts that the calls of one batch share.
final class DispatchBatch: Sendable {
    let limits: ToolLimits
    let slots: CallSlots
    let checkThreads: CheckThreads
    let listing: ToolListing
    let authorization: BatchAuthorization
    /// The bytes for the results of all calls.
    let budget: ResultBudget
    let progress: DispatchProgress
    /// True if the caller was cancelled before the batch started.
    let isCancelled: Bool

    /// Creates the parts of a batch.
    init(
        limits: ToolLimits,
        slots: CallSlots,
        checkThreads: CheckThreads,
        listing: ToolListing,
        authorization: BatchAuthorization,
        budget: ResultBudget,
        progress: DispatchProgress,
        isCancelled: Bool
    ) {
        self.limits = limits
        self.slots = slots
        self.checkThreads = checkThreads
        self.listing = listing
        self.authorization = authorization
        self.budget = budget
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Starts a call on this thread, which runs it until it waits for the first time.
    ///
    /// Most calls get as far as their plugin that way. Switching to another thread would cost as much as all the rest.
    func start(_ call: ToolCall, at index: Int) {
        let dispatch = CallDispatch(batch: self, call: call, index: index)
        let task = Task.immediate(executorPreference: HostExecutor.shared) { [progress] in
            progress.finish(index, await dispatch.result())
        }
        progress.add(task)
    }
}
