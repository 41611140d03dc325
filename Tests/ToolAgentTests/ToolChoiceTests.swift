import OllamaClient
import Testing
import ToolAgent
import ToolHost
import ToolJSON

@Suite("The tool choice", .timeLimit(.minutes(2)))
struct ToolChoiceTests {
    private static let london: JSON = ["city": "London"]

    private func scenario(
        _ choice: ToolChoice,
        _ replies: [String]...,
        configure: (inout AgentConfiguration) -> Void = { _ in }
    ) throws -> Scenario {
        try Scenario(replies.map { .lines($0) }, tools: [CityTool.temperature, CityTool.conditions]) {
            $0.toolChoice = choice
            configure(&$0)
        }
    }

    private func offered(_ request: JSON) -> [JSON?] {
        request["tools"]?.array?.map { $0[pointer: "/function/name"] } ?? []
    }

    @Test("no tools are offered with the choice none, and a call of the model is unknown")
    func none() async throws {
        let scenario = try scenario(
            .none,
            [Chunk.calls(Chunk.call("get_temperature", Self.london)), Chunk.done()],
            [Chunk.content("Hm."), Chunk.done()]
        )
        let outcome = try await scenario.respond(to: "Hi")
        #expect(outcome.text == "Hm.")
        #expect(scenario.agent.tools.isEmpty)
        #expect(try scenario.requests().map { $0["tools"] } == [nil, nil])
        #expect(scenario.events.results.map(\.status) == [.unknownTool])
    }

    @Test("a reply with a call satisfies the choice, and its text precedes the call")
    func satisfied() async throws {
        let scenario = try scenario(
            .required,
            [
                Chunk.content("Let me"), Chunk.content(" look."),
                Chunk.calls(Chunk.call("get_temperature", Self.london)), Chunk.done(),
            ],
            [Chunk.content("15 degrees"), Chunk.done()]
        )
        let outcome = try await scenario.respond(to: "How warm is London?")
        #expect(outcome == AgentOutcome(reason: .answered, text: "15 degrees", rounds: 1))
        #expect(scenario.events.content == ["Let me look.", "15 degrees"])
        #expect(scenario.events.retries.isEmpty)
        let requests = try scenario.requests()
        #expect(requests.map { $0["format"] } == [nil, nil])
        #expect(offered(requests[0]) == ["get_conditions", "get_temperature"])
        #expect(offered(requests[1]) == offered(requests[0]))
    }

    @Test("a reply without a call is discarded, and one more request has the call as its format")
    func askedOnce() async throws {
        let scenario = try scenario(
            .required,
            [Chunk.content("It is warm."), Chunk.done()],
            [Chunk.content(#" {"name": "get_temperature", "arguments": {"city": "London"}} "#), Chunk.done()],
            [Chunk.content("15 degrees"), Chunk.done()]
        )
        let outcome = try await scenario.respond(to: "How warm is London?")
        #expect(outcome == AgentOutcome(reason: .answered, text: "15 degrees", rounds: 1))
        #expect(scenario.events.content == ["15 degrees"])
        #expect(scenario.events.retries.count == 1)
        #expect(scenario.events.results.map(\.text) == ["15C"])

        let requests = try scenario.requests()
        #expect(requests.count == 3)
        let asked = requests[1]
        #expect(asked["tools"] == nil)
        #expect(asked["messages"]?.array?.count == 1)
        let instruction = asked[pointer: "/messages/0/content"]?.string ?? ""
        for words in ["How warm is London?", "get_temperature", "The name of the city", "arguments"] {
            #expect(instruction.contains(words), "\(instruction)")
        }
        let form = try #require(asked[pointer: "/format/anyOf/1"])
        #expect(form[pointer: "/properties/name/enum"] == ["get_temperature"])
        #expect(form[pointer: "/properties/arguments/properties/city/type"] == "string")
        #expect(form["required"] == ["name", "arguments"])
        // Neither the instruction nor the discarded text stays in the conversation.
        #expect(scenario.agent.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
        #expect(scenario.agent.messages.map(\.content) == ["How warm is London?", "", "15C", "15 degrees"])
    }

    @Test("with the name of a tool, only that tool is offered at first, and its arguments are the format")
    func named() async throws {
        let scenario = try scenario(
            .tool("get_conditions"),
            [Chunk.calls(Chunk.call("get_temperature", Self.london)), Chunk.done()],
            [Chunk.content(#"{"city": "London"}"#), Chunk.done()],
            [Chunk.content("Rain"), Chunk.done()]
        )
        let outcome = try await scenario.respond(to: "How is London?")
        #expect(outcome.text == "Rain")
        // The call of another tool is not run.
        #expect(scenario.events.results.map(\.call.name) == ["get_conditions"])
        #expect(scenario.events.results.map(\.text) == ["Rainy"])
        let requests = try scenario.requests()
        #expect(offered(requests[0]) == ["get_conditions"])
        #expect(requests[1][pointer: "/format/required"] == ["city"])
        #expect(requests[1][pointer: "/format/properties/city/type"] == "string")
        #expect(offered(requests[2]) == ["get_conditions", "get_temperature"])
    }

    @Test(
        "a second reply that is not the call fails, and the prompt can be sent again",
        arguments: [
            (.required, "I will not.", "stop"), (.required, "", "stop"), (.required, "[]", "stop"),
            (.required, #"{"name": "other", "arguments": {}}"#, "stop"),
            (.required, #"{"name": "get_temperature"}"#, "stop"),
            (.required, #"{"name": "get_temperature", "arguments": "London"}"#, "stop"),
            (.required, #"{"name": "get_temperature", "arguments": {}} {}"#, "stop"),
            (.required, #"{"name": "get_temperature", "arguments": {"city": "London"}}"#, "length"),
            (.tool("get_temperature"), "[1]", "stop"), (.tool("get_temperature"), #"{"city": "Lon"#, "length"),
        ] as [(ToolChoice, String, String)]
    )
    func refused(choice: ToolChoice, reply: String, reason: String) async throws {
        let scenario = try scenario(
            choice,
            [Chunk.content("No."), Chunk.done()],
            [Chunk.content(reply), Chunk.done(reason)]
        )
        let error = await #expect(throws: AgentError.self) { try await scenario.respond(to: "Hi") }
        #expect(error?.code == .noToolCall)
        #expect(scenario.events.content.isEmpty && scenario.events.results.isEmpty)
        #expect(scenario.agent.messages.isEmpty)
    }

    @Test(
        "a choice that no offered tool can satisfy fails without a request",
        arguments: [(.required, "no tools"), (.tool("count"), "\"count\"")] as [(ToolChoice, String)]
    )
    func impossible(choice: ToolChoice, words: String) async throws {
        let scenario = try Scenario([]) { $0.toolChoice = choice }
        let error = await #expect(throws: AgentError.self) { try await scenario.respond(to: "Hi") }
        #expect(error?.code == .noToolCall)
        #expect(error?.message.contains(words) == true)
        #expect(try scenario.requests().isEmpty)
        #expect(scenario.agent.messages.isEmpty)
    }

    @Test("each response of a conversation begins with a call, and an answer in a format comes last")
    func eachResponse() async throws {
        let call = [Chunk.calls(Chunk.call("get_temperature", Self.london)), Chunk.done()]
        let scenario = try scenario(
            .required,
            call,
            [Chunk.content("(no more calls)"), Chunk.done()],
            [Chunk.content("{}"), Chunk.done()],
            [Chunk.content("again?"), Chunk.done()],
            [Chunk.content(#"{"name": "get_conditions", "arguments": {"city": "Tokyo"}}"#), Chunk.done()],
            [Chunk.done()],
            [Chunk.done()],
            [Chunk.content("{}"), Chunk.done()]
        ) { $0.format = "json" }
        #expect(try await scenario.respond(to: "London?").text == "{}")
        #expect(try await scenario.respond(to: "Tokyo?").text == "{}")
        #expect(scenario.events.results.map(\.text) == ["15C", "Sunny"])
        #expect(scenario.events.content == ["{}", "{}"])
        let requests = try scenario.requests()
        #expect(requests.map { $0["format"] == "json" } == [false, false, true, false, false, false, false, true])
        #expect(requests[4]["format"]?.object != nil)
    }

    @Test("the calls of many tools share a short format")
    func manyTools() async throws {
        let tools = (0..<400).map { CityTool(name: "city_\($0)", description: "A city", table: ["London": "\($0)"]) }
        let scenario = try Scenario(
            [
                .lines(Chunk.content("No."), Chunk.done()),
                .lines(Chunk.content(#"{"name": "city_7", "arguments": {"city": "London"}}"#), Chunk.done()),
                .lines(Chunk.content("7"), Chunk.done()),
            ],
            tools: tools
        ) { $0.toolChoice = .required }
        #expect(try await scenario.respond(to: "Hi").text == "7")
        #expect(scenario.events.results.map(\.text) == ["7"])
        let format = try #require(try scenario.requests()[1]["format"])
        #expect(format[pointer: "/properties/name/enum"]?.array?.count == 400)
        #expect(format[pointer: "/properties/arguments"] == ["type": "object"])
    }

    @Test("a response that is cancelled while the call is requested keeps no part of it")
    func cancelled() async throws {
        let scenario = try Scenario(
            [
                .lines(Chunk.content("No."), Chunk.done()),
                .hanging(Chunk.thinking("Which?"), Chunk.content(#"{"name": "#)),
            ],
            tools: [CityTool.temperature]
        ) { $0.toolChoice = .required }
        let response = scenario.agent.respond(to: "Hi")
        for try await event in response {
            if case .thinking = event { response.cancel() }
        }
        #expect(try await response.outcome == AgentOutcome(reason: .cancelled, text: "", rounds: 0))
        #expect(scenario.agent.messages.map(\.role) == [.user])
    }
}
