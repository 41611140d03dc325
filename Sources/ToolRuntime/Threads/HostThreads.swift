import Glibc
import Synchronization

/// The threads that plugin code runs on: never Swift's own pool, whose few threads a blocking plugin would use up.
///
/// A job that never returns keeps its thread; another is started for the next job.
package final class HostThreads: Sendable {
    /// The threads of this process.
    package static let shared = HostThreads()

    /// A thread that has nothing to do, and the place where it is given something.
    private typealias Idler = Monitor<(@Sendable () -> Void)?>

    private let idle = Mutex<[Idler]>([])

    /// How long a thread without work is kept.
    private static let idleTime = Duration.seconds(10)

    /// What C code may expect of a thread, whatever the user's `ulimit -s` says.
    private static let stackSize = 8 << 20

    /// Runs a job soon, on an idle thread or on a new one.
    ///
    /// - Returns: Whether a thread could be had; if not, the job is not run.
    package func run(_ job: @escaping @Sendable () -> Void) -> Bool {
        // The one that came last: its stack is still in the cache, and the others may time out.
        guard let idler = idle.withLock({ $0.popLast() }) else { return start(job) }
        idler.change { $0 = job }
        return true
    }

    // MARK: - Answers

    /// Set while this thread gives an answer, to the number of jobs that it may run meanwhile: one, or none.
    private static let answering: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Gives a call's answer: what waits for it goes on at once, on this thread, as far as it does without waiting.
    ///
    /// Waking another thread for it would take longer than most calls do. Not for answers to a cancelled task: what waits
    /// for those cannot go on while the task is being cancelled.
    package static func answer(_ body: () -> Void) {
        pthread_setspecific(answering, UnsafeRawPointer(bitPattern: 1))
        body()
        pthread_setspecific(answering, nil)
    }

    /// Runs a job here and now, if it is the one that waited for the answer that this thread gives.
    ///
    /// Only the first is: what that one sets going in turn must not wait until the plugin returns, which it may never do.
    ///
    /// - Returns: Whether it was run.
    static func runInAnswer(_ job: () -> Void) -> Bool {
        guard pthread_getspecific(answering) != nil else { return false }
        pthread_setspecific(answering, nil)
        job()
        return true
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
        let idler = Idler(nil)
        while let job = nextJob(idler) { job() }
    }

    private func nextJob(_ idler: Idler) -> (@Sendable () -> Void)? {
        idle.withLock { $0.append(idler) }
        let end = MonotonicInstant.now + Self.idleTime
        var isLeaving = false
        return idler.wait { job in
            if let job = job.take() { return .done(job) }
            guard !isLeaving, MonotonicInstant.now >= end else { return .wait(until: isLeaving ? nil : end) }
            isLeaving = true
            let isListed = idle.withLock { idle in
                let index = idle.firstIndex { $0 === idler }
                if let index { idle.remove(at: index) }
                return index != nil
            }
            // Somebody may have picked it a moment ago, and then a job is on its way.
            return isListed ? .done(nil) : .wait(until: nil)
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
