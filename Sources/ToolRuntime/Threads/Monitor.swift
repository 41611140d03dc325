import Glibc

/// A value that one thread at a time may touch, and whose changes other threads can wait for.
///
/// `Mutex` has no condition to wait on, hence the pthread pair.
package final class Monitor<State>: Sendable {
    // Both are allocated once and never move; pthreads make them safe to share.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) let condition: UnsafeMutablePointer<pthread_cond_t>
    // Only touched with the mutex held.
    private nonisolated(unsafe) var state: State

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

    /// Changes the state and wakes those that wait for a change.
    package func change<Result>(_ body: (inout State) -> Result) -> Result {
        // Whoever wakes up while the mutex is held goes right back to sleep, so they are woken afterwards.
        defer { pthread_cond_broadcast(condition) }
        return changeQuietly(body)
    }

    /// Changes the state in a way that nobody waits for.
    package func changeQuietly<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Asks `body` again after every change, and at the time it asks to be woken, until it gives a result.
    package func wait<Result>(_ body: (inout State) -> Waiting<Result>) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
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

    package enum Waiting<Result> {
        case done(Result)
        case wait(until: MonotonicInstant?)
    }
}

extension timespec {
    fileprivate init(_ instant: MonotonicInstant) {
        self.init(
            tv_sec: Int(instant.nanoseconds / 1_000_000_000),
            tv_nsec: Int(instant.nanoseconds % 1_000_000_000)
        )
    }
}
