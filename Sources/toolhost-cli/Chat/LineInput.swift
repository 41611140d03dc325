import Glibc

/// A line that somebody at the terminal is waited for, until it is there or not wanted any more.
final class LineInput: Sendable {
    private let reader: Int32
    private let writer: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        // Without a pipe, nothing but the line ends the wait.
        _ = pipe(&ends)
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit { for end in [reader, writer] where end >= 0 { close(end) } }

    /// Ends the wait, now or as soon as it begins.
    func cancel() {
        var byte: UInt8 = 0
        _ = write(writer, &byte, 1)
    }

    /// Reads the line, on this thread.
    ///
    /// A terminal gives one line at a time, so that none is left over in between.
    ///
    /// - Returns: `nil` at the end of input, or where the line is not wanted any more.
    func read() -> String? {
        var sources = [STDIN_FILENO, reader].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&sources, nfds_t(sources.count), -1) < 0 {}
        return sources[1].revents == 0 ? readLine() : nil
    }
}
