/// Runs the host's own tasks on the host's own threads.
///
/// A deadline that waited for Swift's pool would wait for whatever blocks it: a program's own code, or a tool that is
/// part of the program.
package final class HostExecutor: TaskExecutor {
    /// The executor of this process.
    package static let shared = HostExecutor()

    /// How long it waits for a thread before it asks again.
    private static let pause = Duration.milliseconds(50)

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        run { job.runSynchronously(on: executor) }
    }

    private func run(_ job: @escaping @Sendable () -> Void) {
        if HostThreads.runInAnswer(job) || HostThreads.shared.run(job) { return }
        // A plugin may have taken all threads, and will have to give them back at its deadline. Until then the job waits: here
        // it might hold up whatever keeps the deadlines.
        let again = DeadlineTimer.shared.schedule(at: .now + Self.pause) { [self] in run(job) }
        guard !DeadlineTimer.shared.isRunning else { return }
        // Without that thread nobody would ask again. A job that is never run is worse than one that holds up its maker.
        DeadlineTimer.shared.cancel(again)
        job()
    }
}
