import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON

/// Turns that are cut off, fail or are cancelled: no call is run, and the conversation goes on.
@Suite("Interrupted turns", .timeLimit(.minutes(10)))
struct InterruptionTests {
    private let counter = Counter()
    private let call = Chunk.call("count", id: "a")

    @Test("calls of a message that was cut off are not run")
    func callsOfAMessageThatWasCutOffAreNotRun() async throws {
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(call), Chunk.done("length")),
                .lines(Chunk.content("Sorry."), Chunk.done()),
            ],
            tools: [counter]
        )
        let outcome = try await scenario.respond(to: "Count")
        #expect(outcome == AgentOutcome(reason: .answered, text: "Sorry.", rounds: 1))
        #expect(counter.count == 0)
        let messages = scenario.agent.messages
        #expect(messages.map(\.role) == [.user, .assistant, .tool, .assistant])
        #expect(messages[2].content.hasPrefix("Not run: the message was cut off at the length limit."))
        #expect(messages[2].toolCallID == "a")
        #expect(scenario.events.results.map(\.status) == [.notRun])
    }

    @Test("an answer that was cut off is reported as truncated")
    func anAnswerThatWasCutOffIsToldApart() async throws {
        let scenario = try Scenario([.lines(Chunk.content("Once upon a"), Chunk.done("length"))])
        let outcome = try await scenario.respond(to: "Tell me")
        #expect(outcome == AgentOutcome(reason: .truncated, text: "Once upon a", rounds: 0))
        #expect(scenario.agent.messages.map(\.content) == ["Tell me", "Once upon a"])
    }

    @Test("no call of a stream that ends too soon is run, and its text is kept")
    func nothingIsRunWhereTheStreamEndsTooSoon() async throws {
        let scenario = try Scenario(
            [
                .lines(Chunk.content("Let me"), Chunk.calls(call)),
                .lines(Chunk.content("Hello."), Chunk.done()),
            ],
            tools: [counter]
        )
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Count") }
        #expect(error?.code == .incompleteResponse)
        #expect(counter.count == 0)
        let kept = scenario.agent.messages
        #expect(kept.map(\.content) == ["Count", "Let me"])
        #expect(kept.flatMap(\.toolCalls).isEmpty)
        _ = try await scenario.respond(to: "Go on")
        #expect(scenario.agent.messages.map(\.role) == [.user, .assistant, .user, .assistant])
    }

    @Test("no call before an error line is run, and the prompt is removed")
    func nothingIsRunAfterAnErrorLine() async throws {
        let scenario = try Scenario(
            server: [.lines(Chunk.calls(call), #"{"error":"exceeds the available context size"}"#)],
            tools: [counter]
        )
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Count") }
        #expect(error?.message.contains("exceeds the available context size") == true)
        #expect(counter.count == 0)
        // The prompt has no reply, so it can be sent again.
        #expect(scenario.agent.messages.isEmpty)
    }

    @Test("a request that fails because of the model is repeated twice")
    func aModelsFaultIsTriedAgainTwice() async throws {
        let fault = #"{"error":"error parsing tool call: raw='{' err=unexpected end of JSON input"}"#
        let scenario = try Scenario(server: [
            .json(fault, status: 500), .lines(Chunk.content("Le"), fault), .lines(Chunk.content("Here."), Chunk.done()),
        ])
        let outcome = try await scenario.respond(to: "Try")
        #expect(outcome.text == "Here.")
        #expect(scenario.events.retries.count == 2)
        #expect(scenario.agent.messages.map(\.content) == ["Try", "Here."])
        let requests = try scenario.requests()
        #expect(requests.count == 3)
        #expect(Set(requests).count == 1)
    }

    @Test("a third failure of the model in a row is thrown")
    func aThirdFaultInARowIsThrown() async throws {
        let fault = #"{"error":"error parsing tool call: raw='{' err=unexpected end of JSON input"}"#
        let scenario = try Scenario(server: [
            .json(fault, status: 500), .json(fault, status: 500), .json(fault, status: 500),
        ])
        await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Try") }
        #expect(try scenario.requests().count == 3)
    }

    @Test("a failure for another reason is thrown at once")
    func otherFaultsAreThrownAtOnce() async throws {
        let fault = #"{"error":"registry.ollama.ai/library/qwen3:latest does not support tools"}"#
        let scenario = try Scenario(server: [.json(fault, status: 400)])
        await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Try") }
        #expect(try scenario.requests().count == 1)
        #expect(scenario.events.retries.isEmpty)
    }

    @Test("cancelling a response cancels its running calls, and each call has a result")
    func cancellingEndsTheCallsThatRun() async throws {
        let endless = Endless()
        let scenario = try Scenario(
            [
                .lines(
                    Chunk.content("Wait."),
                    Chunk.calls(Chunk.call("get_temperature", ["city": "London"], id: "a")),
                    Chunk.calls(Chunk.call("endless", id: "b")),
                    Chunk.done()
                ),
                .lines(Chunk.content("Hello."), Chunk.done()),
            ],
            tools: [CityTool.temperature, endless]
        )
        let response = Task { try await scenario.respond(to: "Go") }
        for await _ in endless.started.stream { break }
        await scenario.recorder.wait { $0.results.contains { $0.status == .ok } }
        response.cancel()
        let outcome = try await response.value
        #expect(outcome == AgentOutcome(reason: .cancelled, text: "Wait.", rounds: 1))
        let messages = scenario.agent.messages
        #expect(messages.map(\.role) == [.user, .assistant, .tool, .tool])
        #expect(messages.dropFirst(2).map(\.toolCallID) == ["a", "b"])
        #expect(messages[2].content == "15C")
        #expect(messages[3].content.contains("cancelled"))
        #expect(try await scenario.respond(to: "And now?").reason == .answered)
        #expect(scenario.agent.messages.dropFirst(4).map(\.role) == [.assistant, .user, .assistant])
    }

    @Test("cancelling a response closes the connection")
    func cancellingClosesTheRequest() async throws {
        let scenario = try Scenario(
            server: [
                .hanging(Chunk.content("Once upon"), Chunk.calls(Chunk.call("count", id: "a"))),
                .lines(Chunk.content("Hello."), Chunk.done()),
            ],
            tools: [counter]
        )
        let response = Task { try await scenario.respond(to: "Tell me") }
        await scenario.recorder.wait { !$0.content.isEmpty }
        response.cancel()
        let outcome = try await response.value
        #expect(outcome.reason == .cancelled)
        #expect(outcome.text == "Once upon")
        // The server stops because the connection is closed.
        #expect(await scenario.server?.outcome(of: 0) == .clientClosed)
        #expect(counter.count == 0)
        #expect(scenario.agent.messages.map(\.content) == ["Tell me", "Once upon"])
        #expect(try await scenario.respond(to: "And now?").reason == .answered)
    }
}
