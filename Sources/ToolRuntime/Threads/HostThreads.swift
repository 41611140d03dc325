import Glibc
import Locks

/// The threads on which plugin code runs.
///
/// Swift's shared pool has few threads, which a blocking plugin would use up. A job that never returns occupies its
/// thread, and a new thread is started for the next job.
package final class HostThreads: Sendable {
    /// The threads of this process.
    package static let shared = HostThreads()

    /// An idle thread, which waits for its next job.
    private final class IdleThread: Sendable {
        private let jobs = Semaphore()
        // Set before the thread is woken, by the only one that has removed it from the list.
        private nonisolated(unsafe) var job: (@Sendable () -> Void)?

        /// Hands a job to the thread.
        func run(_ job: @escaping @Sendable () -> Void) {
            self.job = job
            jobs.signal()
        }

        /// Waits for a job on the thread itself, and returns nil if none came in time.
        func wait(seconds: Int) -> (@Sendable () -> Void)? { jobs.wait(seconds: seconds) ? job.take() : nil }

        /// Waits for a job that is about to come, on the thread itself.
        func wait() -> (@Sendable () -> Void)? {
            jobs.wait()
            return job.take()
        }
    }

    private let idle = Lock<[IdleThread]>([])

    /// The time after which an idle thread exits, in seconds.
    private static let idleTime = 10

    /// The stack size of a thread, in bytes, independent of the user's `ulimit -s`.
    private static let stackSize = 8 << 20

    /// Runs a job on an idle thread or on a new one.
    ///
    /// - Returns: False if the system has no thread left; the job is then not run.
    package func run(_ job: @escaping @Sendable () -> Void) -> Bool {
        // The most recently idle thread has its stack in the cache, and the others may time out.
        guard let thread = idle.withLock({ $0.popLast() }) else { return start(job) }
        // No lock is held: the thread would wait for it as soon as it is awake.
        thread.run(job)
        return true
    }

    // MARK: - Results

    /// Set while this thread delivers a result and may run the job that waits for it.
    private static let delivering: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Delivers the result of a call: the task that waits for it resumes on this thread, until it waits again.
    ///
    /// Waking another thread would take longer than most calls do. Must not be used while a task is being cancelled:
    /// the task cannot resume during its cancellation.
    package static func deliver(_ body: () -> Void) {
        pthread_setspecific(delivering, UnsafeRawPointer(bitPattern: 1))
        body()
        pthread_setspecific(delivering, nil)
    }

    /// Runs a job on this thread if this thread delivers the result that the job waits for.
    ///
    /// Only the first job runs here. Jobs that it starts must not wait for the plugin, which may never return.
    ///
    /// - Returns: True if the job was run.
    static func runInResult(_ job: () -> Void) -> Bool {
        guard pthread_getspecific(delivering) != nil else { return false }
        pthread_setspecific(delivering, nil)
        job()
        return true
    }

    /// Starts a detached thread with a job.
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

    /// Runs jobs until the thread has been idle for too long.
    private func serve(first: @Sendable () -> Void) {
        first()
        let thread = IdleThread()
        while let job = nextJob(thread) { job() }
    }

    /// Waits for a job; returns nil if the thread must exit.
    private func nextJob(_ thread: IdleThread) -> (@Sendable () -> Void)? {
        idle.withLock { $0.append(thread) }
        if let job = thread.wait(seconds: Self.idleTime) { return job }
        let isListed = idle.withLock { idle in
            let index = idle.firstIndex { $0 === thread }
            if let index { idle.remove(at: index) }
            return index != nil
        }
        // Another thread may have removed it from the list a moment ago, and is about to hand it a job.
        return isListed ? nil : thread.wait()
    }
}

/// The code of a new thread, as an object that C can carry.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func threadMain(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    // The program's own threads handle signals: Ctrl-C must not interrupt the code of a plugin.
    var all = sigset_t()
    sigfillset(&all)
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] { sigdelset(&all, fault) }
    pthread_sigmask(SIG_BLOCK, &all, nil)
    if let body { Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run() }
    return nil
}
