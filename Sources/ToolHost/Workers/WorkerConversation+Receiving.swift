import Locks
import Synchronization
import ToolRuntime

// MARK: - The messages, by the thread that reads them

extension WorkerConversation {
    /// The outcome of an attempt to receive messages.
    private enum Reception {
        /// All messages that had arrived are handled.
        case drained
        /// More messages may have arrived.
        case more
        /// The process's own thread must handle the messages.
        case left
        /// No messages follow, or none arrived in time.
        case over
    }

    /// The time for which a line that has not ended is held back, in milliseconds.
    private static let lineTime: Int32 = 200

    /// Receives messages on the process's own thread until no more follow.
    func receiveUntilEnd() {
        var isOpen = true
        process.armUnlessAssisted()
        while isOpen {
            let isUnfinished = receiver.withLock { $0.printed.isUnfinished }
            guard let events = process.poller.wait(isUnfinished ? Self.lineTime : -1) else { continue }
            if events.isEmpty { receiver.withLock { $0.printed.finishLine() } }
            if events.contains(.output), !receiver.withLock({ $0.printed.read() }) {
                process.poller.remove(output: process.output)
            }
            if events.contains(.socket) { process.isArmed.store(false, ordering: .sequentiallyConsistent) }
            // A caller that began to assist meanwhile reads the messages. To wait for it would take long.
            let isForThread = events.contains(.socket) && !process.isAssisted
            if isForThread || !events.isDisjoint(with: [.wake, .exit]) {
                isOpen = receiveAll()
                process.armUnlessAssisted()
            }
            if events.contains(.exit) { isOpen = false }
        }
    }

    /// Handles the messages that have arrived.
    ///
    /// - Returns: False if no more follow.
    private func receiveAll() -> Bool {
        while true {
            let (reception, reports) = receiver.withLock { receive(&$0, isAssisting: false) }
            reports.forEach { $0.deliver() }
            switch reception {
            case .more, .left: continue
            case .drained: return true
            case .over: return false
            }
        }
    }

    /// Receives messages on the caller's thread, which waits for a result.
    ///
    /// The program's log and output handlers may wait for that thread, so they run on the process's own thread. It also
    /// handles the messages after those.
    ///
    /// - Parameters:
    ///   - end: The time until which to wait. If it has passed, the process's own thread receives the messages.
    ///   - isDone: Returns true when there is nothing more to wait for.
    func assist(until end: MonotonicInstant, isDone: () -> Bool) {
        guard MonotonicInstant.now < end else { return process.armUnlessAssisted() }
        process.beginAssisting()
        defer { process.endAssisting() }
        while !isDone() {
            let outcome = receiver.withLockIfAvailable { receiver -> (Reception, ShortList<CallReport>) in
                guard receiver.isOpen, !receiver.isLeft, receiver.stream.wait(until: end) else {
                    return (.over, ShortList())
                }
                return receive(&receiver, isAssisting: true)
            }
            // Another thread receives.
            guard let (reception, reports) = outcome else { return }
            reports.forEach { $0.call.report($0.end) }
            switch reception {
            case .drained, .more: continue
            case .left: return process.wakeThread()
            case .over: return
            }
        }
    }

    /// Reads once, without blocking, and handles the messages that have arrived.
    ///
    /// - Returns: The outcome, and the results to report when no lock is held.
    private func receive(
        _ receiver: inout WorkerReceiver,
        isAssisting: Bool
    ) -> (Reception, ShortList<CallReport>) {
        var reports = ShortList<CallReport>()
        guard receiver.isOpen else { return (.over, reports) }
        let reading = receiver.stream.read(counting: process.received)
        if isAssisting {
            // Lines that arrive after this check do not precede the messages that have been read.
            receiver.isLeft = receiver.mustShow
            if receiver.isLeft { return (.left, reports) }
        } else if reading != .nothing || receiver.isLeft {
            receiver.printed.catchUp()
        }
        do throws(FrameError) {
            if let message = receiver.leftMessage.take() { try handle(message, &receiver, &reports) }
            while let message = try receiver.stream.next() {
                if isAssisting, case .log = message {
                    receiver.leftMessage = message
                    receiver.isLeft = true
                    return (.left, reports)
                }
                try handle(message, &receiver, &reports)
            }
        } catch {
            process.kill("It broke the protocol of workers with \(error).")
            receiver.isOpen = false
            return (.over, reports)
        }
        receiver.isLeft = false
        if reading == .end {
            receiver.isOpen = false
            return (.over, reports)
        }
        return (reading == .full ? .more : .drained, reports)
    }
}
