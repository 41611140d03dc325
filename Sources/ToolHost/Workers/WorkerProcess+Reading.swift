import CWorker
import Glibc
import Locks
import SystemPackage
import ToolRuntime

// MARK: - Messages of the process, and its exit

extension WorkerProcess {
    /// The time for which a line that has not ended is held back, in milliseconds.
    private static let lineTime: Int32 = 200
    /// The maximum time from the end of a process's socket to its exit, in milliseconds.
    static let exitTime: Int32 = 200
    static let closedSentence = "It closed its connection to the host."

    /// Reads messages from the process until it has exited and nothing of it is left.
    ///
    /// Blocks the calling thread.
    ///
    /// - Parameters:
    ///   - messageBytes: The maximum length of a message that comes in pieces.
    ///   - show: Called with each line that the process prints; nil if they are not shown.
    ///   - handle: Called with each message. If it throws, the worker violates the protocol and is killed.
    func readMessages(
        messageBytes: Int,
        output show: (@Sendable (String) -> Void)?,
        _ handle: (WorkerMessage) throws(FrameError) -> Void
    ) -> WorkerExit {
        var printed = WorkerOutput(output, show)
        guard let socket = state.withLock(\.socket) else { return reap(&printed) }
        var stream = WorkerStream(socket: socket, messageBytes: messageBytes)
        var sources = [socket.rawValue, output.rawValue, exitDescriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        var isOpen = true
        while isOpen {
            let count = poll(&sources, nfds_t(sources.count), printed.isUnfinished ? Self.lineTime : -1)
            if count == 0 { printed.finishLine() }
            if count <= 0 { continue }
            // At the end of the output the pipe would stay ready.
            if sources[1].revents != 0, !printed.read() { sources[1].fd = -1 }
            if sources[0].revents != 0 || sources[2].revents != 0 {
                do throws(FrameError) {
                    isOpen = try stream.read(counting: received, received: { printed.catchUp() }) {
                        message throws(FrameError) in
                        // The program may exit as soon as it has the result.
                        if case .ended = message { printed.finishLine() }
                        try handle(message)
                    }
                } catch {
                    kill("It broke the protocol of workers with \(error).")
                    isOpen = false
                }
            }
            if sources[2].revents != 0 { isOpen = false }
        }
        return reap(&printed)
    }

    /// True if the process exits within a time in milliseconds; false if the kernel cannot tell.
    func hasExited(within time: Int32) -> Bool {
        var source = pollfd(fd: exitDescriptor, events: Int16(POLLIN), revents: 0)
        return exitDescriptor >= 0 && poll(&source, 1, time) != 0
    }

    /// Waits for the exit, and closes the descriptors.
    private func reap(_ printed: inout WorkerOutput) -> WorkerExit {
        state.withLock { $0.isClosed = true }
        // An exiting process takes a moment to close its descriptors. One that only closed its socket is killed.
        if !hasExited(within: Self.exitTime) { kill(Self.closedSentence) }
        let (socket, killed) = state.withLock { state in
            defer {
                state.socket = nil
                state.backlog = []
                state.isOver = true
            }
            // The processes that it started are killed with it. Its identifier is not reused before it is reaped.
            _ = Glibc.kill(-child, SIGKILL)
            return (state.socket, state.killed)
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, Errno(rawValue: errno) == .interrupted {}
        // In a container this process may be the parent of the worker's orphans.
        var orphan: Int32 = 0
        while waitpid(-child, &orphan, 0) > 0 || Errno(rawValue: errno) == .interrupted {}
        printed.read()
        printed.finishLine()
        var note = worker_crash_note()
        let count = try? withUnsafeMutableBytes(of: &note) { try notes.read(into: $0) }
        let exit = FileDescriptor(rawValue: exitDescriptor)
        for descriptor in [socket, notes, output, exit] { try? descriptor?.close() }
        return WorkerExit(
            status: status,
            killed: killed,
            note: count == MemoryLayout<worker_crash_note>.size ? note : nil,
            output: printed.text
        )
    }
}
