import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolJSON
import ToolPlugin

@Suite("Empty messages", .timeLimit(.minutes(10)))
struct EmptyMessageTests {
    /// The forms of an empty message.
    private static let empty: [[String]] = [
        [Chunk.done()], [Chunk.done("")], [Chunk.thinking("Hm."), Chunk.done()], [Chunk.content(" \n"), Chunk.done()],
        [Chunk.content("<think>Hm.</think>\n"), Chunk.done()], [Chunk.done("stop", ["tool_calls": []])],
        [#"{"message":{"role":"assistant","content":null},"done":true}"#],
    ]

    @Test("after an empty message the model is asked once more, with a hint outside the conversation", arguments: empty)
    func again(lines: [String]) async throws {
        let scenario = try Scenario(
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
        // The hint is joined with the prompt: the templates of some models reject two messages of a user in a row.
        #expect(hinted.map { $0["role"] } == ["user"])
        #expect(hinted[0]["content"]?.string?.hasPrefix("Go\n\nYour last message was empty.") == true)
        #expect(requests[1]["tools"] == requests[0]["tools"])
        #expect(requests[2]["messages"]?.array?.map { $0["content"]?.string } == ["Go", "", "bare"])
        #expect(scenario.agent.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
    }

    @Test("the hint for an empty message after results does not ask for the calls again")
    func afterResults() async throws {
        let call = ScriptedModel.Reply.lines(Chunk.calls(Chunk.call("Bare", id: "a")), Chunk.done())
        let scenario = try Scenario(
            [call, .lines(Chunk.done(counts: ["eval_count": 7])), .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Bare()]
        )
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        let messages = try #require(try scenario.requests().last?["messages"]?.array)
        #expect(messages.map { $0["role"]?.string } == ["user", "assistant", "tool", "assistant", "user"])
        #expect(messages[3]["content"] == "(empty message)")
        let hint = try #require(messages[4]["content"]?.string)
        #expect(hint.contains("have been run; do not repeat them") && !hint.contains("again"))
        // The cost of the discarded message is reported, too.
        let metrics = scenario.events.all.compactMap { if case .turnFinished(let cost) = $0 { cost } else { nil } }
        #expect(metrics.map(\.outputTokens) == [nil, 7, nil])
        #expect(scenario.agent.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
    }

    @Test("a second empty message in a row is reported, and the model is not asked again", arguments: empty)
    func twice(lines: [String]) async throws {
        let scenario = try Scenario(
            [.lines(lines), .lines(lines), .lines(Chunk.content("No."), Chunk.done())],
            tools: [Bare()]
        )
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome.reason == .emptyAnswer)
        #expect(try scenario.requests().count == 2)
        #expect(scenario.events.retries.count == 1)
        #expect(scenario.events.warnings.count == 1 && scenario.events.warnings[0].contains("with a hint"))
    }

    @Test("an empty message is repeated once in each turn")
    func turns() async throws {
        let call = ScriptedModel.Reply.lines(Chunk.calls(Chunk.call("Bare")), Chunk.done())
        let empty = ScriptedModel.Reply.lines(Chunk.done())
        let scenario = try Scenario(
            [empty, call, empty, .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Bare()]
        )
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(scenario.events.retries.count == 2)
    }

    @Test("an empty answer at the round limit is repeated once, with a hint that asks for no calls")
    func atTheRoundLimit() async throws {
        let call = ScriptedModel.Reply.lines(Chunk.calls(Chunk.call("Bare")), Chunk.done())
        let scenario = try Scenario(
            [call, .lines(Chunk.thinking("Hm."), Chunk.done()), .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Bare()]
        ) { $0.maximumRounds = 1 }
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .roundLimit, text: "Done.", rounds: 1))
        let request = try #require(try scenario.requests().last)
        #expect(request["tools"] == nil)
        #expect(
            request["messages"]?.array?.last?["content"]
                == "Your last message was empty. Answer in words now, with the results above."
        )
        #expect(scenario.agent.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
    }

    @Test("an empty message is final without tools, and if the length limit was reached", arguments: [true, false])
    func end(hasTools: Bool) async throws {
        let reply = ScriptedModel.Reply.lines(Chunk.done(hasTools ? "length" : "stop"))
        let scenario = try Scenario([reply, reply], tools: hasTools ? [Bare()] : [])
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome.reason == (hasTools ? .truncated : .emptyAnswer))
        #expect(try scenario.requests().count == 1)
    }

    @Test("an empty message does not count as a failure of the model")
    func faults() async throws {
        let fault = ScriptedModel.Reply.failing(OllamaError(.toolCallUnparsable, message: "No call."))
        let scenario = try Scenario(
            [fault, .lines(Chunk.done()), fault, .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Bare()]
        )
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(scenario.events.retries.count == 3)
    }
}
