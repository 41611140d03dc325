import Synchronization
import SystemPackage
import ToolRuntime

/// The messages that come from a worker's socket.
struct WorkerStream {
    /// The socket, which does not block.
    let socket: FileDescriptor
    private var decoder = FrameDecoder()
    private var assembly: MessageAssembly
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(socket: FileDescriptor, messageBytes: Int) {
        self.socket = socket
        assembly = MessageAssembly(limit: messageBytes)
    }

    /// Reads the messages that have arrived, without blocking.
    ///
    /// - Parameters:
    ///   - total: The number of bytes read so far, which is increased.
    ///   - received: Called after each read, before its messages.
    ///   - handle: Called with each message.
    /// - Returns: False at the end of the stream.
    mutating func read(
        counting total: borrowing Atomic<Int>,
        received: () -> Void,
        _ handle: (WorkerMessage) throws(FrameError) -> Void
    ) throws(FrameError) -> Bool {
        let socket = socket
        while true {
            let count: Int
            do {
                count = try buffer.withUnsafeMutableBytes { try socket.read(into: $0) }
            } catch {
                return error as? Errno == .wouldBlock
            }
            guard count > 0 else { return false }
            total.add(count, ordering: .relaxed)
            received()
            decoder.append(buffer[..<count])
            while let frame = try decoder.next() {
                if let whole = try assembly.take(frame) { try handle(try WorkerMessage(whole)) }
            }
            // More may follow only a full buffer; another read would be a wasted system call.
            if count < buffer.count { return true }
        }
    }
}
