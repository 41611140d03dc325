import Foundation
import HTTPClient
import TestSupport
import Testing

@Suite("The transport over libcurl", .timeLimit(.minutes(10)))
struct CurlTransportTests {
    private let transport = CurlTransport()

    @Test("a request is sent with its method, headers and body, without asking the server first")
    func request() async throws {
        let server = try ScriptedServer([.body("one"), .body("two")])
        defer { server.stop() }
        // Larger than the size from which libcurl would send Expect: 100-continue.
        let body = [UInt8](repeating: 0x61, count: 3 << 20)
        var request = server.request(.post, "/api/chat?x=1", body: body)
        request.headers = [
            HTTPHeader("Content-Type", "application/json"), HTTPHeader("X-Colon", "a: b"), HTTPHeader("X-Empty", ""),
        ]
        #expect(try await transport.receive(request).text == "one")
        #expect(try await transport.receive(server.request(.get, "/api/tags")).text == "two")
        let sent = server.requests
        #expect(sent[0].method == "POST" && sent[0].path == "/api/chat?x=1")
        #expect(sent[0].body == body)
        #expect(sent[0].header("content-type") == "application/json" && sent[0].header("x-colon") == "a: b")
        #expect(sent[0].header("x-empty")?.isEmpty == true)
        #expect(sent[0].header("expect") == nil)
        #expect(sent[1].method == "GET" && sent[1].body.isEmpty)
    }

    @Test(
        "a body is read with any framing, split at any byte",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX: y\r\n\r\nHello world",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n6\r\nHello \r\n5;a=b\r\nworld\r\n0\r\nT: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\nX: y\r\n\r\nHello world",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\nX: y\r\n\r\nHello world",
        ]
    )
    func framing(response: String) async throws {
        let bytes = Array(response.utf8)
        let server = try ScriptedServer(
            (1...bytes.count).map { ScriptedServer.Reply.raw([Array(bytes[..<$0]), Array(bytes[$0...])]).thenClosing }
        )
        defer { server.stop() }
        for split in 1...bytes.count {
            let received = try await transport.receive(server.request())
            #expect(received.text == "Hello world" && received.error == nil, "split at \(split): \(received)")
            #expect(received.status == 200 && received.headers.contains(HTTPHeader("X", "y")))
        }
    }

    @Test(
        "a connection that closes at any byte before the end is reported as lost",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nHello world",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nHello \r\n5\r\nworld\r\n0\r\n\r\n",
        ]
    )
    func cutOff(response: String) async throws {
        let bytes = Array(response.utf8)
        let server = try ScriptedServer(
            (0..<bytes.count).map { ScriptedServer.Reply.raw([Array(bytes[..<$0])]).thenClosing }
        )
        defer { server.stop() }
        for count in 0..<bytes.count {
            let received = try await transport.receive(server.request())
            // libcurl does not require the last line break, which has no content.
            if received.text == "Hello world" { continue }
            let code = try #require(received.error?.code, "cut after \(count) bytes: \(received)")
            // A part of a status line is not HTTP.
            #expect([.connectionLost, .invalidResponse].contains(code), "cut after \(count) bytes: \(received)")
            #expect("Hello world".hasPrefix(received.text))
        }
    }

    @Test("a server that stops at any byte times out")
    func stall() async throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHi".utf8)
        // Replies are chosen by path and not by order: on a busy machine a request may end before it arrives.
        let reply = ScriptedServer.Reply.answering { .raw([Array(bytes.prefix(Int($0.path.dropFirst()) ?? 0))]) }
        let server = try ScriptedServer(Array(repeating: reply, count: bytes.count))
        defer { server.stop() }
        for count in 0..<bytes.count {
            let isHead = count < bytes.count - 2
            var request = server.request(.get, "/\(count)")
            if isHead { request.timeouts.firstByte = .milliseconds(30) }
            request.timeouts.idle = .milliseconds(30)
            let received = try await transport.receive(request)
            #expect(received.error?.code == (isHead ? .responseTimedOut : .bodyTimedOut), "\(count): \(received)")
        }
    }

    @Test(
        "a response that is not HTTP is rejected",
        arguments: [
            "", "garbage\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n\r\nx", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
            "HTTP/9.9 200 OK\r\n\r\n", "SSH-2.0-OpenSSH\r\n",
        ]
    )
    func notHTTP(response: String) async throws {
        let server = try ScriptedServer([ScriptedServer.Reply.raw([Array(response.utf8)]).thenClosing])
        defer { server.stop() }
        let received = try await transport.receive(server.request())
        #expect(received.error != nil, "\(received)")
    }

    @Test("an endless head is rejected")
    func endlessHead() async throws {
        let line = Array(("X: " + String(repeating: "y", count: 1000) + "\r\n").utf8)
        let server = try ScriptedServer([.raw([Array("HTTP/1.1 200 OK\r\n".utf8)] + Array(repeating: line, count: 400))]
        )
        defer { server.stop() }
        let received = try await transport.receive(server.request())
        #expect(received.error?.code == .invalidResponse, "\(received)")
    }

    @Test("a redirect is not followed")
    func redirect() async throws {
        let other = try ScriptedServer([.body("other")])
        let server = try ScriptedServer([.redirect(to: "http://\(other.address)/")])
        defer {
            server.stop()
            other.stop()
        }
        let received = try await transport.receive(server.request())
        #expect(received.status == 307)
        #expect(received.headers.contains { $0.name == "Location" && $0.value == "http://\(other.address)/" })
        #expect(other.connections == 0)
    }

    @Test("a connection is reused, and a request is sent again if the server has closed it")
    func keptConnection() async throws {
        let server = try ScriptedServer([.body("1"), ScriptedServer.Reply.body("2").thenClosing, .body("3")])
        defer { server.stop() }
        for text in ["1", "2"] { #expect(try await transport.receive(server.request()).text == text) }
        #expect(server.connections == 1)
        #expect(await server.outcome(of: 1) == .completed)
        #expect(try await transport.receive(server.request(.post, body: [1, 2, 3])).text == "3")
        #expect(server.connections == 2)
        #expect(server.requests.count == 3)
    }

    @Test("a request is sent again only once if a reused connection closes")
    func keptConnectionDies() async throws {
        let server = try ScriptedServer([.body("1"), .dropped, .body("2"), .dropped])
        defer { server.stop() }
        #expect(try await transport.receive(server.request()).text == "1")
        #expect(try await transport.receive(server.request(.post, body: [1])).text == "2")
        #expect(server.requests.count == 3)
        // A new connection that is closed without a byte is a failure.
        let alone = CurlTransport()
        #expect(try await alone.receive(server.request()).error?.code == .connectionLost)
        #expect(server.requests.count == 4)
    }

    @Test("a request is sent at most twice, however many connections have closed")
    func keptConnectionsDie() async throws {
        let gate = ScriptedServer.Gate()
        let first = Array(repeating: ScriptedServer.Reply.body("1").held(by: gate), count: 3)
        let server = try ScriptedServer(first + [.dropped, .dropped, .dropped, .dropped])
        defer { server.stop() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await transport.receive(server.request()) } }
            _ = await server.request(2)
            gate.open()
            try await group.waitForAll()
        }
        #expect(try await transport.receive(server.request(.post, body: [1])).error?.code == .connectionLost)
        #expect(server.requests.count { $0.method == "POST" } == 2)
        // The second request used a new connection.
        #expect(server.connections == 4)
    }

    @Test("a child process inherits no connection")
    func descriptors() async throws {
        let server = try ScriptedServer([.hanging("a")])
        defer { server.stop() }
        let response = try await transport.send(server.request())
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        let flags = descriptors.compactMap { descriptor -> Int32? in
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutableBytes(of: &address) { bytes in
                getpeername(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
            }
            guard result == 0, address.sin_family == AF_INET, UInt16(bigEndian: address.sin_port) == server.port else {
                return nil
            }
            return fcntl(descriptor, F_GETFD)
        }
        #expect(flags == [FD_CLOEXEC])
        #expect(response.status == 200)
    }

    @Test("a request is sent over a Unix socket")
    func unixSocket() async throws {
        let directory = try FixtureDirectory()
        let path = directory.path + "/server.sock"
        let server = try ScriptedServer([.body("hello")], unixSocket: path)
        defer { server.stop() }
        let request = HTTPRequest(.get, "http://localhost/api/tags", unixSocket: path)
        #expect(try await transport.receive(request).text == "hello")
        #expect(server.requests[0].path == "/api/tags")
        let missing = HTTPRequest(.get, "http://localhost/", unixSocket: directory.path + "/none.sock")
        #expect(try await transport.receive(missing).error?.code == .connectionFailed)
    }

    @Test(
        "a malformed request is rejected before it is sent",
        arguments: [
            HTTPRequest(.get, "http://127.0.0.1:1/a b"), HTTPRequest(.get, "http://127.0.0.1:1/\r\nX: y"),
            HTTPRequest(.get, "http://127.0.0.1:1/", headers: [HTTPHeader("Authorization", "Bearer a\r\nX: y")]),
            HTTPRequest(.get, "http://127.0.0.1:1/", headers: [HTTPHeader("A\nB", "c")]),
            HTTPRequest(.get, "http://127.0.0.1:1/\0"), HTTPRequest(.get, "http://localhost/", unixSocket: ""),
            HTTPRequest(.get, "http://localhost/", unixSocket: String(repeating: "x", count: 200)),
            HTTPRequest(.get, "http://127.0.0.1:99999/"), HTTPRequest(.get, "http://127.0.0.1:1/a \u{301}"),
            // libcurl would send this request to model.invalid.
            HTTPRequest(.get, "http:/model.invalid/://localhost/"),
        ]
    )
    func malformed(request: HTTPRequest) async throws {
        #expect(try await transport.receive(request).error?.code == .invalidRequest)
    }

    @Test(
        "an address with another protocol than HTTP is rejected",
        arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://x/"]
    )
    func protocols(url: String) async throws {
        let received = try await transport.receive(HTTPRequest(.get, url))
        #expect(received.error != nil && received.body.isEmpty, "\(received)")
    }

    @Test("an unreachable host is named in the error")
    func unreachable() async throws {
        let refused = try await transport.receive(HTTPRequest(.get, "http://127.0.0.1:1/")).error
        #expect(refused?.code == .connectionFailed)
        #expect(refused?.reason == "Failed to connect to 127.0.0.1 port 1: Connection refused")
        let unknown = try await transport.receive(HTTPRequest(.get, "http://host.invalid/")).error
        #expect(unknown?.code == .connectionFailed)
        #expect(unknown?.reason.contains("host.invalid") == true, "\(String(describing: unknown))")
    }
}
