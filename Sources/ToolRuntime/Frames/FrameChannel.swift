import Glibc
import Locks

/// A worker's end of the socket.
///
/// One thread at a time receives; all threads send.
package final class FrameChannel: Sendable {
    private let socket: Int32
    // Locked while bytes are written, so that frames of different threads do not mix.
    private let sending = Lock(Sending())
    private let receiving = Lock(Receiving())

    private struct Sending {
        var waiting: [UInt8] = []
        /// True if a timer will send the waiting bytes.
        var isScheduled = false
    }

    private struct Receiving {
        var decoder = FrameDecoder()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
    }

    /// The maximum time for which a message of low urgency waits.
    private static let delay = Duration.milliseconds(20)
    /// The number of waiting bytes above which they are sent at once.
    private static let maximumWaiting = 16 << 10

    package init(_ socket: Int32) { self.socket = socket }

    /// Sends a message and all waiting ones.
    ///
    /// Blocks the calling thread while the host does not read.
    ///
    /// If the host has closed the socket, the message is dropped: the receiving thread detects the end.
    package func send(_ message: WorkerMessage) {
        sending.withLock { sending in
            for frame in message.frames { frame.encode(into: &sending.waiting) }
            write(&sending.waiting)
        }
    }

    /// Sends a message together with the next one, or after a short delay.
    ///
    /// Waking the host costs more than most calls do, so a message that is not urgent waits for another one.
    package func sendSoon(_ message: WorkerMessage) {
        let mustSchedule = sending.withLock { sending in
            for frame in message.frames { frame.encode(into: &sending.waiting) }
            if sending.waiting.count > Self.maximumWaiting { write(&sending.waiting) }
            defer { sending.isScheduled = sending.isScheduled || !sending.waiting.isEmpty }
            return !sending.isScheduled && !sending.waiting.isEmpty
        }
        guard mustSchedule else { return }
        _ = DeadlineTimer.shared.schedule(at: .now + Self.delay) { [self] in
            // Sending blocks while the host does not read, which must not delay the timer.
            if !HostThreads.shared.run({ [self] in flush() }) { flush() }
        }
    }

    private func flush() {
        sending.withLock { sending in
            sending.isScheduled = false
            write(&sending.waiting)
        }
    }

    private func write(_ bytes: inout [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { buffer in
                Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            start += count
        }
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.maximumWaiting * 4)
    }

    /// Waits for the next frame; returns nil after the host has closed the socket.
    package func receive() throws(FrameError) -> Frame? {
        try receiving.withLock { state throws(FrameError) in
            while true {
                if let frame = try state.decoder.next() { return frame }
                let count = Glibc.read(socket, &state.buffer, state.buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return nil }
                state.decoder.append(state.buffer[..<count])
            }
        }
    }
}
