import CWorker
import Glibc
import Locks
import SystemPackage
import ToolRuntime

// MARK: - The exit of the process

extension WorkerProcess {
    /// The maximum time from the end of a process's socket to its exit, in milliseconds.
    static let exitTime: Int32 = 200
    static let closedSentence = "It closed its connection to the host."

    /// True if the process exits within a time in milliseconds; false if the kernel cannot tell.
    func hasExited(within time: Int32) -> Bool {
        var source = pollfd(fd: exitDescriptor, events: Int16(POLLIN), revents: 0)
        return exitDescriptor >= 0 && poll(&source, 1, time) != 0
    }

    /// Waits for the exit, and closes the descriptors.
    ///
    /// No thread may read messages meanwhile or later.
    func reap(_ printed: inout WorkerOutput) -> WorkerExit {
        state.withLock { $0.isClosed = true }
        // An exiting process takes a moment to close its descriptors. One that only closed its socket is killed.
        if !hasExited(within: Self.exitTime) { kill(Self.closedSentence) }
        let (socket, killed, sentBytes) = state.withLock { state in
            defer {
                state.socket = nil
                state.outbox.removeAll()
                state.isOver = true
            }
            // The processes that it started are killed with it. Its identifier is not reused before it is reaped.
            _ = Glibc.kill(-child, SIGKILL)
            return (state.socket, state.killed, state.outbox.sentBytes)
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
        poller.close()
        return WorkerExit(
            status: status,
            killed: killed,
            sentBytes: sentBytes,
            note: count == MemoryLayout<worker_crash_note>.size ? note : nil,
            output: printed.text
        )
    }
}
