import HTTPClient
import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("The connection to a server", .timeLimit(.minutes(10))) struct ConnectionTests {
    private static let piece = #"{"message":{"content":"Once"},"done":false}"#
    private static let done = #"{"message":{"content":""},"done":true}"#

    @Test("a refused connection is reported with the address and a remedy")
    func refused() async throws {
        let server = try ScriptedServer([])
        defer { server.stop() }
        let (client, address) = (server.client(), server.address)
        server.stop()
        await server.stopped()
        let failure = try #require(try await client.answer().error)
        #expect(failure.code == .connectionFailed)
        #expect(failure.isRetryable)
        #expect(failure.remedy == .startServer)
        #expect((failure.underlyingError as? HTTPError)?.code == .connectionFailed)
        for part in ["http://\(address)", "OLLAMA_HOST"] {
            #expect(failure.message.contains(part), "\(failure.message)")
        }
        #expect(!failure.message.contains("ollama serve"))
    }

    @Test("a connection that closes before the response is reported as incomplete")
    func closed() async throws {
        let answer = try await answer(to: .dropped)
        #expect(answer.chunks.isEmpty)
        #expect(answer.error?.code == .incompleteResponse)
    }

    @Test("a server that does not respond times out (cline/cline#12839)")
    func firstByteTimeout() async throws {
        let gate = ScriptedServer.Gate()
        let server = try ScriptedServer([.lines(Self.done).held(by: gate)])
        defer { server.stop() }
        var timeouts = OllamaClient.Timeouts()
        timeouts.firstByte = .milliseconds(50)
        // On a busy machine the request may not have arrived by then. It times out in any case.
        let failure = try await server.client(timeouts: timeouts).answer().error
        #expect(failure?.code == .timedOut)
    }

    @Test("a server that stops within an answer times out (cline/cline#12839)")
    func idleTimeout() async throws {
        let server = try ScriptedServer([.hanging(Self.piece)])
        defer { server.stop() }
        var timeouts = OllamaClient.Timeouts()
        timeouts.idle = .milliseconds(500)
        let answer = try await server.client(timeouts: timeouts).answer()
        #expect(answer.content == "Once")
        #expect(answer.error?.code == .timedOut)
        #expect(await server.outcome(of: 0) == .clientClosed)
    }

    @Test("pieces arrive while the answer is still being written")
    func incremental() async throws {
        let gate = ScriptedServer.Gate()
        var reply = ScriptedServer.Reply.lines(Self.piece)
        reply.steps += [.wait(gate), .bytes(Array(Self.done.utf8))]
        let server = try ScriptedServer([reply])
        defer { server.stop() }
        var count = 0
        for try await chunk in server.client().chat(.hello) {
            count += 1
            // The server continues only after the first piece has arrived here.
            if !chunk.done { gate.open() }
        }
        #expect(count == 2)
        #expect(await server.outcome(of: 0) == .completed)
    }

    @Test("releasing the stream closes the connection")
    func release() async throws {
        let server = try ScriptedServer([.hanging(Self.piece)])
        defer { server.stop() }
        let client = server.client()
        for try await _ in client.chat(.hello) { break }
        #expect(await server.outcome(of: 0) == .clientClosed)
    }

    @Test("cancelling the task closes the connection")
    func cancellation() async throws {
        let server = try ScriptedServer([.hanging(Self.piece)])
        defer { server.stop() }
        let client = server.client()
        let task = Task { try await client.answer() }
        _ = await server.request(0)
        task.cancel()
        #expect(await server.outcome(of: 0) == .clientClosed)
        _ = await task.result
    }

    @Test("cancelling the task before the answer begins closes the connection")
    func earlyCancellation() async throws {
        let gate = ScriptedServer.Gate()
        let server = try ScriptedServer([.lines(Self.done).held(by: gate)])
        defer { server.stop() }
        let client = server.client()
        let task = Task { try await client.answer() }
        _ = await server.request(0)
        task.cancel()
        #expect(await server.outcome(of: 0) == .clientClosed)
        _ = await task.result
    }

    @Test("one client runs several conversations concurrently")
    func concurrency() async throws {
        let gate = ScriptedServer.Gate()
        let server = try ScriptedServer(Array(repeating: .lines(Self.piece, Self.done).held(by: gate), count: 8))
        defer { server.stop() }
        let client = server.client()
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try await client.answer().content } }
            // The server has received all requests before it answers any.
            _ = await server.request(7)
            gate.open()
            for try await content in group { #expect(content == "Once") }
        }
    }

    @Test("a client that sent no request can be released")
    func unusedClient() async throws {
        let server = try ScriptedServer([.lines(Self.done)])
        defer { server.stop() }
        for _ in 0..<3 { _ = server.client() }
        #expect(try await server.client().answer().error == nil)
    }
}
