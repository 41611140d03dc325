import Foundation
import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolJSON
import ToolPlugin

@Suite(
    "Conversations with a real server",
    .enabled(if: !ServerCapture.all.isEmpty, "TOOLHOST_CAPTURES names no directory with recorded exchanges"),
    .timeLimit(.minutes(10))
)
struct CapturedConversationTests {
    /// The failures that can pass, and the number of repeated requests after them: the model's process exited, or the
    /// server could not read the model's text.
    private static let passing = [
        ("while running the model", 1), ("parsing tool call", 2), ("XML syntax", 2), ("peg-native", 2),
    ]

    @Test(
        "a real server is asked again after a failure that can pass, and once with a hint after an empty message",
        arguments: ServerCapture.all.filter { $0.path == "/api/chat" }
    )
    func requests(capture: ServerCapture) async throws {
        let names = capture.request["tools"]?.array?.compactMap { $0[pointer: "/function/name"]?.string } ?? []
        let scenario = try Scenario(
            server: [capture.reply, capture.reply, capture.reply],
            tools: Set(names).sorted().map { Fixed(name: $0, output: "fine") }
        ) {
            $0.streams = capture.request["stream"]?.bool ?? true
            $0.maximumRounds = 1
        }
        let messages = capture.lines.compactMap { $0["message"] }
        let calls = messages.flatMap { $0["tool_calls"]?.array ?? [] }
        let content = messages.compactMap { $0["content"]?.string }.joined()
        let hasStopped = capture.lines.last?["done_reason"] == "stop"
        let isEmpty = content.allSatisfy(\.isWhitespace) && calls.isEmpty && hasStopped && !names.isEmpty
        var outcome: AgentOutcome?
        do {
            outcome = try await scenario.respond(to: "Go")
        } catch let error as OllamaError {
            let cause = try #require(capture.cause, "\(error)")
            let repeated = Self.passing.first { cause.contains($0.0) }?.1 ?? 0
            #expect(try scenario.requests().count == repeated + 1)
            #expect(scenario.events.retries.count == repeated)
        }
        #expect((outcome == nil) == (capture.cause != nil))
        guard let outcome else { return }
        let hasCalls = !calls.isEmpty && !names.isEmpty
        #expect(try scenario.requests().count == (isEmpty || hasCalls ? 2 : 1))
        #expect(scenario.events.retries.count == (isEmpty ? 1 : 0))
        #expect(scenario.events.results.count == (hasCalls ? calls.count : 0))
        if isEmpty { #expect(outcome.reason == .emptyAnswer && scenario.events.warnings.count == 1) }
    }

    // MARK: - Quirks

    private static let answer = ScriptedServer.Reply.lines(Chunk.done("stop", ["content": "Done."]))

    private static func city() -> [any ProgramTool] { [CityTool.temperature] }

    @Test(
        "the refusal of a template for the history is mended by the form that it reads",
        arguments: ["full", "noids", "nothing"],
        ["mistral-native", "llama3.1-native"]
    )
    func history(kind: String, model: String) async throws {
        let calls = try #require(ServerCapture.named("chat_two_stream_mistral-native")).reply
        let refusal = try #require(ServerCapture.named("round2_\(kind)_\(model)")).reply
        let scenario = try Scenario(server: [calls, refusal, Self.answer], tools: Self.city())
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(scenario.events.retries.count == 1)
        let messages = try #require(try scenario.requests().last?["messages"]?.array)
        let roles = messages.map { $0["role"]?.string ?? "" }
        if model == "mistral-native" {
            #expect(roles == ["user", "assistant", "tool", "tool"])
            let ids = messages.compactMap { $0["tool_call_id"]?.string }
            #expect(ids.count == 2 && Set(ids).count == 2 && ids.allSatisfy { $0.utf8.count == 9 })
        } else {
            #expect(roles == ["user", "assistant", "tool", "assistant", "tool"])
        }
    }

    @Test(
        "a model that sends thoughts and whose server refuses the request to think is asked without it",
        arguments: ["stream", "nostream"]
    )
    func thinking(kind: String) async throws {
        let thoughts = try #require(ServerCapture.named("chat_one_\(kind)_gemma4-native")).reply
        let refusal = try #require(ServerCapture.named("chat_two_thinktrue_\(kind)_gemma4-native")).reply
        let scenario = try Scenario(server: [thoughts, refusal, Self.answer], tools: Self.city()) {
            ($0.think, $0.streams) = (.on, kind == "stream")
        }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(!scenario.events.thinking.joined().isEmpty)
        #expect(try scenario.requests().map { $0["think"] } == [true, true, nil])
    }

    @Test(
        "a model without the capability is an error before the first request",
        arguments: ServerCapture.all.filter { $0.path == "/api/show" && $0.cause == nil }
    )
    func capability(capture: ServerCapture) async throws {
        let tags = try #require(ServerCapture.named("tags")).reply
        let capabilities = capture.lines.first?["capabilities"]?.array ?? []
        let first = capabilities.contains("tools") ? Self.answer : tags
        let scenario = try Scenario(server: [first], details: capture.reply, tools: Self.city()) {
            $0.checksCapabilities = true
        }
        if capabilities.contains("tools") {
            #expect(try await scenario.respond(to: "Go").text == "Done.")
            #expect(scenario.paths == ["/api/chat"])
        } else {
            let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
            #expect(error?.code == .toolsUnsupported && error?.message.contains("gpt-oss:go") == true)
            #expect(scenario.paths == ["/api/tags"])
        }
    }

    @Test("the document about models names recorded exchanges that exist")
    func document() throws {
        let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(contentsOfFile: "/\(path)/Documentation/Models.md", encoding: .utf8)
        let names = text.split(separator: "`").map(String.init).filter { name in
            ["chat_", "round2_", "odd_", "err_"].contains(where: name.hasPrefix)
        }
        #expect(names.count >= 10)
        for name in names { #expect(ServerCapture.named(name) != nil, "\(name)") }
    }
}
