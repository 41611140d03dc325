import TestSupport
import Testing

@Suite("The scripted server", .timeLimit(.minutes(5)))
struct ScriptedServerTests {
    private static let request = Array("GET /a HTTP/1.1\r\nHost: x\r\n\r\n".utf8)

    @Test("a raw reply is sent as given, and its connection stays open")
    func raw() async throws {
        let pieces = ["HTTP/1.1 2", "00\r\nContent-Le", "ngth: 1\r\n\r\n", "", "a"]
        let server = try ScriptedServer([
            .raw(pieces.map { Array($0.utf8) }), .raw([Array("not HTTP".utf8)]).thenClosing,
        ])
        let connection = try RawConnection(port: server.port)
        connection.send(Self.request)
        #expect(try connection.receive(until: "\r\n\r\na") == pieces.joined())
        connection.send(Self.request)
        #expect(String(decoding: try connection.receiveAll(), as: UTF8.self) == "not HTTP")
        #expect(await server.outcome(of: 1) == .completed)
        #expect(server.requests.map(\.connection) == [0, 0])
        #expect(server.connections == 1)
    }

    @Test("a scripted close ends a connection that the reply did not announce to close")
    func thenClosing() async throws {
        let server = try ScriptedServer([.json("1").thenClosing, .json("2")])
        for number in 0..<2 {
            let connection = try RawConnection(port: server.port)
            connection.send(Self.request)
            #expect(!(try connection.receive(until: "\(number + 1)").lowercased().contains("connection")))
            if number == 0 { #expect(try connection.receive().isEmpty) }
        }
        #expect(server.connections == 2)
        #expect(server.requests.map(\.connection) == [0, 1])
    }

    @Test("a scripted reply can close or reset the connection instead of responding")
    func dropped() async throws {
        let server = try ScriptedServer([.json("1"), .dropped, .json("1"), .reset])
        for isReset in [false, true] {
            let connection = try RawConnection(port: server.port)
            connection.send(Self.request)
            _ = try connection.receive(until: "\r\n\r\n1")
            connection.send(Self.request)
            if isReset {
                let failure = #expect(throws: RawConnection.Failure.self) { try connection.receive() }
                #expect(failure?.description == "read: Connection reset by peer")
            } else {
                #expect(try connection.receive().isEmpty)
            }
        }
        #expect(await server.outcome(of: 1) == .dropped)
        #expect(await server.outcome(of: 3) == .dropped)
    }

    @Test("a scripted reply can reset the connection within a response")
    func resetWithin() throws {
        let gate = ScriptedServer.Gate()
        let server = try ScriptedServer([.init(steps: [.bytes(Array("abc".utf8)), .wait(gate), .reset])])
        let connection = try RawConnection(port: server.port)
        connection.send(Self.request)
        _ = try connection.receive(until: "abc\r\n")
        gate.open()
        #expect(throws: RawConnection.Failure.self) { try connection.receive() }
    }

    @Test("the request targets that a proxy receives are recorded")
    func proxy() throws {
        let server = try ScriptedServer([
            .json("1"), .raw([Array("HTTP/1.1 200 Established\r\n\r\n".utf8)]), .json("3"),
        ])
        let connection = try RawConnection(port: server.port)
        for (request, end) in [
            (
                "POST http://a.example:11434/api/chat HTTP/1.1\r\nHost: a.example:11434\r\nContent-Length: 0\r\n\r\n",
                "\r\n\r\n1"
            ),
            ("CONNECT a.example:11434 HTTP/1.1\r\nHost: a.example:11434\r\n\r\n", "\r\n\r\n"),
            ("GET /through HTTP/1.1\r\nHost: a.example\r\n\r\n", "\r\n\r\n3"),
        ] {
            connection.send(request.utf8)
            #expect(try connection.receive(until: end).hasSuffix(end))
        }
        #expect(server.requests.map(\.path) == ["http://a.example:11434/api/chat", "a.example:11434", "/through"])
        #expect(server.requests.map(\.method) == ["POST", "CONNECT", "GET"])
    }

    @Test("a scripted server listens on a Unix socket")
    func unixSocket() async throws {
        let directory = try FixtureDirectory()
        let path = directory.path + "/socket"
        let server = try ScriptedServer([.hanging("1")], unixSocket: path)
        #expect(server.unixSocket == path && server.port == 0)
        do {
            let connection = try RawConnection(path: path)
            connection.send(Self.request)
            _ = try connection.receive(until: "1\n")
        }
        #expect(await server.outcome(of: 0) == .clientClosed)
        #expect(throws: ScriptedServer.Failure.self) { try ScriptedServer([], unixSocket: path) }
    }

    @Test("a request that is not HTTP is answered with an error and not recorded")
    func notHTTP() throws {
        let server = try ScriptedServer([])
        let answer = try RawHTTP(port: server.port).exchange(Array("\u{16}\u{3}\u{1}\r\n\r\n".utf8))
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
        #expect(server.requests.isEmpty)
    }

    @Test("a server that stops ends a held reply, also one that the client does not read")
    func stops() async throws {
        let gate = ScriptedServer.Gate()
        let large = ScriptedServer.Reply.body(String(repeating: "a", count: 64 << 20))
        let server = try ScriptedServer([.json("1").held(by: gate), large])
        let connections = try (0..<2).map { _ in try RawConnection(port: server.port) }
        for connection in connections { connection.send(Self.request) }
        _ = await server.request(1)
        server.stop()
        await server.stopped()
        #expect(await server.outcome(of: 0) == .stopped)
        #expect(await server.outcome(of: 1) == .stopped)
        withExtendedLifetime(connections) {}
    }
}
