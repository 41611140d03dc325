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
    func send(_ message: HostMessage) {
        if queue(message) != nil { flush() }
    }

    /// Appends a message to those that the next ``flush()`` sends.
    ///
    /// - Returns: The number of bytes for the process before the message, or nil if the process is ending, so that it
    ///   never reads the message.
    func queue(_ message: HostMessage) -> Int? {
        state.withLock { state in state.isEnding ? nil : state.outbox.append(message) }
    }

    /// Sends the messages that wait, without blocking.
    func flush() {
        enum Outcome { case sent, mustDrain, closed }
        let outcome: Outcome = state.withLock { state in
            guard state.outbox.count > 0, !state.outbox.isDraining, !state.isEnding, let socket = state.socket else {
                return .sent
            }
            guard state.outbox.send(to: socket) != nil else {
                state.isClosed = true
                return .closed
            }
            state.outbox.isDraining = state.outbox.count > 0
            return state.outbox.isDraining ? .mustDrain : .sent
        }
        switch outcome {
        case .sent: break
        case .mustDrain:
            if !HostThreads.shared.run({ [self] in drain() }) {
                kill("The system has no thread left to send it messages.")
            }
        case .closed:
            // The exit status says more than a kill would, so the process gets time to exit. Calls wait, so it is
            // limited.
            _ = DeadlineTimer.shared.schedule(at: .now + .milliseconds(Int(Self.exitTime))) { [self] in
                let isAlive = state.withLock { !$0.isOver && !hasExited(within: 0) }
                if isAlive { kill(Self.closedSentence) }
            }
        }
    }

    /// Sends the messages that wait as the process reads them.
    private func drain() {
        var lastTaken = MonotonicInstant.now
        while true {
            let socket: FileDescriptor? = state.withLock { state in
                if state.outbox.count > 0, let socket = state.socket { return socket }
                state.outbox.isDraining = false
                return nil
            }
            guard let socket else { return }
            var wait = pollfd(fd: socket.rawValue, events: Int16(POLLOUT), revents: 0)
            // With a timeout, because the process may exit, and its socket is closed then.
            poll(&wait, 1, 100)
            let isStuck = state.withLock { state in
                guard let socket = state.socket else { return false }
                guard let sent = state.outbox.send(to: socket) else {
                    // The process reads no more. Its exit or the deadlines of its calls follow.
                    state.outbox.removeAll()
                    return false
                }
                if sent > 0 { lastTaken = .now }
                return state.outbox.count > Self.patientBytes
                    && MonotonicInstant.now.since(lastTaken) > Self.patience
            }
            if isStuck { kill("It did not read the host's messages for \(Self.patience.words).") }
        }
    }
}
