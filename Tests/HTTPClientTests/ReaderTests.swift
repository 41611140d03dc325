import HTTPClient
import TestSupport
import Testing

@Suite("The reader of a response", .timeLimit(.minutes(10)))
struct ReaderTests {
    private let transport = CurlTransport()

    @Test("a reader that discards a short rest keeps the connection open")
    func discard() async throws {
        let server = try ScriptedServer([.pieces([Array("a".utf8), Array("b".utf8)]), .body("next")])
        defer { server.stop() }
        let response = try await transport.send(server.request())
        for try await _ in response.body { break }
        response.body.discard()
        #expect(await server.outcome(of: 0) == .completed)
        #expect(try await transport.receive(server.request()).text == "next")
        #expect(server.connections == 1)
    }

    @Test("a reader that pauses stops the server, and can resume")
    func backPressure() async throws {
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
        let large = ScriptedServer.Reply.pieces(Array(repeating: megabyte, count: 64))
        let server = try ScriptedServer([large, large, large])
        defer { server.stop() }
        var abandoned: HTTPResponse? = try await transport.send(server.request())
        let paused = try await transport.send(server.request())
        // The same number of bytes passes on the same thread. If the paused bytes were read, they would be complete by
        // then.
        #expect(try await transport.receive(server.request()).body.count == 64 << 20)
        #expect(abandoned?.status == 200)
        abandoned = nil
        #expect(await server.outcome(of: 0) == .clientClosed)
        #expect(try await paused.body.collect(limit: .max)?.count == 64 << 20)
    }

    @Test("a response that is released closes the connection")
    func letGo() async throws {
        let server = try ScriptedServer([.hanging("a")])
        defer { server.stop() }
        var response: HTTPResponse? = try await transport.send(server.request())
        #expect(response?.status == 200)
        response = nil
        #expect(await server.outcome(of: 0) == .clientClosed)
    }

    @Test(
        "a reader whose task is cancelled gets CancellationError, before the head or within the body",
        arguments: [0, 1]
    )
    func cancellation(pieces: Int) async throws {
        let server = try ScriptedServer([
            pieces == 0 ? ScriptedServer.Reply.body("x").held(by: ScriptedServer.Gate()) : .hanging("a")
        ])
        defer { server.stop() }
        let task = Task { try await transport.receive(server.request()) }
        _ = await server.request(0)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await server.outcome(of: 0) == .clientClosed)
    }

    @Test("a task that is already cancelled sends no request")
    func cancelledBefore() async throws {
        let server = try ScriptedServer([.body("1"), .body("2"), .body("3")])
        defer { server.stop() }
        #expect(try await transport.receive(server.request()).text == "1")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.receive(server.request(.post, "/cancelled"))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        // If the cancelled request were in progress, it would occupy the connection that this one reuses.
        #expect(try await transport.receive(server.request(.get, "/next")).text == "2")
        #expect(server.requests.map(\.path) == ["/", "/next"] && server.connections == 1)
    }

    @Test("a second reader, or one after a discarded rest, gets an error")
    func secondReader() async throws {
        let server = try ScriptedServer([.hanging("a")])
        defer { server.stop() }
        let body = try await transport.send(server.request()).body
        _ = try await body.makeAsyncIterator().next()
        // One of the two readers waits for a piece that never arrives.
        await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            for _ in 0..<2 { group.addTask { try await body.makeAsyncIterator().next() } }
            let first = await group.nextResult()
            #expect(throws: HTTPError.self) { try first?.get() }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        let other = try ScriptedServer([.hanging("a")])
        defer { other.stop() }
        let discarded = try await transport.send(other.request()).body
        discarded.discard()
        await #expect(throws: HTTPError.self) { try await discarded.makeAsyncIterator().next() }
    }

    @Test("a reader is cancelled when the transport is released")
    func transportGone() async throws {
        let server = try ScriptedServer([.hanging("a")])
        defer { server.stop() }
        var transport: CurlTransport? = CurlTransport()
        let response = try await #require(transport).send(server.request())
        transport = nil
        await #expect(throws: CancellationError.self) { for try await _ in response.body {} }
        #expect(await server.outcome(of: 0) == .clientClosed)
    }
}
