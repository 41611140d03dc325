import Glibc
import Synchronization

/// Runs async tools on threads of the plugin's own.
///
/// They may block there. Swift's shared pool has a thread for each core, and whoever blocks them stops everything else
/// that runs on it. There is a thread for each job that is ready, up to a limit, and idle ones end after a while.
final class PluginExecutor: TaskExecutor {
    static let shared = PluginExecutor()

    private static let maximumThreads = 64
    private static let idleSeconds = 10
    /// What code may expect of a thread, whatever the user's `ulimit -s` says.
    private static let stackSize = 8 << 20

    private struct State {
        var jobs: [UnownedJob] = []
        var threads = 0
        var idle = 0
    }

    private let state = Mutex(State())
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
        if needsThread, !start() {
            let isAlone = state.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
            // No thread can be had, and none is there to come by: better here than never.
            if isAlone { runJobs() }
        }
    }

    private func start() -> Bool {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(attributes, Self.stackSize)
        var thread = pthread_t()
        return pthread_create(&thread, attributes, { _ in PluginExecutor.shared.serve() }, nil) == 0
    }

    private func serve() -> UnsafeMutableRawPointer? {
        // Signals are for the program's own threads.
        var signals = sigset_t()
        sigfillset(&signals)
        for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] { sigdelset(&signals, fault) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            state.withLock { $0.idle += 1 }
            let isCalled = ready.wait(seconds: Self.idleSeconds)
            let ends = state.withLock { state in
                state.idle -= 1
                guard !isCalled, state.jobs.isEmpty else { return false }
                state.threads -= 1
                return true
            }
            if ends { return nil }
            runJobs()
        }
    }

    private func runJobs() {
        while let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
