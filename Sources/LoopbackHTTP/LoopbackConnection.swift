import Glibc

/// A connection from a client, used by one thread.
///
/// The connection is closed when it is released.
package final class LoopbackConnection {
    /// Limits for one connection.
    package struct Limits: Sendable {
        /// The maximum size of a request's body, in bytes.
        package var body = 64 << 20
        /// The maximum time between two requests.
        package var idle = Duration.seconds(300)
        /// The maximum time from the first byte of a request to its last.
        package var request = Duration.seconds(60)
        /// The maximum time to write one piece of a response.
        package var write = Duration.seconds(60)

        /// Creates the default limits.
        package init() {}
    }

    private static let lingerTime = Duration.seconds(2)

    /// The socket, or -1 once the connection is closed.
    package private(set) var descriptor: Int32

    private let limits: Limits
    private let stop: [Latch]
    private var parser: RequestParser
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(_ descriptor: Int32, limits: Limits, stop: Latch?) {
        (self.descriptor, self.limits) = (descriptor, limits)
        self.stop = stop.map { [$0] } ?? []
        parser = RequestParser(maximumBody: limits.body)
        var isOn: Int32 = 1
        // Send each chunk immediately. The call fails for a Unix socket, which needs no such option.
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close() }

    // MARK: - Reading

    /// Reads the next request, and sends `100 Continue` if the client expects it.
    ///
    /// - Returns: The request, or nil if the client closed the connection or was idle too long, or the server stops.
    /// - Throws: The error to respond with. Close the connection afterwards with ``finish()``.
    package func nextRequest() throws(RequestError) -> Request? {
        var wasIdle = parser.isIdle
        var deadline = ContinuousClock.now + (wasIdle ? limits.idle : limits.request)
        while true {
            if let request = try parser.next() { return request }
            if parser.takeExpectation(), !write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) { return nil }
            switch Readiness.wait(for: .readable, on: descriptor, or: stop, until: deadline) {
            case .latch: return nil
            case .timeout where wasIdle: return nil
            case .timeout: throw RequestError(status: 408, message: "the request did not arrive in time")
            case .ready: break
            }
            let count = receive()
            guard count > 0 else { return nil }
            parser.append(buffer[..<count])
            if wasIdle { deadline = .now + limits.request }
            wasIdle = false
        }
    }

    private func receive() -> Int {
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 || errno != EINTR { return count }
        }
    }

    // MARK: - Writing

    /// Sends a response.
    ///
    /// - Parameter request: The request, or nil if it could not be parsed.
    /// - Returns: False if the connection cannot be used for another request.
    package func send(_ response: Response, to request: Request?) -> Bool {
        var keepsAlive = request?.keepsAlive ?? false
        let isOld = request?.minorVersion == 0
        var headers = response.headers
        var pieces: [[UInt8]]
        switch response.body {
        case .whole(let bytes):
            headers.append(("Content-Length", String(bytes.count)))
            pieces = [bytes]
        case .chunks(let chunks) where isOld:
            // HTTP/1.0 has no chunks: the end of the connection ends the body.
            keepsAlive = false
            pieces = chunks
        case .chunks(let chunks):
            headers.append(("Transfer-Encoding", "chunked"))
            pieces = chunks.map(Response.chunk) + [Response.lastChunk]
        }
        if !keepsAlive || isOld { headers.append(("Connection", keepsAlive ? "keep-alive" : "close")) }
        if request?.method == "HEAD" { pieces = [] }
        let head = Response.head(status: response.status, headers: headers)
        return write(head + (pieces.first ?? [])) && pieces.dropFirst().allSatisfy(write) && keepsAlive
    }

    /// Writes bytes as given.
    ///
    /// - Returns: False if the client has closed the connection or does not read, or if the server stops.
    package func write(_ bytes: [UInt8]) -> Bool {
        let deadline = ContinuousClock.now + limits.write
        return bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
                let count = Glibc.send(descriptor, start, rest.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    guard Readiness.wait(for: .writable, on: descriptor, or: stop, until: deadline) == .ready else {
                        return false
                    }
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }

    // MARK: - Closing

    /// Sends the end of the stream, waits briefly for the client to close, and closes.
    ///
    /// Closing a socket with unread input would reset the connection, and the client could lose the response.
    package func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
        let deadline = ContinuousClock.now + Self.lingerTime
        while Readiness.wait(for: .readable, on: descriptor, or: stop, until: deadline) == .ready, receive() > 0 {}
        close()
    }

    /// Closes the connection.
    package func close() {
        guard descriptor >= 0 else { return }
        // A child process that inherited the socket would otherwise keep the connection open.
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Closes the connection with a reset, which also discards unsent output.
    package func reset() {
        guard descriptor >= 0 else { return }
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        Glibc.close(descriptor)
        descriptor = -1
    }
}
