import Glibc
import Synchronization

/// A worker's end of the socket: one thread receives, all of them send.
package final class FrameChannel: Sendable {
    private let socket: Int32
    // Held while a frame is written, so that frames stay whole.
    private let sending = Mutex(())
    private let receiving = Mutex(Receiving())

    private struct Receiving {
        var decoder = FrameDecoder()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
    }

    package init(_ socket: Int32) { self.socket = socket }

    /// Sends a message, and blocks for as long as the host does not read.
    ///
    /// Nothing happens where the host is gone: the receiving thread finds that out.
    package func send(_ message: WorkerMessage) {
        for frame in message.frames {
            let bytes = frame.encoded
            sending.withLock { _ in
                var start = 0
                while start < bytes.count {
                    let count = bytes[start...].withUnsafeBytes { buffer in
                        Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
                    }
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { return }
                    start += count
                }
            }
        }
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
