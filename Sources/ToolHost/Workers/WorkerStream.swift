import Glibc
import Synchronization
import ToolRuntime

/// The messages that come from a worker's socket.
struct WorkerStream {
    let socket: Int32
    private var decoder = FrameDecoder()
    private var assembly: MessageAssembly
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(socket: Int32, messageBytes: Int) {
        self.socket = socket
        assembly = MessageAssembly(limit: messageBytes)
    }

    /// Reads the messages that have arrived, without blocking.
    ///
    /// - Parameters:
    ///   - heard: The number of bytes read, which is increased.
    ///   - received: Called after each read, before its messages.
    ///   - hear: Called with each message.
    /// - Returns: False at the end of the stream.
    mutating func read(
        counting heard: borrowing Atomic<Int>,
        received: () -> Void,
        _ hear: (WorkerMessage) throws(FrameError) -> Void
    ) throws(FrameError) -> Bool {
        while true {
            let count = Glibc.recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return true }
            guard count > 0 else { return false }
            heard.add(count, ordering: .relaxed)
            received()
            decoder.append(buffer[..<count])
            while let frame = try decoder.next() {
                if let whole = try assembly.take(frame) { try hear(try WorkerMessage(whole)) }
            }
            // More may follow only a full buffer; another read would be a wasted system call.
            if count < buffer.count { return true }
        }
    }
}
