import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("Responses from streams of all forms", .timeLimit(.minutes(10)))
struct StreamFormTests {
    /// The fixtures that contain calls and are complete, with the statuses of the results.
    private static let statuses: [(name: String, results: [ToolStatus])] = [
        ("F1", [.ok]), ("F2", [.ok, .ok]), ("F3", [.ok, .ok]), ("F4", [.ok]), ("F5", [.ok, .ok, .ok, .ok]),
        ("F6", [.ok]),
        ("F9", [.notRun]), ("F12", [.ok]),
    ]

    @Test("each call of a complete message is run once, unless the message was cut off", arguments: StreamFixture.all)
    func calls(fixture: StreamFixture) async throws {
        guard let expected = Self.statuses.first(where: { fixture.name.hasPrefix($0.name + " ") }) else { return }
        let pieces = stride(from: 0, to: fixture.bytes.count, by: 7).map {
            Array(fixture.bytes[$0..<min($0 + 7, fixture.bytes.count)])
        }
        let scenario = try Scenario(
            server: [.pieces(pieces), .lines(Chunk.content("Done."), Chunk.done())],
            tools: ["one", "two", "city"].map { Fixed(name: $0, output: "fine") }
        )
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .answered, text: "Done.", rounds: 1))
        let finished = scenario.events.finished.sorted { $0.index < $1.index }
        #expect(finished.map(\.result.status) == expected.results)
        let messages = scenario.agent.messages
        #expect(messages.compactMap(\.toolCallID) == messages.flatMap(\.toolCalls).compactMap(\.id))
        #expect(Set(messages.compactMap(\.toolCallID)).count == expected.results.count)
        // Numbers and the order of members go back as they came.
        if fixture.name.hasPrefix("F12") {
            let sent = try scenario.requests()[1][pointer: "/messages/1/tool_calls/0/function/arguments"]
            #expect(sent?.text() == fixture.calls[0].split(separator: " ", maxSplits: 2).last.map(String.init))
        }
    }

    @Test("no call of an incomplete message is run", arguments: StreamFixture.all.filter { $0.failure != nil })
    func failures(fixture: StreamFixture) async throws {
        let counter = Counter()
        let reply = ScriptedServer.Reply.pieces([fixture.bytes])
        let scenario = try Scenario(server: Array(repeating: reply, count: 4), tools: [counter])
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
        #expect(error?.code.description == fixture.failure)
        #expect(counter.count == 0 && scenario.agent.messages.flatMap(\.toolCalls).isEmpty)
    }

    @Test("the thinking of a message goes back with its calls (ollama/ollama-python#533)")
    func thinking() async throws {
        let scenario = try Scenario(
            [
                .lines(
                    Chunk.thinking("Hm"),
                    Chunk.thinking("m."),
                    Chunk.calls(Chunk.call("Bare", id: "a")),
                    Chunk.done()
                ),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Bare()]
        )
        _ = try await scenario.respond(to: "Go")
        let message = try #require(try scenario.requests()[1][pointer: "/messages/1"])
        #expect(message["thinking"] == "Hmm." && message[pointer: "/tool_calls/0/id"] == "a")
    }

    @Test(
        "a call without arguments, in any form, is a call with no arguments (use-agent-os/agent-os#1950)",
        arguments: [nil, .null, "", [:], "{}", "null"] as [JSON?]
    )
    func noArguments(arguments: JSON?) async throws {
        var function: JSONObject = ["name": "Bare"]
        function["arguments"] = arguments
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(["id": "a", "function": .object(function)]), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Bare()]
        )
        _ = try await scenario.respond(to: "Go")
        #expect(scenario.events.results.map(\.status) == [.ok])
        #expect(scenario.events.results.map(\.text) == ["bare"])
        #expect(try scenario.requests()[1][pointer: "/messages/1/tool_calls/0/function/arguments"] == [:])
    }
}
