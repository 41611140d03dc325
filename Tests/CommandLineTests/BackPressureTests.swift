import Foundation
import TestSupport
import Testing

/// A model that streams endlessly to a chat whose standard output is not read.
@Suite("Endless streams", .timeLimit(.minutes(5)))
struct BackPressureTests {
    /// A listening socket that accepts one connection.
    private struct Server {
        let listener: Int32
        let port: UInt16

        init() throws {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isListening = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                        && getsockname(descriptor, $0, &length) == 0
                }
            }
            try #require(isListening)
            listener = descriptor
            port = UInt16(bigEndian: address.sin_port)
        }

        /// Accepts the connection, reads the request and sends the head of the response.
        func accept() throws -> Int32 {
            var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            try #require(poll(&entry, 1, 60_000) == 1)
            // accept4 is not exported by the C module.
            let connection = Glibc.accept(listener, nil, nil)
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            var request: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
                let count = read(connection, &buffer, buffer.count)
                try #require(count > 0)
                request += buffer[..<count]
            }
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"
            #expect(write(connection, head, head.utf8.count) == head.utf8.count)
            return connection
        }
    }

    private static func isWritable(_ socket: Int32, within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, milliseconds) == 1 && entry.revents & Int16(POLLERR | POLLHUP) == 0
    }

    /// Sends repeatedly until the client has not read for a while, or closes the connection.
    private static func send(_ bytes: [UInt8], to socket: Int32, limit: Int) -> Int {
        var sent = 0
        while sent < limit, isWritable(socket, within: 2000) {
            let start = sent % bytes.count
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map {
                    Foundation.send(socket, $0 + start, bytes.count - start, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
                } ?? 0
            }
            if count < 0, errno == EAGAIN { continue }
            if count <= 0 { break }
            sent += count
        }
        return sent
    }

    private static let limit = 64 << 20

    @Test(
        "an endless stream is read only as fast as standard output",
        arguments: [
            ("of short lines", 16), ("of long lines", 1 << 20),
        ]
    )
    func unreadOutput(name: String, length: Int) throws {
        let content = String(repeating: "x", count: length)
        let line = #"{"message":{"role":"assistant","content":"\#(content)"},"done":false}"#
        let server = try Server()
        defer { close(server.listener) }
        let directory = try FixtureDirectory()
        let errors = try directory.file("errors", [])
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var command = Command("chat", "-m", "qwen3", "--num-ctx", "4096", "Hello", plugins: directory)
        command.environment["OLLAMA_HOST"] = "127.0.0.1:\(server.port)"
        let running = try command.start(in: directory) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_APPEND, 0)
        }
        close(ends[1])
        defer { close(ends[0]) }
        let connection = try server.accept()
        defer { close(connection) }
        let block = Array(String(repeating: line + "\n", count: max(1, (64 << 10) / line.utf8.count)).utf8)
        // The kernel and the client buffer a few MiB.
        let sent = Self.send(block, to: connection, limit: Self.limit)
        #expect(sent < Self.limit, "the socket was read on, though nobody reads the answer")
        let peak = try running.peakMemory()
        #expect(peak < 120, "\(peak) MiB")
        // Once the answer is read, the stream goes on.
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !Self.isWritable(connection, within: 0) { try #require(read(ends[0], &buffer, buffer.count) > 0) }
        running.send(SIGKILL)
        #expect(running.wait() == -SIGKILL)
    }

    @Test("an endless line is discarded at the limit")
    func endlessLine() throws {
        let server = try Server()
        defer { close(server.listener) }
        let directory = try FixtureDirectory()
        let (output, errors) = (try directory.file("output", []), try directory.file("errors", []))
        var command = Command("chat", "-m", "qwen3", "--num-ctx", "4096", "Hello", plugins: directory)
        command.environment["OLLAMA_HOST"] = "127.0.0.1:\(server.port)"
        let running = try command.start(in: directory) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_APPEND, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_APPEND, 0)
        }
        let connection = try server.accept()
        defer { close(connection) }
        let sent = Self.send(Array(repeating: UInt8(ascii: " "), count: 1 << 16), to: connection, limit: 1 << 30)
        #expect(sent >= 64 << 20 && sent < 1 << 30)
        #expect(running.wait() == 7)
        #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("more than 67108864 bytes in one piece"))
    }
}
