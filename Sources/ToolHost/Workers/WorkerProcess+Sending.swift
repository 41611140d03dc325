import Glibc
import Locks
import SystemPackage
import ToolRuntime

// MARK: - Messages to the process

extension WorkerProcess {
    /// The number of bytes that may wait for the process without ``patience`` being counted.
    private static let patientBytes = 1 << 20
    /// The time for which the process may read nothing while more bytes wait.
    private static let patience = Duration.seconds(20)

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
    /// - Returns: False if the process is ending, so that it never reads the message.
    func send(bytes: [UInt8]) -> Bool {
        enum Outcome { case sent, refused, mustDrain, closed }
        let outcome: Outcome = state.withLock { state in
            guard !state.isEnding, let socket = state.socket else { return .refused }
            guard state.backlog.isEmpty else {
                state.backlog += bytes
                return .sent
            }
            guard let sent = Self.send(socket, bytes[...]) else {
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
            if !HostThreads.shared.run({ [self] in drain() }) {
                kill("The system has no thread left to send it messages.")
            }
            return true
        case .closed:
            // The exit status says more than a kill would, so the process gets time to exit. Calls wait, so it is
            // limited.
            _ = DeadlineTimer.shared.schedule(at: .now + .milliseconds(Int(Self.exitTime))) { [self] in
                let isAlive = state.withLock { !$0.isOver && !hasExited(within: 0) }
                if isAlive { kill(Self.closedSentence) }
            }
            return false
        }
    }

    /// Sends bytes without blocking.
    ///
    /// By hand, because swift-system has no `send` with `MSG_NOSIGNAL`, and a write would raise `SIGPIPE`.
    ///
    /// - Returns: The number of bytes that the socket took, or nil if it will never take any.
    private static func send(_ socket: FileDescriptor, _ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(socket.rawValue, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count >= 0 { return count }
            switch Errno(rawValue: errno) {
            case .interrupted: continue
            case .wouldBlock: return 0
            default: return nil
            }
        }
    }

    /// Sends the backlog as the process reads it.
    private func drain() {
        var lastTaken = MonotonicInstant.now
        while true {
            let socket = state.withLock { $0.backlog.isEmpty ? nil : $0.socket }
            guard let socket else { return }
            var wait = pollfd(fd: socket.rawValue, events: Int16(POLLOUT), revents: 0)
            // With a timeout, because the process may exit, and its socket is closed then.
            poll(&wait, 1, 100)
            let isStuck = state.withLock { state in
                guard let socket = state.socket else { return false }
                guard let sent = Self.send(socket, state.backlog[...]) else {
                    // The process reads no more. Its exit or the deadlines of its calls follow.
                    state.backlog = []
                    return false
                }
                state.backlog.removeFirst(sent)
                if sent > 0 { lastTaken = .now }
                return state.backlog.count > Self.patientBytes && MonotonicInstant.now.since(lastTaken) > Self.patience
            }
            if isStuck { kill("It did not read the host's messages for \(Self.patience.words).") }
        }
    }
}
