import Glibc
import Locks

/// A task executor that runs async tools on the plugin's own threads, where they may block.
///
/// Swift's shared pool has one thread for each core, so a tool that blocks there would stop all other tasks. This
/// executor starts a thread for each job that is ready, up to a limit. Idle threads exit after a while.
final class PluginExecutor: TaskExecutor {
    static let shared = PluginExecutor()

    private static let maximumThreads = 64
    private static let idleSeconds = 10
    /// The size in bytes, which does not depend on the user's `ulimit -s`.
    private static let stackSize = 8 << 20

    private struct State {
        var jobs: [UnownedJob] = []
        var threads = 0
        var idle = 0
    }

    private let state = Lock(State())
    private let ready = Semaphore()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.threads < Self.maximumThreads else { return false }
            state.threads += 1
            return true
        }
        ready.signal()
        if needsThread, !startThread() {
            let hasNoThread = state.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
            // The thread could not be started and no other thread exists, so the job runs on this one.
            if hasNoThread { runJobs() }
        }
    }

    private func startThread() -> Bool {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(attributes, Self.stackSize)
        var thread = pthread_t()
        return pthread_create(&thread, attributes, { _ in PluginExecutor.shared.runThread() }, nil) == 0
    }

    private func runThread() -> UnsafeMutableRawPointer? {
        // The program's own threads handle signals.
        var signals = sigset_t()
        sigfillset(&signals)
        for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] { sigdelset(&signals, fault) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            state.withLock { $0.idle += 1 }
            let isSignalled = ready.wait(seconds: Self.idleSeconds)
            let exits = state.withLock { state in
                state.idle -= 1
                guard !isSignalled, state.jobs.isEmpty else { return false }
                state.threads -= 1
                return true
            }
            if exits { return nil }
            runJobs()
        }
    }

    private func runJobs() {
        while let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
