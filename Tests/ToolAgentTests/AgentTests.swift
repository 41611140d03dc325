import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("Agents", .timeLimit(.minutes(10)))
struct AgentTests {
    @Test("at the round limit the model answers without tools")
    func atTheRoundLimitTheModelAnswersWithoutTools() async throws {
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(Chunk.call("Bare", id: "a")), Chunk.done()),
                .lines(Chunk.calls(Chunk.call("Bare", id: "b")), Chunk.done()),
                .lines(Chunk.content("That is all."), Chunk.calls(Chunk.call("Bare", id: "c")), Chunk.done()),
            ],
            tools: [Bare()]
        ) { $0.maximumRounds = 2 }
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .roundLimit, text: "That is all.", rounds: 2))
        #expect(try scenario.requests().map { $0["tools"] != nil } == [true, true, false])
        let last = try #require(scenario.agent.messages.last)
        #expect(last.content == "That is all." && last.toolCalls.isEmpty)
    }

    @Test("missing and duplicate ids are replaced in the call and its result")
    func missingAndDuplicateIDsAreFilledInTheCallAndItsAnswer() async throws {
        let scenario = try Scenario(
            [
                .lines(
                    Chunk.calls(Chunk.call("Bare"), Chunk.call("Bare", id: "x"), Chunk.call("Bare", id: "x")),
                    Chunk.done()
                ),
                .lines(Chunk.calls(Chunk.call("Bare")), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Bare()]
        )
        _ = try await scenario.respond(to: "Go")
        let messages = scenario.agent.messages
        #expect(messages.flatMap(\.toolCalls).map(\.id) == ["call_1", "x", "call_2", "call_3"])
        #expect(messages.compactMap(\.toolCallID) == ["call_1", "x", "call_2", "call_3"])
    }

    @Test("arguments that are sent as a string go back as an object")
    func argumentsAreEchoedAsAnObject() async throws {
        let scenario = try Scenario(
            [
                .lines(
                    Chunk.calls(
                        Chunk.call("get_temperature", #"{"city": "London"}"#, id: "a"),
                        Chunk.call("Bare", nil, id: "b")
                    ),
                    Chunk.done()
                ),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [CityTool.temperature, Bare()]
        )
        _ = try await scenario.respond(to: "Go")
        let request = try #require(try scenario.requests().last)
        #expect(request[pointer: "/messages/1/tool_calls/0/function/arguments"] == ["city": "London"])
        #expect(request[pointer: "/messages/1/tool_calls/1/function/arguments"] == [:])
        #expect(request[pointer: "/messages/2/content"] == "15C")
        #expect(request[pointer: "/messages/3/content"] == "bare")
    }

    @Test("a call of a tool that is not offered has the result of an unknown tool")
    func toolsThatAreNotOfferedAreUnknown() async throws {
        let counter = Counter()
        let scenario = try Scenario(
            [
                .lines(
                    Chunk.calls(Chunk.call("count", id: "a"), Chunk.call("Bare", id: "b"), Chunk.call("nope", id: "c")),
                    Chunk.done()
                ),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [counter, Bare()]
        ) { $0.includesTool = { $0.name != "count" } }
        _ = try await scenario.respond(to: "Go")
        #expect(counter.count == 0)
        #expect(try scenario.requests().first?["tools"]?.array?.count == 1)
        #expect(
            scenario.agent.messages.filter { $0.role == .tool }.map(\.content) == [
                "Tool count not found. The tools are: Bare.", "bare", "Tool nope not found. The tools are: Bare.",
            ]
        )
        // Events have the indices of the message.
        #expect(
            scenario.events.finished.sorted { $0.index < $1.index }.map(\.result.call.name) == [
                "count", "Bare", "nope",
            ]
        )
    }

    @Test("long results are trimmed, and images are sent along")
    func longResultsAreTrimmedAndImagesGoAlong() async throws {
        let image = ContentPart(mediaType: "image/png", bytes: [1, 2, 3])
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(Chunk.call("long", id: "a"), Chunk.call("image", id: "b")), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [
                Fixed(name: "long", output: .text(String(repeating: "a", count: 100_000))),
                Fixed(name: "image", output: ToolReply([.text("Look: "), image])),
            ]
        )
        _ = try await scenario.respond(to: "Go")
        let messages = try #require(try scenario.requests().last?["messages"]?.array)
        let long = try #require(messages[2]["content"]?.string)
        #expect(long.count <= 60_000 && long.count > 59_900)
        #expect(long.contains("characters omitted"))
        #expect(
            messages[3] == [
                "role": "tool", "tool_name": "image", "tool_call_id": "b",
                "content": "Look: [image/png, 3 bytes]", "images": ["AQID"],
            ]
        )
    }

    @Test("the system prompt, the images and the options are sent")
    func systemPromptAndImagesAreSent() async throws {
        let scenario = try Scenario([.lines(Chunk.content("A dot."), Chunk.done())]) {
            $0.system = "Be brief."
            $0.options = ["temperature": 0]
            $0.keepAlive = KeepAlive("5m")
        }
        let prompt = ChatMessage(role: .user, content: "What is this?", images: [[1, 2, 3]])
        _ = try await scenario.agent.respond(to: prompt).outcome
        try scenario.expectRequests(
            """
            {"model": "qwen3", "stream": true, "options": {"temperature": 0}, "keep_alive": "5m", "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "What is this?", "images": ["AQID"]}]}
            """
        )
    }

    @Test("a model without an answer is reported as such")
    func aModelThatSaysNothing() async throws {
        let scenario = try Scenario([.lines(Chunk.done())])
        #expect(try await scenario.respond(to: "Hm?").reason == .emptyAnswer)
        #expect(scenario.agent.messages.map(\.role) == [.user])
    }

    @Test("the format is requested once the model has stopped calling (ollama/ollama#13750)")
    func theFormIsAskedForOnceTheToolsAreDone() async throws {
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(Chunk.call("Bare", id: "a")), Chunk.done()),
                .lines(Chunk.content("It said bare."), Chunk.done()),
                .lines(Chunk.content(#"{"said":"bare"}"#), Chunk.done()),
            ],
            tools: [Bare()]
        ) { $0.format = "json" }
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .answered, text: #"{"said":"bare"}"#, rounds: 1))
        #expect(scenario.events.content == [#"{"said":"bare"}"#])
        let requests = try scenario.requests()
        #expect(requests.map { $0["format"] } == [nil, nil, "json"])
        #expect(requests.map { $0["tools"] != nil } == [true, true, false])
        #expect(requests[1]["messages"] == requests[2]["messages"])
    }

    // The tool is compiled here, and each of its calls waits until the other has started.
    @Test("calls of one plugin run in parallel (kainotomo/ph-agent-hub#447)")
    func callsOfAPluginRunSideBySide() async throws {
        let directory = try FixtureDirectory()
        try directory.plugin(
            "meet.so",
            FixtureSource.tool(
                "meet",
                before: "static int started;",
                body: """
                    __atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
                    while (__atomic_load_n(&started, __ATOMIC_SEQ_CST) < 2) {
                        if (tool_is_cancelled(call)) return tool_finish(call, TOOL_CANCELLED);
                        usleep(1000);
                    }
                    return tool_reply(call, tool_text("met"));
                    """
            )
        )
        var configuration = HostConfiguration()
        configuration.isolation = .inProcess
        configuration.searchPath.add(directory.path)
        configuration.limits.timeout = .seconds(20)
        let host = ToolHost(configuration)
        try await host.loadPlugins()
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(Chunk.call("meet", id: "a"), Chunk.call("meet", id: "b")), Chunk.done()),
                .lines(Chunk.content("They met."), Chunk.done()),
            ],
            host: host
        )
        let outcome = try await scenario.respond(to: "Meet")
        #expect(outcome.text == "They met.")
        #expect(scenario.agent.messages.filter { $0.role == .tool }.map(\.content) == ["met", "met"])
    }
}
