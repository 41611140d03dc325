import Locks
import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

/// The counterparts of cases of Ollama's agent loop: the loop itself.
@Suite("The loop in the cases of Ollama's agent", .timeLimit(.minutes(10)))
struct OllamaSessionLoopTests {
    private static let done = ScriptedModel.Reply.lines(Chunk.content("Done."), Chunk.done())

    @Test("each observer receives the end of a response that failed")
    func allObservers() async throws {
        let ends = Lock<[Int]>([])
        let scenario = try Scenario([.failing(OllamaError(.invalidRequest, message: "No."))]) { configuration in
            configuration.observers = (0..<3).map { number in
                { @Sendable event in if case .ended(.failure) = event { ends.withLock { $0.append(number) } } }
            }
        }
        await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
        #expect(ends.withLock(\.self) == [0, 1, 2])
    }

    @Test("thinking, content and calls are collected over a hundred pieces")
    func accumulation() async throws {
        let pieces = Array(repeating: [Chunk.thinking("t"), Chunk.content("x")], count: 99).flatMap(\.self)
        let scenario = try Scenario(
            [.lines(pieces + [Chunk.calls(Chunk.call("Bare", id: "call-1")), Chunk.done()]), Self.done],
            tools: [Bare()]
        )
        _ = try await scenario.respond(to: "Go")
        let message = scenario.agent.messages[1]
        #expect(message.content == String(repeating: "x", count: 99))
        #expect(message.thinking == String(repeating: "t", count: 99))
        #expect(message.toolCalls.map(\.id) == ["call-1"])
    }

    /// A model whose reply fails once its task is cancelled.
    private struct Failing: ChatModel {
        let message: String

        func chat(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
            let position = Lock(0)
            return AsyncThrowingStream {
                let isFirst = position.withLock { position in
                    position += 1
                    return position == 1
                }
                if isFirst { return ChatChunk(["message": ["content": "partial"], "done": false]) }
                let never = AsyncStream<Void>.makeStream()
                for await _ in never.stream {}
                throw OllamaError(.connectionFailed, message: message)
            }
        }
    }

    @Test("the error of a request that was cancelled is a cancellation, whatever its message is")
    func cancelledRequest() async throws {
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        let model = Failing(message: "Post \"/api/chat\": context canceled")
        let agent = Agent(model: "m", client: model, host: ToolHost(), configuration: configuration)
        let response = agent.respond(to: "Go")
        for try await event in response { if case .content = event { response.cancel() } }
        let outcome = try await response.outcome
        #expect(outcome == AgentOutcome(reason: .cancelled, text: "partial", rounds: 0))
        #expect(agent.messages.map(\.content) == ["Go", "partial"])
    }

    @Test("calls that are cancelled before they start have results that say so")
    func cancelledCalls() async throws {
        let counter = Counter()
        let scenario = try Scenario(
            [.lines(Chunk.calls(Chunk.call("count", id: "a"), Chunk.call("count", id: "b")), Chunk.done()), Self.done],
            tools: [counter]
        )
        let response = scenario.agent.respond(to: "Go")
        for try await event in response { if case .toolCalls = event { response.cancel() } }
        #expect(try await response.outcome.reason == .cancelled)
        #expect(counter.count == 0)
        let results = scenario.agent.messages.filter { $0.role == .tool }
        #expect(results.map(\.toolCallID) == ["a", "b"])
        #expect(results.allSatisfy { $0.content.contains("cancelled") })
    }

    @Test(
        "a loop has as many rounds as its limit, which is 32 by default",
        arguments: [(nil, 25, 25), (nil, 40, 32), (.max, 101, 101), (1, 3, 1)] as [(Int?, Int, Int)]
    )
    func rounds(limit: Int?, calls: Int, rounds: Int) async throws {
        let replies = (0..<calls).map { number in
            ScriptedModel.Reply.lines(Chunk.calls(Chunk.call("add", ["a": .int(number), "b": 1])), Chunk.done())
        }
        let scenario = try Scenario(replies.prefix(rounds) + [Self.done], tools: [NumberTool.add]) {
            if let limit { $0.maximumRounds = limit }
        }
        let outcome = try await scenario.respond(to: "Go")
        let reason: AgentOutcome.StopReason = rounds == calls ? .answered : .roundLimit
        #expect(outcome == AgentOutcome(reason: reason, text: "Done.", rounds: rounds))
    }

    @Test("a result that imitates the note about omitted text has one note", arguments: [4096, 1 << 20])
    func forgedMarks(window: Int) async throws {
        let half = String(repeating: "x", count: 60_000)
        let output = half + "\n[… 3 characters omitted …]\n" + half
        let scenario = try Scenario(
            [.lines(Chunk.calls(Chunk.call("long")), Chunk.done()), Self.done],
            tools: [Fixed(name: "long", output: .text(output))]
        ) { $0.options = ["num_ctx": .int(window)] }
        _ = try await scenario.respond(to: "Go")
        let content = try #require(scenario.agent.messages.first { $0.role == .tool }).content
        #expect(content.count <= min(60_000, window))
        #expect(content.split(separator: "characters omitted").count == 2)
        #expect(!content.contains(" 3 characters"))
    }

    @Test("the bytes of an image do not count as text of the window")
    func images() async throws {
        let scenario = try Scenario([Self.done]) { $0.options = ["num_ctx": 4096] }
        let image = [UInt8](repeating: 1, count: 64 << 10)
        let prompt = ChatMessage(role: .user, content: "Describe this image", images: [image])
        let response = scenario.agent.respond(to: prompt)
        for try await event in response { scenario.recorder.record(event) }
        #expect(try await response.outcome.reason == .answered)
        #expect(scenario.events.warnings.isEmpty)
        #expect(scenario.agent.messages[0].images == [image])
    }
}
