import Glibc
import Synchronization

/// A listening socket on 127.0.0.1 or on a path in the file system, with a thread for each connection.
package final class LoopbackListener: Sendable {
    /// The reason why a socket cannot listen.
    package struct Failure: Error, CustomStringConvertible {
        /// The system's description of the error.
        package let description: String
    }

    private static let streamSocket = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    /// The port, or 0 for a Unix socket.
    package let port: UInt16

    private let descriptor: Int32
    private let path: String?
    private let isClosed = Atomic(false)
    private let connectionCount = Atomic(0)

    /// Listens on a port of 127.0.0.1, where 0 means any free port.
    package init(port: UInt16) throws(Failure) {
        descriptor = socket(AF_INET, Self.streamSocket, 0)
        path = nil
        var isOn: Int32 = 1
        // A restarted server may listen although old connections are still in TIME_WAIT.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        self.port = UInt16(bigEndian: try Self.listen(descriptor, &address).sin_port)
    }

    /// Listens on a Unix socket, which is created at the path and removed when the listener is closed.
    package init(path: String) throws(Failure) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Failure(description: "the path of the socket is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        descriptor = socket(AF_UNIX, Self.streamSocket, 0)
        port = 0
        self.path = path
        _ = try Self.listen(descriptor, &address)
    }

    deinit { close() }

    /// Binds the socket and returns its address, or closes the socket.
    private static func listen<Address>(_ socket: Int32, _ address: inout Address) throws(Failure) -> Address {
        var length = socklen_t(MemoryLayout<Address>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && Glibc.listen(socket, 128) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isListening else {
            let code = errno
            Glibc.close(socket)
            throw Failure(description: String(cString: strerror(code)))
        }
        return address
    }

    /// Accepts connections, runs the handler for each one on a separate thread, and closes the connection afterwards.
    ///
    /// The function blocks the calling thread until the latch opens, and then closes the listener. A connection beyond
    /// the maximum gets the status 503.
    package func serve(
        maximumConnections: Int = 256,
        limits: LoopbackConnection.Limits = LoopbackConnection.Limits(),
        until stop: Latch? = nil,
        _ handler: @escaping @Sendable (LoopbackConnection) -> Void
    ) {
        defer { close() }
        let latches = stop.map { [$0] } ?? []
        while true {
            if case .latch = Readiness.wait(for: .readable, on: descriptor, or: latches) { return }
            let socket = accept(descriptor, nil, nil)
            guard socket >= 0 else {
                // Without free descriptors or memory, accept fails immediately although a connection is waiting.
                if ![EINTR, EAGAIN, ECONNABORTED].contains(errno) { usleep(10_000) }
                continue
            }
            // accept4 is not exported by the C module.
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            let isFull = connectionCount.add(1, ordering: .relaxed).newValue > maximumConnections
            let isStarted =
                !isFull
                && startThread { [self] in
                    defer { connectionCount.subtract(1, ordering: .relaxed) }
                    let connection = LoopbackConnection(socket, limits: limits, stop: stop)
                    handler(connection)
                    connection.close()
                }
            if !isStarted {
                connectionCount.subtract(1, ordering: .relaxed)
                // The socket's buffer is empty, so this write does not block.
                let connection = LoopbackConnection(socket, limits: limits, stop: stop)
                _ = connection.send(.text("too many connections\n", status: 503), to: nil)
            }
        }
    }

    private func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        Glibc.close(descriptor)
        if let path { unlink(path) }
    }
}
