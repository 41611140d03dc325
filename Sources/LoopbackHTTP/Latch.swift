import Glibc

/// A one-way signal that a thread can wait for together with a socket.
///
/// An open latch is never closed again.
package final class Latch: Sendable {
    // The end to poll. The byte that opens the latch is never read, so the pipe stays readable.
    let descriptor: Int32
    private let writer: Int32

    /// Creates a closed latch.
    ///
    /// Traps if the process has no free file descriptor.
    package init() {
        var ends: [Int32] = [-1, -1]
        let result = pipe(&ends)
        precondition(result == 0, "pipe: \(String(cString: strerror(errno)))")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (descriptor, writer) = (ends[0], ends[1])
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    /// Opens the latch and wakes every thread that waits for it.
    package func open() {
        var byte: UInt8 = 0
        _ = write(writer, &byte, 1)
    }

    /// True once the latch is open.
    package var isOpen: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }
}
