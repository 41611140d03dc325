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

    @Test("a prompt whose beginning the server dropped is reported once")
    func silentTruncation() async throws {
        func reply(_ text: String, _ count: Int) -> ScriptedServer.Reply {
            .lines(Chunk.content(text), Chunk.done(counts: ["prompt_eval_count": .int(count), "eval_count": 5]))
        }
        let scenario = try Scenario(server: [reply("One.", 1_500), reply("Two.", 2_050), reply("Three.", 2_050)]) {
            $0.options = ["num_ctx": 4096]
        }
        for prompt in ["short", String(repeating: "a longer text ", count: 1_000), "last"] {
            _ = try await scenario.respond(to: String(repeating: "words ", count: 1_000) + prompt)
        }
        let warnings = scenario.events.warnings.filter { $0.hasPrefix("The server read only") }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("read only 2050 of about") == true)
    }

    @Test("an older server that does not count cached tokens causes no warning")
    func cachedTokens() async throws {
        let replies = [900, 30, 30, 900, 30].map { count in
            ScriptedServer.Reply.lines(Chunk.content("Yes."), Chunk.done(counts: ["prompt_eval_count": .int(count)]))
        }
        let scenario = try Scenario(server: replies) { $0.options = ["num_ctx": 4096] }
        _ = try await scenario.respond(to: String(repeating: "word ", count: 700))
        for _ in 1..<5 { _ = try await scenario.respond(to: "And then?") }
        #expect(scenario.events.warnings.isEmpty)
    }

    @Test("the cost of a message has the use of the window by tools and messages")
    func usage() async throws {
        let scenario = try Scenario(
            server: [
                .lines(Chunk.content("One."), Chunk.done(counts: ["prompt_eval_count": 1_000, "eval_count": 24]))
            ],
            tools: [Bare()]
        ) { $0.options = ["num_ctx": 4096] }
        let before = scenario.agent.contextUsage
        #expect(before.windowTokens == 4096 && before.toolTokens > 0 && before.messageTokens == 0)
        _ = try await scenario.respond(to: String(repeating: "word ", count: 800))
        let metrics = scenario.events.all.compactMap { event in
            if case .turnFinished(let metrics) = event { metrics } else { nil }
        }
        #expect(metrics.map { $0.context?.totalTokens } == [1_024])
        #expect(metrics.first?.context == scenario.agent.contextUsage)
        #expect(scenario.agent.contextUsage.fraction == 0.25)
    }
}
