import CWorker
import Glibc
import Synchronization
import ToolRuntime

/// A worker process, seen from its host: one thread listens to it, any may speak to it.
final class WorkerProcess: Sendable {
    private let child: pid_t
    private let notes: Int32
    private let output: Int32
    private let ending: Int32
    private let state: Mutex<State>
    private let heard = Atomic(0)
    private let group: ProcessGroup
    private let isBusy = Atomic(false)
    private let isDue = Atomic(false)

    private struct State {
        /// Below 0 once the process is gone.
        var socket: Int32
        /// What the socket did not take yet; a thread is at it while there is something.
        var backlog: [UInt8] = []
        var killed: WorkerEnd.Kill?
        /// True once the process has closed its end of the socket.
        var isClosed = false
        var isOver = false
        /// True if the process handles no message that is sent to it from now on.
        var isEnding: Bool { isClosed || killed != nil || socket < 0 }
        /// The moment from which shared pages may be divided again.
        var nextShare = MonotonicInstant.now
    }

    /// How many bytes may wait for a worker, and for how long it may take none of them while more do.
    private static let patientBytes = 1 << 20
    private static let patience = Duration.seconds(20)
    /// The time for which a line that has not ended is held back, in milliseconds.
    private static let lineTime: Int32 = 200
    /// The maximum time from the end of a process's socket to its exit, in milliseconds.
    private static let exitTime: Int32 = 200
    private static let closedSentence = "It closed its connection to the host."

    init(child: pid_t, bounds: ProcessGroup.Bounds, socket: Int32, notes: Int32, output: Int32, ending: Int32) {
        self.child = child
        group = ProcessGroup(leader: child, bounds: bounds)
        self.notes = notes
        self.output = output
        self.ending = ending
        state = Mutex(State(socket: socket))
    }

    /// Kills the process, with all that it started.
    ///
    /// - Parameters:
    ///   - reason: The reason for those that wait for it; the first reason counts.
    ///   - isFault: True if the plugin's code is to blame as for a crash.
    ///   - call: The call that is the reason, if it is known.
    func kill(_ reason: String, isFault: Bool = false, call: UInt64? = nil) {
        state.withLock { state in
            guard !state.isOver else { return }
            if state.killed == nil { state.killed = WorkerEnd.Kill(reason: reason, isFault: isFault, call: call) }
            // The kernel lets no member of the group fork meanwhile, and none can leave it.
            _ = Glibc.kill(-child, SIGKILL)
            // It may not have its own group yet.
            _ = Glibc.kill(child, SIGKILL)
        }
    }

    /// Shuts the socket down; the process exits by itself.
    func close() {
        state.withLock { state in
            guard state.socket >= 0, !state.isOver else { return }
            if state.killed == nil { state.killed = WorkerEnd.Kill(reason: "It was no longer needed.") }
            shutdown(state.socket, Int32(SHUT_RDWR))
        }
    }

    /// True if the process takes no more calls: it was killed or let go, or has closed its end of the socket.
    var isEnding: Bool { state.withLock(\.isEnding) }

    /// The processor time that it has used so far; zero once it is gone.
    var processorTime: Duration {
        state.withLock { $0.isOver ? .zero : .nanoseconds(Int64(clamping: worker_processor_time(child))) }
    }

    /// How many bytes it has said so far.
    var heardBytes: Int { heard.load(ordering: .relaxed) }

    // MARK: - Use of memory

    /// Records whether calls run; while they do, the group is checked every 20 ms.
    func setBusy(_ busy: Bool) {
        let wasBusy = isBusy.exchange(busy, ordering: .sequentiallyConsistent)
        if busy, !wasBusy { WorkerWatch.shared.wake() }
    }

    /// Requests one check of the group.
    func checkGroupSoon() {
        isDue.store(true, ordering: .sequentiallyConsistent)
        WorkerWatch.shared.wake()
    }

    /// True if the group is to be checked.
    var isWatched: Bool {
        isBusy.load(ordering: .sequentiallyConsistent) || isDue.load(ordering: .sequentiallyConsistent)
    }

    /// Kills the process if its group uses more than it may.
    ///
    /// - Returns: True if it is to be checked again.
    func checkGroup() -> Bool {
        let isBusy = isBusy.load(ordering: .sequentiallyConsistent)
        let isDue = isDue.exchange(false, ordering: .sequentiallyConsistent)
        guard isBusy || isDue else { return false }
        let start = MonotonicInstant.now
        let mayTakeLong: Bool? = state.withLock { $0.isOver ? nil : start >= $0.nextShare }
        guard let mayTakeLong else { return isBusy }
        var tookLong = false
        // Its number is its own unless it is over by the time that it would be killed.
        if let excess = group.excess(mayTakeLong: mayTakeLong, countsLocks: isDue, tookLong: &tookLong) {
            kill(excess, isFault: true)
        }
        if tookLong {
            // At most a tenth of the time.
            let end = MonotonicInstant.now
            state.withLock { $0.nextShare = end + end.since(start) * 9 }
        }
        return isBusy
    }

    // MARK: - Speaking

    /// Sends a message without blocking.
    func send(_ message: HostMessage) { _ = send(bytes: Self.bytes(of: message)) }

    /// Encodes a message for ``send(bytes:)``.
    static func bytes(of message: HostMessage) -> [UInt8] {
        var bytes: [UInt8] = []
        for frame in message.frames { frame.encode(into: &bytes) }
        return bytes
    }

    /// Sends an encoded message without blocking.
    ///
    /// - Returns: False if the process was already ending, so that it never reads the message.
    func send(bytes: [UInt8]) -> Bool {
        enum Outcome { case sent, refused, mustDrain, closed }
        let outcome: Outcome = state.withLock { state in
            guard !state.isEnding else { return .refused }
            guard state.backlog.isEmpty else {
                state.backlog += bytes
                return .sent
            }
            guard let sent = Self.send(state.socket, bytes[...]) else {
                state.isClosed = true
                return .closed
            }
            guard sent < bytes.count else { return .sent }
            state.backlog = Array(bytes[sent...])
            return .mustDrain
        }
        switch outcome {
        case .sent: return true
        case .refused: return false
        case .mustDrain:
            if !HostThreads.shared.run({ [self] in drain() }) { kill("The system has no thread left to speak to it.") }
            return true
        case .closed:
            // Its exit status says more than this kill would, so it gets time to exit. But not for ever: calls wait for it.
            _ = DeadlineTimer.shared.schedule(at: .now + .milliseconds(Int(Self.exitTime))) { [self] in
                let lives = state.withLock { !$0.isOver && !hasExited(within: 0) }
                if lives { kill(Self.closedSentence) }
            }
            return false
        }
    }

    /// - Returns: How many bytes the socket took, or `nil` where it will never take any.
    private static func send(_ socket: Int32, _ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno != EAGAIN { return nil }
            return max(0, count)
        }
    }

    private func drain() {
        var lastTaken = MonotonicInstant.now
        while true {
            let socket = state.withLock { $0.backlog.isEmpty ? -1 : $0.socket }
            guard socket >= 0 else { return }
            var wait = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
            // Woken now and then: the process may be gone, and its socket with it.
            poll(&wait, 1, 100)
            let isStuck = state.withLock { state in
                guard state.socket >= 0 else { return false }
                guard let sent = Self.send(state.socket, state.backlog[...]) else {
                    // It is gone, or reads no more: its end or the deadlines of its calls tell.
                    state.backlog = []
                    return false
                }
                state.backlog.removeFirst(sent)
                if sent > 0 { lastTaken = .now }
                return state.backlog.count > Self.patientBytes && MonotonicInstant.now.since(lastTaken) > Self.patience
            }
            if isStuck { kill("It did not read what it was told for \(Self.patience.words).") }
        }
    }

    // MARK: - Listening

    /// Hears the process out, on this thread, until it has ended and nothing of it is left.
    ///
    /// - Parameters:
    ///   - messageBytes: How long a message may be that comes in pieces.
    ///   - show: Called with each line that it prints; nil if they are not shown.
    ///   - hear: Told each message. An error means that the worker does not keep to the protocol, and ends it.
    /// - Returns: How it ended.
    func listen(
        messageBytes: Int,
        output show: (@Sendable (String) -> Void)?,
        _ hear: (WorkerMessage) throws(FrameError) -> Void
    ) -> WorkerEnd {
        var printed = WorkerOutput(output, show)
        var stream = WorkerStream(socket: state.withLock(\.socket), messageBytes: messageBytes)
        var sources = [stream.socket, output, ending].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var isOpen = true
        while isOpen {
            let count = poll(&sources, nfds_t(sources.count), printed.isUnfinished ? Self.lineTime : -1)
            if count == 0 { printed.finishLine() }
            if count <= 0 { continue }
            // At the end of its output the pipe would be ready for ever.
            if sources[1].revents != 0, !printed.read() { sources[1].fd = -1 }
            if sources[0].revents != 0 || sources[2].revents != 0 {
                do throws(FrameError) {
                    isOpen = try stream.read(counting: heard, received: { printed.catchUp() }) {
                        message throws(FrameError) in
                        // The program may exit as soon as it has the result.
                        if case .ended = message { printed.finishLine() }
                        try hear(message)
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

    /// True if the process exits within a time in milliseconds; false if the kernel cannot say.
    private func hasExited(within time: Int32) -> Bool {
        var end = pollfd(fd: ending, events: Int16(POLLIN), revents: 0)
        return ending >= 0 && poll(&end, 1, time) != 0
    }

    private func reap(_ printed: inout WorkerOutput) -> WorkerEnd {
        state.withLock { $0.isClosed = true }
        // A process that exits takes a moment to close all it has; one that closed its socket and lives on is killed.
        if !hasExited(within: Self.exitTime) { kill(Self.closedSentence) }
        let (socket, killed) = state.withLock { state in
            defer {
                state.socket = -1
                state.backlog = []
                state.isOver = true
            }
            // What it started and left behind goes with it. Its number is its own until it is waited for.
            _ = Glibc.kill(-child, SIGKILL)
            return (state.socket, state.killed)
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        // In a container this process may be the parent of the worker's orphans.
        var orphan: Int32 = 0
        while waitpid(-child, &orphan, 0) > 0 || errno == EINTR {}
        printed.read()
        printed.finishLine()
        var note = worker_crash_note()
        let count = withUnsafeMutableBytes(of: &note) { Glibc.read(notes, $0.baseAddress, $0.count) }
        for descriptor in [socket, notes, output, ending] where descriptor >= 0 { Glibc.close(descriptor) }
        return WorkerEnd(
            status: status,
            killed: killed,
            note: count == MemoryLayout<worker_crash_note>.size ? note : nil,
            output: printed.text
        )
    }
}
