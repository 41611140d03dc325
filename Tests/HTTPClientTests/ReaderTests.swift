import HTTPClient
import TestSupport
import Testing

/// Readers that are slow, stop, go away, or are too many.
@Suite("The reader of a response", .timeLimit(.minutes(10)))
struct ReaderTests {
    private let transport = CurlTransport()

    @Test("keeps the connection if it discards a short rest")
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

    @Test("stops the server by pausing, and goes on later")
    func backPressure() async throws {
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
        let large = ScriptedServer.Reply.pieces(Array(repeating: megabyte, count: 64))
        let server = try ScriptedServer([large, large, large])
        defer { server.stop() }
        var abandoned: HTTPResponse? = try await transport.send(server.request())
        let paused = try await transport.send(server.request())
        // As much goes past them on the same thread. If they were read meanwhile, they would be complete by then.
        #expect(try await transport.receive(server.request()).body.count == 64 << 20)
        #expect(abandoned?.status == 200)
        abandoned = nil
        #expect(await server.outcome(of: 0) == .clientClosed)
        #expect(try await paused.body.collect(limit: .max)?.count == 64 << 20)
    }

    @Test("closes the connection when it releases the response")
    func letGo() async throws {
        let server = try ScriptedServer([.hanging("a")])
        defer { server.stop() }
        var response: HTTPResponse? = try await transport.send(server.request())
        #expect(response?.status == 200)
        response = nil
        #expect(await server.outcome(of: 0) == .clientClosed)
    }

    @Test("gets CancellationError when its task is cancelled before the head or within the body", arguments: [0, 1])
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

    @Test("sends nothing if its task was cancelled before")
    func cancelledBefore() async throws {
        let server = try ScriptedServer([.body("1"), .body("2"), .body("3")])
        defer { server.stop() }
        #expect(try await transport.receive(server.request()).text == "1")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.receive(server.request(.post, "/cancelled"))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        // If the cancelled request were under way, it would occupy the connection that this one uses again.
        #expect(try await transport.receive(server.request(.get, "/next")).text == "2")
        #expect(server.requests.map(\.path) == ["/", "/next"] && server.connections == 1)
    }

    @Test("gets an error if another one is waiting, or after it has discarded the rest")
    func secondReader() async throws {
        let server = try ScriptedServer([.hanging("a")])
        defer { server.stop() }
        let body = try await transport.send(server.request()).body
        _ = try await body.makeAsyncIterator().next()
        // One of the two waits for a piece that never comes.
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

    @Test("is cancelled when the transport goes away")
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
