import Glibc
import SystemPackage
import ToolRuntime

/// The bytes for a worker process that its socket has not taken yet.
struct WorkerOutbox {
    private var bytes: [UInt8] = []
    /// The number of bytes that the socket has taken of ``bytes``.
    private var taken = 0
    /// The number of bytes that the socket has taken of all messages.
    private(set) var sentBytes = 0
    /// True while a thread sends the bytes as the process reads them.
    var isDraining = false

    /// The capacity that is reused for later messages.
    private static let keptCapacity = 64 << 10

    /// The number of bytes that the socket has not taken.
    var count: Int { bytes.count - taken }

    /// Appends a message.
    ///
    /// - Returns: The number of bytes of all messages before it.
    mutating func append(_ message: HostMessage) -> Int {
        let position = sentBytes + count
        message.encode(into: &bytes)
        return position
    }

    /// Sends what the socket takes without blocking.
    ///
    /// By hand, because swift-system has no `send` with `MSG_NOSIGNAL`, and a write would raise `SIGPIPE`.
    ///
    /// - Returns: The number of bytes that the socket took, or nil if it will never take any.
    mutating func send(to socket: FileDescriptor) -> Int? {
        while true {
            let sent = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[taken...])
                return Glibc.send(
                    socket.rawValue,
                    rest.baseAddress,
                    rest.count,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                )
            }
            if sent >= 0 {
                take(sent)
                return sent
            }
            switch Errno(rawValue: errno) {
            case .interrupted: continue
            case .wouldBlock: return 0
            default: return nil
            }
        }
    }

    /// Drops the bytes that the socket has not taken.
    mutating func removeAll() {
        bytes = []
        taken = 0
    }

    private mutating func take(_ sent: Int) {
        sentBytes += sent
        taken += sent
        guard taken == bytes.count else { return }
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        taken = 0
    }
}
