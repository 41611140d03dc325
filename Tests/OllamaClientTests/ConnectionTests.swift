import OllamaClient
import TestSupport
import Testing
import ToolJSON

/// Servers that are not there, hold still or hang up; clients that let go.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    private static let piece = #"{"message":{"content":"Once"},"done":false}"#
    private static let done = #"{"message":{"content":""},"done":true}"#

    @Test func whereNobodyListensTheMessageSaysWhatToDo() async throws {
        let server = try ScriptedServer([])
        defer { server.stop() }
        let (client, address) = (server.client(), server.address)
        server.stop()
        await server.stopped()
        let failure = try #require(try await client.answer().error)
        #expect(failure.code == .connectionFailed)
        #expect(failure.isRetryable)
        for part in ["http://\(address)", "ollama serve", "OLLAMA_HOST"] {
            #expect(failure.message.contains(part), "\(failure.message)")
        }
    }

    @Test func aServerThatHangsUpHasNotAnswered() async throws {
        let answer = try await answer(to: .dropped)
        #expect(answer.chunks.isEmpty)
        #expect(answer.error?.code == .incompleteResponse)
    }

    @Test func silenceBeforeTheAnswerHasAnEnd() async throws {
        let gate = ScriptedServer.Gate()
        let server = try ScriptedServer([.lines(Self.done).held(by: gate)])
        defer { server.stop() }
        var timeouts = OllamaClient.Timeouts()
        timeouts.firstByte = .milliseconds(50)
        // On a busy machine the request may not even have arrived by then; it is given up all the same.
        let failure = try await server.client(timeouts: timeouts).answer().error
        #expect(failure?.code == .timedOut)
    }

    @Test func silenceWithinTheAnswerHasAnEnd() async throws {
        let server = try ScriptedServer([.hanging(Self.piece)])
        defer { server.stop() }
        var timeouts = OllamaClient.Timeouts()
        timeouts.idle = .milliseconds(500)
        let answer = try await server.client(timeouts: timeouts).answer()
        #expect(answer.content == "Once")
        #expect(answer.error?.code == .timedOut)
        #expect(await server.outcome(of: 0) == .clientClosed)
    }

    @Test func piecesArriveWhileTheAnswerGoesOn() async throws {
        let gate = ScriptedServer.Gate()
        var reply = ScriptedServer.Reply.lines(Self.piece)
        reply.steps += [.wait(gate), .bytes(Array(Self.done.utf8))]
        let server = try ScriptedServer([reply])
        defer { server.stop() }
        var count = 0
        for try await chunk in server.client().chat(.hello) {
            count += 1
            // The server goes on only because the first piece has come.
            if !chunk.done { gate.open() }
        }
        #expect(count == 2)
        #expect(await server.outcome(of: 0) == .completed)
    }

    @Test func lettingGoOfTheStreamClosesTheConnection() async throws {
        let server = try ScriptedServer([.hanging(Self.piece)])
        defer { server.stop() }
        let client = server.client()
        for try await _ in client.chat(.hello) { break }
        #expect(await server.outcome(of: 0) == .clientClosed)
    }

    @Test func cancellingTheTaskClosesTheConnection() async throws {
        let server = try ScriptedServer([.hanging(Self.piece)])
        defer { server.stop() }
        let client = server.client()
        let task = Task { try await client.answer() }
        _ = await server.request(0)
        task.cancel()
        #expect(await server.outcome(of: 0) == .clientClosed)
        _ = await task.result
    }

    @Test func cancellingBeforeTheAnswerClosesTheConnection() async throws {
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

    @Test func oneClientServesSeveralConversationsAtOnce() async throws {
        let gate = ScriptedServer.Gate()
        let server = try ScriptedServer(Array(repeating: .lines(Self.piece, Self.done).held(by: gate), count: 8))
        defer { server.stop() }
        let client = server.client()
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try await client.answer().content } }
            // All of them have been received before any is answered.
            _ = await server.request(7)
            gate.open()
            for try await content in group { #expect(content == "Once") }
        }
    }

    @Test func aClientIsLetGoOfWithoutCeremony() async throws {
        let server = try ScriptedServer([.lines(Self.done)])
        defer { server.stop() }
        for _ in 0..<3 { _ = server.client() }
        #expect(try await server.client().answer().error == nil)
    }
}
