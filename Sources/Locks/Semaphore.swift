import Glibc

/// A counting semaphore of the C library.
///
/// A signal that comes before the wait is not lost, and a signal costs a system call only if a thread waits. All
/// functions may be used on any thread.
package final class Semaphore: Sendable {
    // Allocated once and never moved; the C library makes it safe to share.
    private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

    package init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    /// Lets one thread that waits continue, or the next one that will wait.
    package func signal() { sem_post(semaphore) }

    /// Blocks the calling thread until there is a signal.
    package func wait() {
        while sem_wait(semaphore) != 0, errno == EINTR {}
    }

    /// Blocks the calling thread until there is a signal, and for about a number of seconds at most.
    ///
    /// A change of the system's clock changes that time, so no deadline may depend on it.
    ///
    /// - Returns: False if there was no signal in that time.
    package func wait(seconds: Int) -> Bool {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        end.tv_sec += seconds
        while sem_timedwait(semaphore, &end) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
