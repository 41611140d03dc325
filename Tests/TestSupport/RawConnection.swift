import Glibc

/// A plain client socket, for tests of a server that control every byte.
///
/// A read or write that takes longer than 20 seconds fails. The socket is closed when the connection is released.
public final class RawConnection {
    /// The reason for a failure.
    public struct Failure: Error, CustomStringConvertible {
        /// A description of the cause.
        public let description: String
    }

    private let descriptor: Int32

    /// Connects to a port of 127.0.0.1.
    public convenience init(port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try self.init(AF_INET, address)
    }

    /// Connects to a Unix socket.
    public convenience init(path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Failure(description: "the path of the socket is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try self.init(AF_UNIX, address)
    }

    private init<Address>(_ family: Int32, _ address: Address) throws {
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure("socket") }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
        }
        let result = withUnsafeBytes(of: address) { bytes in
            connect(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
        guard result == 0 else {
            let error = Self.failure("connect")
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Sends bytes.
    ///
    /// - Returns: False if the server no longer reads. Its response may still be available.
    @discardableResult
    public func send(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Receives the next bytes.
    ///
    /// An empty result is the end of the stream.
    public func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw Self.failure("read") }
        return Array(buffer.prefix(count))
    }

    /// Receives until the bytes so far contain a string, or the stream ends.
    public func receive(until end: String) throws -> String {
        var received: [UInt8] = []
        while !String(decoding: received, as: UTF8.self).contains(end), case let more = try receive(), !more.isEmpty {
            received += more
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// Receives until the stream ends, or until an error after the first bytes.
    public func receiveAll() throws -> [UInt8] {
        var received = try receive()
        while let more = try? receive(), !more.isEmpty { received += more }
        return received
    }

    private static func failure(_ call: String) -> Failure {
        Failure(description: "\(call): \(String(cString: strerror(errno)))")
    }
}
