import Glibc
import Synchronization

/// A worker's end of the socket: one thread receives, all of them send.
package final class FrameChannel: Sendable {
    private let socket: Int32
    // Held while bytes are written, so that frames stay whole.
    private let sending = Mutex(Sending())
    private let receiving = Mutex(Receiving())

    private struct Sending {
        var waiting: [UInt8] = []
        /// Whether somebody will see to it that they go.
        var isDue = false
    }

    private struct Receiving {
        var decoder = FrameDecoder()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
    }

    /// How long a message may wait for company, and how many bytes may.
    private static let patience = Duration.milliseconds(20)
    private static let maximumWaiting = 16 << 10

    package init(_ socket: Int32) { self.socket = socket }

    /// Sends a message and all that wait, and blocks for as long as the host does not read.
    ///
    /// Nothing happens where the host is gone: the receiving thread finds that out.
    package func send(_ message: WorkerMessage) {
        sending.withLock { sending in
            for frame in message.frames { frame.encode(into: &sending.waiting) }
            write(&sending.waiting)
        }
    }

    /// Sends a message with the next one, or soon.
    ///
    /// Each time that the host is woken costs more than most calls do; what nobody waits for can go along.
    package func sendSoon(_ message: WorkerMessage) {
        let mustSchedule = sending.withLock { sending in
            for frame in message.frames { frame.encode(into: &sending.waiting) }
            if sending.waiting.count > Self.maximumWaiting { write(&sending.waiting) }
            defer { sending.isDue = sending.isDue || !sending.waiting.isEmpty }
            return !sending.isDue && !sending.waiting.isEmpty
        }
        guard mustSchedule else { return }
        _ = DeadlineTimer.shared.schedule(at: .now + Self.patience) { [self] in
            // The host may not read, and the timer must not wait for it.
            if !HostThreads.shared.run({ [self] in flush() }) { flush() }
        }
    }

    private func flush() {
        sending.withLock { sending in
            sending.isDue = false
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

    /// Waits for the next frame; `nil` at the end.
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
