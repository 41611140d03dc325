import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

/// Faults that users of other hosts reported, by the reports.
@Suite("Reported faults of models and hosts", .timeLimit(.minutes(10)))
struct PainPointTests {
    private static let done = ScriptedModel.Reply.lines(Chunk.content("Done."), Chunk.done())
    private static let cities = ["Tokyo", "London", "New York", "London"]

    /// Returns the results of calls, in the order of the conversation.
    private static func results(
        of lines: [String],
        tools: [any ProgramTool]
    ) async throws -> (messages: [ChatMessage], results: [ToolResult]) {
        let scenario = try Scenario([.lines(lines), done], tools: tools)
        _ = try await scenario.respond(to: "Go")
        let results = scenario.events.finished.sorted { $0.index < $1.index }.map(\.result)
        return (scenario.agent.messages.filter { $0.role == .tool }, results)
    }

    @Test("several calls of one tool in a message have a result each (ollama/ollama#6708)", arguments: [nil, "same"])
    func callsOfOneTool(id: String?) async throws {
        let calls = Self.cities.map { Chunk.calls(Chunk.call("get_temperature", ["city": .string($0)], id: id)) }
        let (messages, _) = try await Self.results(of: calls + [Chunk.done()], tools: [CityTool.temperature])
        #expect(messages.map(\.content) == ["18C", "15C", "22C", "15C"])
        #expect(Set(messages.map(\.toolCallID)).count == 4 && messages.allSatisfy { $0.toolName == "get_temperature" })
    }

    @Test("calls with the same index are different calls (ollama/ollama#15457)", arguments: [0, 7])
    func repeatedIndex(index: Int) async throws {
        let calls = Self.cities.prefix(2).map { city in
            Chunk.calls(Chunk.call("get_temperature", ["city": .string(city)], index: index))
        }
        let (messages, _) = try await Self.results(of: calls + [Chunk.done()], tools: [CityTool.temperature])
        #expect(messages.map(\.content) == ["18C", "15C"])
    }

    /// A tool that returns its arguments.
    private struct Echo: ProgramTool {
        let schema: JSONObject = [
            "name": "echo",
            "parameters": [
                "type": "object", "properties": ["count": ["type": "integer"], "code": ["type": "string"], "any": [:]],
            ],
        ]
        func execute(_ arguments: JSONObject) async throws -> ToolReply { .text(JSON.object(arguments).text()) }
    }

    @Test(
        "arguments get their declared type, and no other (ollama/ollama#7843)",
        arguments: [
            (["count": "12"], #"{"count":12}"#), (["count": 12.0], #"{"count":12"#),
            (["code": "007"], #"{"code":"007"}"#),
            (["any": "12"], #"{"any":"12"}"#),
        ] as [(JSON, String)]
    )
    func types(arguments: JSON, received: String) async throws {
        let (messages, _) = try await Self.results(
            of: [Chunk.calls(Chunk.call("echo", arguments)), Chunk.done()],
            tools: [Echo()]
        )
        #expect(messages.first?.content.hasPrefix(received) == true)
    }

    @Test(
        "every digit of a whole number arrives (NousResearch/hermes-agent#55314)",
        arguments: ["9007199254740993", "12345678901234567890"]
    )
    func largeNumbers(number: String) async throws {
        let line =
            #"{"message":{"tool_calls":[{"function":{"name":"echo","arguments":{"any":\#(number)}}}]},"done":true}"#
        let (messages, _) = try await Self.results(of: [line], tools: [Echo()])
        #expect(messages.first?.content == #"{"any":\#(number)}"#)
    }

    @Test(
        "the result of an invented name has the nearest name first, and lists the tools (ollama/ollama#8294)",
        arguments: [
            "get_temprature", "getTemperature", "temperature_get", "get-temperature", "functions.get_temperature",
        ]
    )
    func inventedName(name: String) async throws {
        let tools: [any ProgramTool] = [NumberTool.add, CityTool.conditions, CityTool.temperature]
        let (messages, results) = try await Self.results(
            of: [Chunk.calls(Chunk.call(name, ["city": "London"])), Chunk.done()],
            tools: tools
        )
        #expect(results.map(\.status) == [.unknownTool])
        let content = try #require(messages.first).content
        #expect(content.contains("Did you mean \"get_temperature\""), "\(content)")
        #expect(content.contains("The tools are: get_temperature, "), "\(content)")
    }

    @Test(
        "each of the other reports has a test",
        arguments: [
            // Endless equal calls.
            ("MervinPraison/PraisonAI#943", "CallLoopTests.ended"),
            // A call that is printed as text.
            ("ollama/ollama#12174", "PrintedCallTests.run"), ("ollama/ollama-vscode#20", "PrintedCallTests.refused"),
            // A call that was cut off.
            ("ollama/ollama#17564", "InterruptionTests.callsOfAMessageThatWasCutOffAreNotRun"),
            // A choice of tools.
            ("ollama-python#663", "ToolChoiceTests.askedOnce"),
            // Arguments that are null, an empty string or missing.
            ("agent-os#1950", "AgentTests.argumentsAreEchoedAsAnObject"),
            // An empty answer after results.
            ("amx#372", "EmptyMessageTests.afterResults"), ("holmesgpt#2185", "EmptyMessageTests.atTheRoundLimit"),
        ]
    )
    func reports(report: String, test: String) { TestSources.expectTest(test) }
}
