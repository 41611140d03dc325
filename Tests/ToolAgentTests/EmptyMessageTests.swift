import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolJSON
import ToolPlugin

@Suite("A message without words and calls", .timeLimit(.minutes(10)))
struct EmptyMessageTests {
    /// The forms of such a message.
    private static let empty: [[String]] = [
        [Chunk.done()], [Chunk.done("")], [Chunk.thinking("Hm."), Chunk.done()], [Chunk.content(" \n"), Chunk.done()],
        [Chunk.content("<think>Hm.</think>\n"), Chunk.done()], [Chunk.done("stop", ["tool_calls": []])],
        [#"{"message":{"role":"assistant","content":null},"done":true}"#],
    ]

    @Test("is asked for once more with a hint, which the conversation does not keep", arguments: empty)
    func again(lines: [String]) async throws {
        let scenario = try await Scenario(
            [
                .lines(lines), .lines(Chunk.calls(Chunk.call("Bare", id: "a")), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Bare()]
        )
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .answered, text: "Done.", rounds: 1))
        #expect(scenario.events.retries.count == 1 && scenario.events.warnings.isEmpty)
        let requests = try scenario.requests()
        let hinted = try #require(requests[1]["messages"]?.array)
        // The hint joins the prompt: two messages of a user in a row are refused by the templates of some models.
        #expect(hinted.map { $0["role"] } == ["user"])
        #expect(hinted[0]["content"]?.string?.hasPrefix("Go\n\nYour last message was empty.") == true)
        #expect(requests[1]["tools"] == requests[0]["tools"])
        #expect(requests[2]["messages"]?.array?.map { $0["content"]?.string } == ["Go", "", "bare"])
        #expect(await scenario.agent.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
    }

    @Test("after results gets a hint that does not ask for the calls again")
    func afterResults() async throws {
        let call = ScriptedServer.Reply.lines(Chunk.calls(Chunk.call("Bare", id: "a")), Chunk.done())
        let scenario = try await Scenario(
            [call, .lines(Chunk.done(counts: ["eval_count": 7])), .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Bare()]
        )
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        let messages = try #require(try scenario.requests().last?["messages"]?.array)
        #expect(messages.map { $0["role"]?.string } == ["user", "assistant", "tool", "assistant", "user"])
        #expect(messages[3]["content"] == "(empty message)")
        let hint = try #require(messages[4]["content"]?.string)
        #expect(hint.contains("have been run; do not repeat them") && !hint.contains("again"))
        // The usage of the discarded message counts.
        let costs = scenario.events.all.compactMap { if case .turnFinished(let costs) = $0 { costs } else { nil } }
        #expect(costs.map(\.outputTokens) == [nil, 7, nil])
        #expect(await scenario.agent.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
    }

    @Test("that comes twice is reported, and not asked for a third time", arguments: empty)
    func twice(lines: [String]) async throws {
        let scenario = try await Scenario(
            [.lines(lines), .lines(lines), .lines(Chunk.content("No."), Chunk.done())],
            tools: [Bare()]
        )
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome.reason == .emptyAnswer)
        #expect(try scenario.requests().count == 2)
        #expect(scenario.events.retries.count == 1)
        #expect(scenario.events.warnings.count == 1 && scenario.events.warnings[0].contains("with a hint"))
    }

    @Test("is asked for once in each turn")
    func turns() async throws {
        let call = ScriptedServer.Reply.lines(Chunk.calls(Chunk.call("Bare")), Chunk.done())
        let empty = ScriptedServer.Reply.lines(Chunk.done())
        let scenario = try await Scenario(
            [empty, call, empty, .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Bare()]
        )
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(scenario.events.retries.count == 2)
    }

    @Test("is the end if no tools are offered, or if the model did not stop by itself", arguments: [true, false])
    func end(hasTools: Bool) async throws {
        let reply = ScriptedServer.Reply.lines(Chunk.done(hasTools ? "length" : "stop"))
        let scenario = try await Scenario([reply, reply], tools: hasTools ? [Bare()] : [])
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome.reason == (hasTools ? .truncated : .emptyAnswer))
        #expect(try scenario.requests().count == 1)
    }

    @Test("does not use up the retries for a model that fails")
    func faults() async throws {
        let fault = ScriptedServer.Reply.json(#"{"error":"error parsing tool call: raw='{'"}"#, status: 500)
        let scenario = try await Scenario(
            [fault, .lines(Chunk.done()), fault, .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Bare()]
        )
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(scenario.events.retries.count == 3)
    }
}
