import Glibc

/// A place where one thread waits until another one wakes it.
///
/// It is a semaphore: a wake-up that comes first is not lost, no lock is held, and waking costs a system call only if a
/// thread waits.
package final class ParkingPlace: Sendable {
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

    /// Wakes the thread that waits, or the next one that will wait.
    package func wake() { sem_post(semaphore) }

    /// Blocks the calling thread until it is woken.
    package func wait() {
        while sem_wait(semaphore) != 0, errno == EINTR {}
    }

    /// Blocks the calling thread until it is woken, and for about a number of seconds at most.
    ///
    /// A change of the system's clock changes that time, so no deadline may depend on it.
    ///
    /// - Returns: True if the thread was woken.
    func wait(seconds: Int) -> Bool {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        end.tv_sec += seconds
        while sem_timedwait(semaphore, &end) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
