import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("The context window of a server", .timeLimit(.minutes(10)))
struct ContextSizeTests {
    private let loaded =
        #"{"model":"qwen3","message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}"#
    private let running = #"{"models":[{"name":"qwen3:latest","model":"qwen3:latest","context_length":4096}]}"#

    @Test("the size that the server reports is sent with all later requests")
    func theSizeThatTheServerReportsIsSentFromThenOn() async throws {
        let scenario = try Scenario(server: [
            .json(loaded), .json(running), .lines(Chunk.content("One."), Chunk.done()),
            .lines(Chunk.content("Two."), Chunk.done()),
        ]) { $0.learnsContextSize = true }
        _ = try await scenario.respond(to: "1")
        _ = try await scenario.respond(to: "2")
        #expect(scenario.paths == ["/api/chat", "/api/ps", "/api/chat", "/api/chat"])
        let requests = try scenario.requests()
        #expect(requests[0]["messages"] == [])
        #expect(requests[0]["options"] == nil)
        #expect(requests[1]["options"] == ["num_ctx": 4096])
        #expect(requests[2]["options"] == ["num_ctx": 4096])
    }

    @Test("a size that the user sets makes the preload superfluous")
    func theUsersSizeNeedsNoPreload() async throws {
        let scenario = try Scenario(server: [.lines(Chunk.content("One."), Chunk.done())]) {
            $0.learnsContextSize = true
            $0.options = ["num_ctx": 8192]
        }
        _ = try await scenario.respond(to: "1")
        #expect(try scenario.requests().map { $0["options"] } == [["num_ctx": 8192]])
    }

    @Test("no size is sent to a server that does not report one")
    func aServerThatDoesNotSayIsSentNone() async throws {
        let scenario = try Scenario(server: [
            .json(loaded), .json(#"{"models":[]}"#), .lines(Chunk.content("One."), Chunk.done()),
        ]) { $0.learnsContextSize = true }
        _ = try await scenario.respond(to: "1")
        #expect(try scenario.requests().last?["options"] == nil)
    }

    @Test("a missing model is an error before the first request")
    func aModelThatIsNotThereIsAnErrorAtOnce() async throws {
        let scenario = try Scenario(server: [.json(#"{"error":"model 'qwen3' not found"}"#, status: 404)]) {
            $0.learnsContextSize = true
        }
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "1") }
        #expect(error?.code == .modelNotFound)
        #expect(scenario.paths.count == 1)
        #expect(scenario.agent.messages.isEmpty)
    }

    @Test("a full window causes one warning in each response")
    func aFullWindowIsWarnedOfOnceAResponse() async throws {
        let call = ScriptedModel.Reply.lines(
            Chunk.calls(Chunk.call("Bare")),
            Chunk.done("stop", counts: ["prompt_eval_count": 3_300, "eval_count": 10])
        )
        let scenario = try Scenario(
            [call, call, .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Bare()]
        ) { $0.options = ["num_ctx": 4096] }
        _ = try await scenario.respond(to: "Go")
        #expect(scenario.events.warnings.count == 1)
        #expect(scenario.events.warnings.first?.contains("of the 4096 tokens") == true)
    }

    @Test("results are trimmed to a quarter of the window")
    func resultsAreTrimmedToAQuarterOfTheWindow() async throws {
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(Chunk.call("long")), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Fixed(name: "long", output: .text(String(repeating: "a", count: 100_000)))]
        ) { $0.options = ["num_ctx": 2000] }
        _ = try await scenario.respond(to: "Go")
        let result = try #require(scenario.agent.messages.first { $0.role == .tool })
        #expect(result.content.count <= 2000 && result.content.count > 1900)
    }
}
