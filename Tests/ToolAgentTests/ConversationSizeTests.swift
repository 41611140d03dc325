import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

@Suite("The size of a conversation")
struct ConversationSizeTests {
    private struct ImageTool: ProgramTool {
        let schema: JSONObject = [
            "name": "draw", "parameters": ["type": "object", "properties": ["bytes": ["type": "integer"]]],
        ]
        func execute(_ arguments: JSONObject) async throws -> ToolReply {
            ToolReply([.image(.png(Array(repeating: 7, count: arguments["bytes"]?.int ?? 0)))])
        }
    }

    @Test("huge images of results are removed, and small ones beside them are kept")
    func images() async throws {
        let sizes = [1000, 20 << 20, 2000, 9 << 20, 8 << 20]
        let calls = sizes.map { Chunk.call("draw", ["bytes": .int($0)]) }
        let scenario = try Scenario(
            [
                .lines(Chunk.done("stop", ["tool_calls": .array(calls)])),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [ImageTool()]
        )
        _ = try await scenario.respond(to: "Draw")
        let results = scenario.agent.messages.filter { $0.role == .tool }
        #expect(results.map { $0.images.map(\.count) } == [[1000], [], [2000], [], [8 << 20]])
        let note = "[image/png, 20971520 bytes]\n[The images of this result are too large to be shown.]"
        #expect(results[1].content == note)
    }

    @Test("a conversation that is too long is an error, whose remedy is a new conversation")
    func tooLongConversation() async throws {
        let scenario = try Scenario([])
        let prompt = String(repeating: "a", count: (32 << 20) + 1)
        let error = await #expect(throws: AgentError.self) { try await scenario.respond(to: prompt) }
        #expect(error?.code == .conversationTooLong)
        #expect(error?.remedy == .startNewConversation)
    }

    @Test("a message of the model that is too long is an error, whose remedy is a new conversation")
    func tooLongMessage() {
        var turn = TurnAssembly(maximumCalls: 1)
        let chunk = ChatChunk(["message": ["thinking": .string(String(repeating: "a", count: (32 << 20) + 1))]])
        let error = #expect(throws: AgentError.self) { try turn.add(chunk) }
        #expect(error?.code == .messageTooLong)
        #expect(error?.remedy == .startNewConversation)
    }

    @Test("the conversation goes on without a message that is too long")
    func conversationAfterTooLongMessage() async throws {
        let half = Chunk.content(String(repeating: "a", count: 17 << 20))
        let scenario = try Scenario([.lines(half, half, Chunk.done()), .lines(Chunk.content("Hello."), Chunk.done())])
        let error = await #expect(throws: AgentError.self) { try await scenario.respond(to: "Write") }
        #expect(error?.code == .messageTooLong)
        #expect(scenario.agent.messages.isEmpty)
        #expect(try await scenario.respond(to: "Hello").reason == .answered)
        #expect(scenario.agent.messages.map(\.content) == ["Hello", "Hello."])
    }

    @Test("a request that is too long is an error, and is not sent")
    func tooLong() async throws {
        let server = try ScriptedServer([])
        let client = OllamaClient(
            endpoint: OllamaEndpoint(environment: ["OLLAMA_HOST": server.address]),
            maximumBytes: 1000
        )
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        let agent = Agent(model: "m", client: client, host: ToolHost(), configuration: configuration)
        let error = await #expect(throws: OllamaError.self) {
            try await agent.respond(to: String(repeating: "\u{1}", count: 300)).outcome
        }
        #expect(error?.message.contains("longer than 1000 bytes, so it was not sent") == true)
        #expect(agent.messages.isEmpty)
    }
}
