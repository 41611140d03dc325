import Glibc

/// A value with a lock, whose changes threads can wait for.
///
/// `Lock` has no condition variable, so this type uses the one of pthreads.
package final class Monitor<State>: Sendable {
    // Both are allocated once and never move, and pthreads makes them safe to share.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) let condition: UnsafeMutablePointer<pthread_cond_t>
    // Accessed only while the mutex is locked.
    private nonisolated(unsafe) var state: State
    private nonisolated(unsafe) var waiters = 0

    package init(_ state: sending State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Changes the state, and wakes the threads that wait for a change.
    package func change<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        let result = body(&state)
        let waiters = waiters
        pthread_mutex_unlock(mutex)
        // A thread that wakes while the mutex is locked would sleep again at once, so the threads are woken afterwards.
        if waiters > 0 { pthread_cond_broadcast(condition) }
        return result
    }

    /// Changes or reads the state without waking any thread.
    package func changeQuietly<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Calls a closure after every change, and at the time that it requests, until it returns a result.
    ///
    /// Blocks the calling thread. The mutex is locked while the closure runs.
    package func wait<Result>(_ body: (inout State) -> Waiting<Result>) -> Result {
        pthread_mutex_lock(mutex)
        waiters += 1
        defer {
            waiters -= 1
            pthread_mutex_unlock(mutex)
        }
        while true {
            switch body(&state) {
            case .done(let result):
                return result
            case .wait(until: let instant?):
                var time = timespec(instant)
                pthread_cond_timedwait(condition, mutex, &time)
            case .wait(until: nil):
                pthread_cond_wait(condition, mutex)
            }
        }
    }

    /// The outcome of one call of the closure.
    package enum Waiting<Result> {
        /// Waiting is over.
        case done(Result)
        /// Wait for the next change, and at most until an instant.
        case wait(until: MonotonicInstant?)
    }
}
