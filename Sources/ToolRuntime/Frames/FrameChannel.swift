import Glibc
import Locks

/// A worker's end of the socket.
///
/// One thread at a time receives; all threads send.
package final class FrameChannel: Sendable {
    private let socket: Int32
    private let outbox = Outbox()
    // Locked while bytes are written, so that frames of different threads do not mix.
    private let sending = Lock(Sending())
    private let receiving = Lock(Receiving())

    private struct Sending {
        /// The number of bytes in the outbox.
        var waiting = 0
        /// The encoded message that is about to be put into the outbox.
        var encoded: [UInt8] = []
        /// True if a timer will send the waiting bytes.
        var isScheduled = false
        /// True if a thread will send the waiting bytes in about a millisecond.
        var isWatched = false
    }

    private struct Receiving {
        var decoder = FrameDecoder()
        var assembly = MessageAssembly(limit: 1 << 30)
    }

    /// The maximum time for which a message of low urgency waits.
    private static let delay = Duration.milliseconds(20)
    /// The size above which the memory of an encoded message is not kept.
    private static let maximumIdleBytes = 64 << 10

    package init(_ socket: Int32) { self.socket = socket }

    deinit { outbox.deallocate() }

    /// The addresses of the waiting bytes, for a signal handler.
    var waitingBytes: (bytes: UnsafeRawPointer, count: UnsafeMutableRawPointer) { outbox.addresses }

    // MARK: - Sending

    /// The time for which a message may wait for others.
    enum Urgency {
        /// It is sent at once, with all waiting ones.
        case now
        /// It is sent at once, unless a thread runs a short call and sends everything after it.
        case high
        /// It is sent with the next one, or after a short delay. Waking the host costs more than most calls do.
        case low
    }

    /// Sends a message.
    ///
    /// Blocks the calling thread while the host does not read.
    ///
    /// If the host has closed the socket, the message is dropped: the receiving thread detects the end.
    func send(_ message: WorkerMessage, _ urgency: Urgency = .high) { send(urgency) { message.encode(into: &$0) } }

    /// Sends encoded messages.
    func send(_ urgency: Urgency, _ encode: (inout [UInt8]) -> Void) {
        let mustSchedule = sending.withLock { sending in
            encode(&sending.encoded)
            defer { sending.encoded.removeAll(keepingCapacity: sending.encoded.capacity <= Self.maximumIdleBytes) }
            guard outbox.take(sending.waiting) else { return false }
            defer { outbox.put(sending.waiting) }
            if outbox.append(sending.encoded, after: sending.waiting) {
                sending.waiting += sending.encoded.count
                let mayWait = sending.isWatched ? urgency != .now : urgency == .low
                guard !mayWait else {
                    defer { sending.isScheduled = sending.isScheduled || !sending.isWatched }
                    return !sending.isScheduled && !sending.isWatched
                }
                writeOutbox(&sending)
            } else {
                writeOutbox(&sending)
                sending.encoded.withUnsafeBytes(write)
            }
            return false
        }
        guard mustSchedule else { return }
        _ = DeadlineTimer.shared.schedule(at: .now + Self.delay) { [self] in
            // Sending blocks while the host does not read, which must not delay the timer.
            if !HostThreads.shared.run({ [self] in flush() }) { flush() }
        }
    }

    /// Lets messages wait until the next ``flush(endsWatch:)``.
    ///
    /// The caller makes sure that a thread calls it in about a millisecond, until one ends the watch.
    func beginWatch() { sending.withLock { $0.isWatched = true } }

    /// Sends all waiting messages.
    ///
    /// - Parameter endsWatch: False if later messages may wait, provided that they may now. Only the thread that began
    ///   the watch, or took over from it, can tell that it must end.
    func flush(endsWatch: Bool = true) {
        sending.withLock { sending in
            if endsWatch { sending.isWatched = false }
            sending.isScheduled = false
            guard sending.waiting > 0, outbox.take(sending.waiting) else { return }
            writeOutbox(&sending)
            outbox.put(sending.waiting)
        }
    }

    private func writeOutbox(_ sending: inout Sending) {
        write(outbox.bytes(sending.waiting))
        sending.waiting = 0
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.send(socket, piece.baseAddress, piece.count, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
    }

    // MARK: - Receiving

    /// Waits for the next message; returns nil after the host has closed the socket.
    ///
    /// All waiting messages are sent before this thread waits.
    func receive() throws(FrameError) -> HostMessage? {
        try receiving.withLock { state throws(FrameError) in
            while true {
                while let frame = try state.decoder.next() {
                    if let whole = try state.assembly.take(frame) { return try HostMessage(whole) }
                }
                flush()
                let count = state.decoder.fill { Glibc.recv(socket, $0.baseAddress, $0.count, 0) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return nil }
            }
        }
    }
}
