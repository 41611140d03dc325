import Glibc

/// The threads that plugin code runs on: never Swift's own pool, whose few threads a blocking plugin would use up.
///
/// A job that never returns keeps its thread; another is started for the next job.
package final class HostThreads: Sendable {
    /// The threads of this process.
    package static let shared = HostThreads()

    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var idle = 0
    }

    private let monitor = Monitor(State())

    /// How long a thread without work is kept.
    private static let idleTime = Duration.seconds(10)

    /// What C code may expect of a thread, whatever the user's `ulimit -s` says.
    private static let stackSize = 8 << 20

    /// Runs a job soon, on an idle thread or on a new one.
    ///
    /// - Returns: Whether a thread could be had; if not, the job is not run.
    package func run(_ job: @escaping @Sendable () -> Void) -> Bool {
        let needsThread = monitor.change { state in
            // Every waiting job has claimed one of the idle threads.
            if state.idle > state.jobs.count {
                state.jobs.append(job)
                return false
            }
            return true
        }
        return !needsThread || start(job)
    }

    private func start(_ job: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(ThreadBody { [self] in serve(first: job) })
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(attributes, Self.stackSize)
        var thread = pthread_t()
        let failure = pthread_create(&thread, attributes, threadMain, body.toOpaque())
        if failure != 0 { body.release() }
        return failure == 0
    }

    private func serve(first: @Sendable () -> Void) {
        first()
        while let job = nextJob() { job() }
    }

    private func nextJob() -> (@Sendable () -> Void)? {
        let end = MonotonicInstant.now + Self.idleTime
        monitor.change { $0.idle += 1 }
        return monitor.wait { state in
            if !state.jobs.isEmpty {
                state.idle -= 1
                return .done(state.jobs.removeFirst())
            }
            guard MonotonicInstant.now < end else {
                state.idle -= 1
                return .done(nil)
            }
            return .wait(until: end)
        }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func threadMain(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    // Signals are for the program's own threads: a plugin's code must not be interrupted by Ctrl-C.
    var all = sigset_t()
    sigfillset(&all)
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] { sigdelset(&all, fault) }
    pthread_sigmask(SIG_BLOCK, &all, nil)
    if let body { Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run() }
    return nil
}
