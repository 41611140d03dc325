import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON

/// The examples of Ollama's documentation of tool calling, with each request as it must be sent.
@Suite("The documented examples of tool calling", .timeLimit(.minutes(10)))
struct DocumentedExampleTests {
    private static let temperature = """
        {"type": "function", "function": {"name": "get_temperature",
            "description": "Get the current temperature for a city", "parameters": {
            "type": "object", "required": ["city"],
            "properties": {"city": {"type": "string", "description": "The name of the city"}}}}}
        """
    private static let conditions = """
        {"type": "function", "function": {"name": "get_conditions",
            "description": "Get the current weather conditions for a city", "parameters": {
            "type": "object", "required": ["city"],
            "properties": {"city": {"type": "string", "description": "The name of the city"}}}}}
        """
    private static func number(_ name: String, _ description: String) -> String {
        """
        {"type": "function", "function": {"name": "\(name)", "description": "\(description)", "parameters": {
            "type": "object", "required": ["a", "b"],
            "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}}}
        """
    }

    @Test("a single call is answered as documented")
    func singleCall() async throws {
        let scenario = try Scenario(
            server: [
                .lines(
                    Chunk.calls(Chunk.call("get_temperature", ["city": "New York"], id: "call_a")),
                    Chunk.done()
                ),
                .lines(Chunk.content("It is 22C in New York."), Chunk.done()),
            ],
            tools: [CityTool.temperature]
        ) { $0.think = .on }
        let outcome = try await scenario.respond(to: "What is the temperature in New York?")
        #expect(outcome == AgentOutcome(reason: .answered, text: "It is 22C in New York.", rounds: 1))
        try scenario.expectRequests(
            """
            {"model": "qwen3", "stream": true, "think": true, "tools": [\(Self.temperature)],
             "messages": [{"role": "user", "content": "What is the temperature in New York?"}]}
            """,
            """
            {"model": "qwen3", "stream": true, "think": true, "tools": [\(Self.temperature)], "messages": [
                {"role": "user", "content": "What is the temperature in New York?"},
                {"role": "assistant", "content": "", "tool_calls": [{"id": "call_a", "function":
                    {"index": 0, "name": "get_temperature", "arguments": {"city": "New York"}}}]},
                {"role": "tool", "tool_name": "get_temperature", "tool_call_id": "call_a", "content": "22C"}]}
            """
        )
    }

    @Test("parallel calls are answered in their order")
    func parallelCalls() async throws {
        let calls: [JSON] = [
            Chunk.call("get_temperature", ["city": "New York"], id: "a", index: 0),
            Chunk.call("get_conditions", ["city": "New York"], id: "b", index: 1),
            Chunk.call("get_temperature", ["city": "London"], id: "c", index: 2),
            Chunk.call("get_conditions", ["city": "London"], id: "d", index: 3),
        ]
        let scenario = try Scenario(
            server: [
                .lines(Chunk.calls(calls[0], calls[1], calls[2], calls[3]), Chunk.done()),
                .lines(Chunk.content("Warmer in New York."), Chunk.done()),
            ],
            tools: [CityTool.temperature, CityTool.conditions]
        ) { $0.think = .on }
        let outcome = try await scenario.respond(to: "Weather in New York and London?")
        #expect(outcome.text == "Warmer in New York.")
        let tools = "[\(Self.conditions), \(Self.temperature)]"
        try scenario.expectRequests(
            """
            {"model": "qwen3", "stream": true, "think": true, "tools": \(tools),
             "messages": [{"role": "user", "content": "Weather in New York and London?"}]}
            """,
            """
            {"model": "qwen3", "stream": true, "think": true, "tools": \(tools), "messages": [
                {"role": "user", "content": "Weather in New York and London?"},
                {"role": "assistant", "content": "", "tool_calls": \(JSON.array(calls))},
                {"role": "tool", "tool_name": "get_temperature", "tool_call_id": "a", "content": "22C"},
                {"role": "tool", "tool_name": "get_conditions", "tool_call_id": "b", "content": "Partly cloudy"},
                {"role": "tool", "tool_name": "get_temperature", "tool_call_id": "c", "content": "15C"},
                {"role": "tool", "tool_name": "get_conditions", "tool_call_id": "d", "content": "Rainy"}]}
            """
        )
    }

    @Test("an expression is solved with calls in two rounds")
    func theLoopThatSolvesAnExpression() async throws {
        let add = Chunk.call("add", ["a": 11434, "b": 12341], id: "a")
        let multiply = Chunk.call("multiply", ["a": 23775, "b": 412], id: "b")
        let scenario = try Scenario(
            server: [
                .lines(Chunk.calls(add), Chunk.done()),
                .lines(Chunk.calls(multiply), Chunk.done()),
                .lines(Chunk.content("The result is 9795300."), Chunk.done()),
            ],
            tools: [NumberTool.add, NumberTool.multiply]
        ) { $0.think = .on }
        let outcome = try await scenario.respond(to: "What is (11434+12341)*412?")
        #expect(outcome == AgentOutcome(reason: .answered, text: "The result is 9795300.", rounds: 2))
        let tools = "[\(Self.number("add", "Add two numbers")), \(Self.number("multiply", "Multiply two numbers"))]"
        let prompt = #"{"role": "user", "content": "What is (11434+12341)*412?"}"#
        let first = """
            {"role": "assistant", "content": "", "tool_calls": [\(add)]},
            {"role": "tool", "tool_name": "add", "tool_call_id": "a", "content": "23775"}
            """
        let second = """
            {"role": "assistant", "content": "", "tool_calls": [\(multiply)]},
            {"role": "tool", "tool_name": "multiply", "tool_call_id": "b", "content": "9795300"}
            """
        try scenario.expectRequests(
            #"{"model": "qwen3", "stream": true, "think": true, "tools": \#(tools), "messages": [\#(prompt)]}"#,
            """
            {"model": "qwen3", "stream": true, "think": true, "tools": \(tools), "messages": [\(prompt), \(first)]}
            """,
            """
            {"model": "qwen3", "stream": true, "think": true, "tools": \(tools),
             "messages": [\(prompt), \(first), \(second)]}
            """
        )
    }

    @Test("thinking and text are streamed, and sent back with the calls")
    func streamingWithThinking() async throws {
        let call = Chunk.call("get_temperature", ["city": "New York"], id: "call_a")
        let scenario = try Scenario(
            server: [
                .lines(
                    Chunk.thinking("The user wants "),
                    Chunk.thinking("a temperature."),
                    Chunk.content("Let me "),
                    Chunk.content("look."),
                    Chunk.calls(call),
                    Chunk.done()
                ),
                .lines(Chunk.thinking("22C it is."), Chunk.content("22C"), Chunk.content("."), Chunk.done()),
            ],
            tools: [CityTool.temperature]
        ) { $0.think = .on }
        let outcome = try await scenario.respond(to: "Temperature in New York?")
        #expect(outcome.text == "22C.")
        #expect(scenario.events.thinking == ["The user wants ", "a temperature.", "22C it is."])
        #expect(scenario.events.content == ["Let me ", "look.", "22C", "."])
        try scenario.expectRequests(
            """
            {"model": "qwen3", "stream": true, "think": true, "tools": [\(Self.temperature)],
             "messages": [{"role": "user", "content": "Temperature in New York?"}]}
            """,
            """
            {"model": "qwen3", "stream": true, "think": true, "tools": [\(Self.temperature)], "messages": [
                {"role": "user", "content": "Temperature in New York?"},
                {"role": "assistant", "thinking": "The user wants a temperature.", "content": "Let me look.",
                 "tool_calls": [\(call)]},
                {"role": "tool", "tool_name": "get_temperature", "tool_call_id": "call_a", "content": "22C"}]}
            """
        )
        let last = try #require(scenario.agent.messages.last)
        #expect(last.thinking == "22C it is.")
        #expect(last.content == "22C.")
    }

    /// The second step of the REST example: the results go back without `tools`, and the answer is one piece.
    @Test("the results go back without tools at the round limit, and whole replies are read")
    func resultsGoBackWithoutTools() async throws {
        let call: JSON = [
            "type": "function", "function": ["name": "get_temperature", "arguments": ["city": "New York"]],
        ]
        let answer = """
            {"model": "qwen3", "done": true, "done_reason": "stop", "message":
                {"role": "assistant", "content": "It is 22C."}}
            """
        let scenario = try Scenario(
            server: [.json(Chunk.done("stop", ["tool_calls": [call]])), .json(answer)],
            tools: [CityTool.temperature]
        ) {
            $0.streams = false
            $0.maximumRounds = 1
        }
        let outcome = try await scenario.respond(to: "What is the temperature in New York?")
        #expect(outcome == AgentOutcome(reason: .roundLimit, text: "It is 22C.", rounds: 1))
        try scenario.expectRequests(
            """
            {"model": "qwen3", "stream": false, "tools": [\(Self.temperature)],
             "messages": [{"role": "user", "content": "What is the temperature in New York?"}]}
            """,
            """
            {"model": "qwen3", "stream": false, "messages": [
                {"role": "user", "content": "What is the temperature in New York?"},
                {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "id": "call_1",
                    "function": {"name": "get_temperature", "arguments": {"city": "New York"}}}]},
                {"role": "tool", "tool_name": "get_temperature", "tool_call_id": "call_1", "content": "22C"}]}
            """
        )
    }

    @Test("a tool without a schema is offered with default values")
    func objectsAreBridgedWithTheirDefaults() async throws {
        let scenario = try Scenario(
            server: [
                .lines(Chunk.calls(Chunk.call("Bare", id: "a"), Chunk.call("nope", id: "b")), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Bare()]
        )
        _ = try await scenario.respond(to: "Call it")
        let tools = """
            [{"type": "function", "function": {"name": "Bare", "description": "",
              "parameters": {"type": "object", "properties": {}, "required": []}}}]
            """
        try scenario.expectRequests(
            """
            {"model": "qwen3", "stream": true, "tools": \(tools),
             "messages": [{"role": "user", "content": "Call it"}]}
            """,
            """
            {"model": "qwen3", "stream": true, "tools": \(tools), "messages": [
                {"role": "user", "content": "Call it"},
                {"role": "assistant", "content": "", "tool_calls": [
                    {"id": "a", "function": {"index": 0, "name": "Bare", "arguments": {}}},
                    {"id": "b", "function": {"index": 0, "name": "nope", "arguments": {}}}]},
                {"role": "tool", "tool_name": "Bare", "tool_call_id": "a", "content": "bare"},
                {"role": "tool", "tool_name": "nope", "tool_call_id": "b",
                 "content": "Tool nope not found. The tools are: Bare."}]}
            """
        )
    }

    @Test("calls in several chunks are all answered")
    func callsSpreadOverSeveralChunks() async throws {
        let first = Chunk.call("get_temperature", ["city": "New York"], id: "a", index: 0)
        let second = Chunk.call("get_temperature", ["city": "London"], id: "b", index: 1)
        try await expectBothAnswered(
            first,
            second,
            [Chunk.calls(first), Chunk.content("And "), Chunk.calls(second), Chunk.content("London."), Chunk.done()],
            content: "And London."
        )
    }

    @Test("calls in the last chunk are answered, too")
    func callsInsideTheFinalChunk() async throws {
        let first = Chunk.call("get_temperature", ["city": "New York"], id: "a", index: 0)
        let second = Chunk.call("get_temperature", ["city": "London"], id: "b", index: 0)
        try await expectBothAnswered(
            first,
            second,
            [Chunk.calls(first), Chunk.done("stop", ["content": "Both.", "tool_calls": [second]])],
            content: "Both."
        )
    }

    private func expectBothAnswered(_ first: JSON, _ second: JSON, _ lines: [String], content: String) async throws {
        let scenario = try Scenario(
            server: [.lines(lines), .lines(Chunk.content("22C and 15C."), Chunk.done())],
            tools: [CityTool.temperature]
        )
        let outcome = try await scenario.respond(to: "New York and London?")
        #expect(outcome == AgentOutcome(reason: .answered, text: "22C and 15C.", rounds: 1))
        try scenario.expectRequests(
            """
            {"model": "qwen3", "stream": true, "tools": [\(Self.temperature)],
             "messages": [{"role": "user", "content": "New York and London?"}]}
            """,
            """
            {"model": "qwen3", "stream": true, "tools": [\(Self.temperature)], "messages": [
                {"role": "user", "content": "New York and London?"},
                {"role": "assistant", "content": "\(content)", "tool_calls": [\(first), \(second)]},
                {"role": "tool", "tool_name": "get_temperature", "tool_call_id": "a", "content": "22C"},
                {"role": "tool", "tool_name": "get_temperature", "tool_call_id": "b", "content": "15C"}]}
            """
        )
    }
}
