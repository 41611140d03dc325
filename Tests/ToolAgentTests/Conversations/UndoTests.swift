import Locks
import OllamaClient
import Testing
import ToolHost
import ToolJSON

@testable import ToolAgent

@Suite("Taking exchanges back", .timeLimit(.minutes(10)))
struct UndoTests {
    private func answer(_ text: String) -> ScriptedModel.Reply { .lines(Chunk.content(text), Chunk.done()) }

    @Test("an exchange with its calls and results is removed, and its prompt is returned")
    func undo() async throws {
        let scenario = try Scenario(
            [
                answer("First."), .lines(Chunk.calls(Chunk.call("Bare", id: "a")), Chunk.done()), answer("Second."),
                answer("Third."),
            ],
            tools: [Bare()]
        ) { $0.system = "Be brief." }
        let agent = scenario.agent
        #expect(agent.lastPrompt == nil)
        #expect(try agent.undo() == nil)
        _ = try await scenario.respond(to: "one")
        let messages = agent.messages
        let size = agent.state.withLock(\.conversation.size)
        _ = try await scenario.respond(to: "two")
        #expect(agent.messages.count == 7 && agent.lastPrompt?.content == "two")
        let prompt = try #require(try agent.undo())
        #expect(prompt.content == "two")
        #expect(agent.messages == messages && agent.state.withLock(\.conversation.size) == size)
        #expect(try await agent.respond(to: prompt).outcome.text == "Third.")
        #expect(agent.messages.map(\.content) == ["Be brief.", "one", "First.", "two", "Third."])
        try agent.undo()
        #expect(try agent.undo()?.content == "one")
        #expect(agent.messages.map(\.role) == [.system])
        #expect(try agent.undo() == nil)
    }

    @Test("nothing is removed while a response is under way")
    func whileResponding() async throws {
        let model = ScriptedModel([.hanging(Chunk.content("Half"))])
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        let agent = Agent(model: "m", client: model, host: ToolHost(), configuration: configuration)
        let response = agent.respond(to: "one")
        await model.waitForRequest()
        let error = #expect(throws: AgentError.self) { try agent.undo() }
        #expect(error?.code == .alreadyResponding)
        response.cancel()
        _ = try await response.outcome
        #expect(try agent.undo()?.content == "one")
        #expect(agent.messages.isEmpty)
    }

    @Test("the use of the context window does not count removed messages")
    func window() async throws {
        let counts: JSONObject = ["prompt_eval_count": 900, "eval_count": 10]
        let model = ScriptedModel([.lines(Chunk.content("A"), Chunk.done(counts: counts))])
        var configuration = AgentConfiguration()
        configuration.options = ["num_ctx": 4096]
        let agent = Agent(model: "m", client: model, host: ToolHost(), configuration: configuration)
        _ = try await agent.respond(to: "one").outcome
        #expect(agent.contextUsage.totalTokens == 910)
        try agent.undo()
        #expect(agent.contextUsage.totalTokens == 0)
    }
}
