import Glibc

/// One connection of a ``ScriptedServer``: requests are read and answered one after another.
struct Connection {
    private static let maximumBytes = 64 << 20

    private let descriptor: Int32
    private let script: Script
    private var received: [UInt8] = []

    init(_ descriptor: Int32, _ script: Script) {
        self.descriptor = descriptor
        self.script = script
        var isOn: Int32 = 1
        // Every step is to leave by itself, not when the kernel thinks it worthwhile.
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        // A program that a test starts must not hold the connection open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    mutating func serve() {
        defer {
            shutdown(descriptor, Int32(SHUT_RDWR))
            close(descriptor)
        }
        while let request = nextRequest() {
            let (index, reply) = script.take(request)
            let outcome = send(reply)
            let isLast = outcome != .completed || reply.framing == .close
            // What is told to have ended has ended: the connection is shut first.
            if isLast { shutdown(descriptor, Int32(SHUT_RDWR)) }
            script.finish(index, outcome)
            if isLast { return }
        }
    }

    // MARK: - Answering

    private func send(_ reply: ScriptedServer.Reply) -> ScriptedServer.Outcome {
        var unsentHead = reply.head[...]
        let isChunked = reply.framing == .chunked
        for step in reply.steps {
            switch step {
            case .head:
                guard write(unsentHead) else { return .clientClosed }
                unsentHead = []
            case .bytes(let bytes):
                // An empty chunk would end the body.
                guard !bytes.isEmpty else { continue }
                var piece = Array(unsentHead)
                if isChunked { piece += Array("\(String(bytes.count, radix: 16))\r\n".utf8) }
                piece += bytes
                if isChunked { piece += Array("\r\n".utf8) }
                guard write(piece) else { return .clientClosed }
                unsentHead = []
            case .wait(let gate):
                switch waitUntilClosed(descriptor, or: [gate, script.stopping]) {
                case .descriptor: return .clientClosed
                case .gate(0): break
                case .gate: return .stopped
                }
            case .drop:
                return .dropped
            }
        }
        return write(unsentHead + Array((isChunked ? "0\r\n\r\n" : "").utf8)) ? .completed : .clientClosed
    }

    private func write(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    // MARK: - Reading

    private mutating func nextRequest() -> ScriptedServer.Request? {
        let separator = Array("\r\n\r\n".utf8)
        var end = received.firstRange(of: separator)
        while end == nil {
            guard receive() else { return nil }
            end = received.firstRange(of: separator)
        }
        guard let end else { return nil }
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (name: parts[0].lowercased(), value: String((parts.last ?? "").drop { $0 == " " }))
        }
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard 0...Self.maximumBytes ~= length else { return nil }
        received.removeSubrange(..<end.upperBound)
        while received.count < length {
            guard receive() else { return nil }
        }
        let body = Array(received.prefix(length))
        received.removeFirst(length)
        return ScriptedServer.Request(method: String(words[0]), path: String(words[1]), headers: headers, body: body)
    }

    private mutating func receive() -> Bool {
        guard waitUntilReadable(descriptor, or: [script.stopping]) == .descriptor else { return false }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0, received.count + count <= 2 * Self.maximumBytes else { return false }
        received += buffer.prefix(count)
        return true
    }
}
