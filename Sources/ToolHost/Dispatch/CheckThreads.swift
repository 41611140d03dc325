import Glibc
import ToolRuntime

/// The threads on which a host runs long checks, a few at a time and in the order in which they are requested.
final class CheckThreads: Sendable {
    private let slots: CallSlots

    init() {
        // The calls that run need the other half of the processors.
        let count = max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) / 2)
        slots = CallSlots(total: count, each: count)
    }

    /// Runs a check.
    ///
    /// - Parameter check: The check. Its argument is a closure that returns true once the caller is cancelled.
    /// - Returns: The result, or nil as soon as the surrounding task is cancelled; the check ends soon after.
    func run<Outcome: Sendable>(
        _ check: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) -> Outcome
    ) async -> Outcome? {
        guard await slots.enter(nil) else { return nil }
        let result = OneShot<Outcome>()
        let task = Task(executorPreference: HostExecutor.shared) { [slots] in
            defer { slots.leave(nil) }
            result.give(check { Task.isCancelled })
        }
        return await withTaskCancellationHandler {
            await result.wait()
        } onCancel: {
            task.cancel()
            result.give(nil)
        }
    }
}
