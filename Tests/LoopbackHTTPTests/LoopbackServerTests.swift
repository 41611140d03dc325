import LoopbackHTTP
import TestSupport
import Testing

@Suite("A server on loopback", .timeLimit(.minutes(5)))
struct LoopbackServerTests {
    private let server: TestServer

    init() throws { server = try TestServer() }

    @Test("requests on one connection are answered in order, also when they are sent together")
    func keepsAlive() throws {
        let connection = try server.connect()
        let request = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
        for _ in 0..<2 {
            connection.send(request.utf8)
            let response = try connection.receive(until: "POST /a hi.")
            #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(response.contains("\r\nContent-Length: 11\r\n"))
            #expect(!response.contains("Connection"))
        }
        connection.send((request + request + "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").utf8)
        let rest = String(decoding: try connection.receiveAll(), as: UTF8.self)
        #expect(rest.split(separator: "POST /a hi.").count == 3)
        #expect(rest.hasSuffix("\r\nConnection: close\r\n\r\nGET /b ."))
    }

    @Test(
        "a response is framed as the client's version and method require",
        arguments: [
            ("GET /a HTTP/1.0\r\n\r\n", "Content-Length: 8\r\nConnection: close\r\n\r\nGET /a ."),
            (
                "HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "Content-Length: 9\r\nConnection: close\r\n\r\n"
            ),
            ("GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200 OK\r\nConnection: close\r\n\r\nonetwo"),
            (
                "GET /chunks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"
            ),
            (
                "HEAD /chunks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            ),
        ]
    )
    func framing(request: String, end: String) throws {
        let connection = try server.connect()
        connection.send(request.utf8)
        #expect(String(decoding: try connection.receiveAll(), as: UTF8.self).hasSuffix(end))
    }

    @Test("a connection of HTTP/1.0 that stays open is announced")
    func oldKeepAlive() throws {
        let connection = try server.connect()
        for _ in 0..<2 {
            connection.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".utf8)
            #expect(try connection.receive(until: "GET / .").contains("\r\nConnection: keep-alive\r\n"))
        }
    }

    @Test("a client that expects 100 Continue receives it before it sends its chunks")
    func continues() throws {
        let connection = try server.connect()
        connection.send("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        #expect(try connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        for piece in ["1\r", "\na", "\r\n", "0\r\n\r", "\n"] { connection.send(piece.utf8) }
        #expect(try connection.receive(until: "PUT / a.").hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test("a body that is too large is refused, and the client can read the reason while it is sending")
    func largeBody() throws {
        var limits = LoopbackConnection.Limits()
        limits.body = 1 << 20
        let server = try TestServer(limits: limits)
        let body = [UInt8](repeating: 0x61, count: 16 << 20)
        for header in ["Content-Length: \(body.count)", "Expect: 100-continue\r\nContent-Length: \(body.count)"] {
            let connection = try server.connect()
            connection.send("PUT / HTTP/1.1\r\nHost: x\r\n\(header)\r\n\r\n".utf8)
            connection.send(body)
            let response = String(decoding: try connection.receiveAll(), as: UTF8.self)
            #expect(response.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(response.hasSuffix("\r\nConnection: close\r\n\r\nthe request body is larger than 1048576 bytes"))
        }
    }

    @Test("a connection without a request is closed")
    func idleClient() throws {
        var limits = LoopbackConnection.Limits()
        limits.idle = .milliseconds(50)
        let server = try TestServer(limits: limits)
        #expect(try server.connect().receiveAll().isEmpty)
    }

    @Test("a request that stops is answered with a timeout")
    func stalledRequest() throws {
        var limits = LoopbackConnection.Limits()
        limits.request = .milliseconds(50)
        let server = try TestServer(limits: limits)
        for start in ["\r\n", "GET", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"] {
            let connection = try server.connect()
            connection.send(start.utf8)
            #expect(try connection.receive(until: "in time").hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        }
    }

    @Test("a connection with an endless request is closed")
    func slowClient() throws {
        var limits = LoopbackConnection.Limits()
        limits.request = .milliseconds(100)
        let server = try TestServer(limits: limits)
        let connection = try server.connect()
        connection.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        // Sending fails once the server has closed.
        while connection.send("1\r\na\r\n".utf8) {}
        #expect(try connection.receive(until: "in time").hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
    }

    @Test("a connection to a client that does not read is closed")
    func unreadResponse() async throws {
        let (results, continuation) = AsyncStream.makeStream(of: Bool.self)
        var limits = LoopbackConnection.Limits()
        limits.write = .milliseconds(50)
        let server = try TestServer(limits: limits) { connection in
            continuation.yield(connection.write([UInt8](repeating: 0, count: 64 << 20)))
        }
        let connection = try server.connect()
        var iterator = results.makeAsyncIterator()
        #expect(await iterator.next() == false)
        withExtendedLifetime(connection) {}
    }

    @Test("a client that holds its connection does not delay others")
    func independentConnections() throws {
        let idle = try (0..<20).map { _ in try server.connect() }
        for connection in idle { connection.send("GET".utf8) }
        #expect(try RawHTTP(port: server.listener.port).send("GET", "/").body == "GET / .")
        for connection in idle { connection.send(" /late HTTP/1.1\r\nHost: x\r\n\r\n".utf8) }
        for connection in idle { #expect(try connection.receive(until: "GET /late .").hasPrefix("HTTP/1.1 200")) }
    }

    @Test("connections beyond the maximum are refused until one has ended")
    func manyConnections() throws {
        let server = try TestServer(maximumConnections: 8)
        let http = RawHTTP(port: server.listener.port)
        var open: [RawConnection] = []
        for _ in 0..<8 { open.append(try server.connect()) }
        // Each connection is served.
        for connection in open { connection.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n".utf8) }
        for connection in open { _ = try connection.receive(until: "GET /held .") }
        let refused = try server.connect()
        #expect(try refused.receive(until: "\r\n").hasPrefix("HTTP/1.1 503 Service Unavailable"))
        open = []
        // The refusal may also arrive as a reset.
        while (try? http.send("GET", "/").status) != 200 {}
    }

    @Test("a server that stops closes its connections and its port")
    func stops() throws {
        let (idle, busy) = (try server.connect(), try server.connect())
        busy.send("GET".utf8)
        // The server accepts both before it stops.
        _ = try RawHTTP(port: server.listener.port).send("GET", "/")
        server.stop()
        #expect(try idle.receiveAll().isEmpty)
        // Input that the server has not read causes a reset.
        #expect((try? busy.receiveAll()) ?? [] == [])
        while (try? server.connect()) != nil {}
    }

    @Test("a server listens on a Unix socket, which it removes when it stops")
    func unixSocket() throws {
        let directory = try FixtureDirectory()
        let path = directory.path + "/socket"
        do {
            let server = TestServer(try LoopbackListener(path: path))
            let connection = try RawConnection(path: path)
            connection.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            #expect(try connection.receive(until: "GET /a .").hasPrefix("HTTP/1.1 200 OK"))
            #expect(throws: LoopbackListener.Failure.self) { try LoopbackListener(path: path) }
            server.stop()
            while (try? RawConnection(path: path)) != nil {}
        }
        #expect(throws: LoopbackListener.Failure.self) {
            try LoopbackListener(path: directory.path + "/" + String(repeating: "a", count: 108))
        }
        _ = try LoopbackListener(path: path)
    }

    @Test("a port in use is reported with the system's reason, and a released port can be used immediately")
    func ports() throws {
        let port: UInt16
        do {
            let server = try TestServer()
            port = server.listener.port
            let failure = #expect(throws: LoopbackListener.Failure.self) { try LoopbackListener(port: port) }
            #expect(failure?.description == "Address already in use")
            // The server closes first, so that the connection stays in TIME_WAIT.
            _ = try RawHTTP(port: port).send("GET", "/")
            server.stop()
            while (try? server.connect()) != nil {}
        }
        #expect(try LoopbackListener(port: port).port == port)
    }
}
