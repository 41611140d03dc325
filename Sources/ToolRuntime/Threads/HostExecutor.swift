/// Runs the host's own tasks on the host's own threads.
///
/// A deadline that waited for Swift's pool would wait for whatever blocks it: a program's own code, or a tool that is
/// part of the program.
package final class HostExecutor: TaskExecutor {
    /// The executor of this process.
    package static let shared = HostExecutor()

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        let run = { @Sendable in job.runSynchronously(on: executor) }
        if HostThreads.runInAnswer(run) || HostThreads.shared.run(run) { return }
        // No thread can be had. A job that is never run is worse than one that holds up whoever has made it ready.
        job.runSynchronously(on: executor)
    }
}
