import CWorker
import Synchronization
import SystemPackage
import ToolRuntime

/// The messages that come from a worker's socket.
struct WorkerStream {
    /// The outcome of a read.
    enum Reading { case nothing, some, full, end }

    /// The socket, which does not block.
    let socket: FileDescriptor
    private var decoder = FrameDecoder()
    private var assembly: MessageAssembly

    init(socket: FileDescriptor, messageBytes: Int) {
        self.socket = socket
        assembly = MessageAssembly(limit: messageBytes)
    }

    /// Waits for bytes.
    ///
    /// - Returns: False if none arrived in time.
    func wait(until end: MonotonicInstant) -> Bool {
        let now = MonotonicInstant.now
        guard now < end else { return false }
        return worker_wait_readable(socket.rawValue, end.nanoseconds - now.nanoseconds) != 0
    }

    /// Reads bytes that have arrived, without blocking.
    ///
    /// - Parameter total: The number of bytes read so far, which is increased.
    /// - Returns: The outcome. After a full buffer, more bytes may have arrived.
    mutating func read(counting total: borrowing Atomic<Int>) -> Reading {
        let socket = socket
        var room = 0
        let count: Int
        do {
            count = try decoder.fill { memory in
                room = memory.count
                return try socket.read(into: memory)
            }
        } catch {
            return error as? Errno == .wouldBlock ? .nothing : .end
        }
        guard count > 0 else { return .end }
        total.add(count, ordering: .relaxed)
        return count < room ? .some : .full
    }

    /// Returns the next of the messages that have been read, or nil if there is none.
    mutating func next() throws(FrameError) -> WorkerMessage? {
        while let frame = try decoder.next() {
            if let whole = try assembly.take(frame) { return try WorkerMessage(whole) }
        }
        return nil
    }
}
