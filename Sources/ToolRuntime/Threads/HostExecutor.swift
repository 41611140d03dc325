/// An executor that runs the host's tasks on the host's threads.
///
/// Swift's shared pool can be blocked by the program's code, or by a tool that is part of the program. Deadlines must
/// not wait for it.
package final class HostExecutor: TaskExecutor {
    /// The executor of this process.
    package static let shared = HostExecutor()

    /// The time between two attempts to get a thread.
    private static let retryDelay = Duration.milliseconds(50)

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        run { job.runSynchronously(on: executor) }
    }

    private func run(_ job: @escaping @Sendable () -> Void) {
        if HostThreads.runInResult(job) || HostThreads.shared.run(job) { return }
        // A plugin may have used up all threads until its deadline. The job waits for one, because on this thread it
        // could delay the code that enforces the deadlines.
        let retry = DeadlineTimer.shared.schedule(at: .now + Self.retryDelay) { [self] in run(job) }
        guard !DeadlineTimer.shared.isRunning else { return }
        // Without the timer's thread there is no retry. A job that never runs is worse than a delay of this thread.
        DeadlineTimer.shared.cancel(retry)
        job()
    }
}
