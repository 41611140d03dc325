import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolJSON

@Suite("The capabilities of the model", .timeLimit(.minutes(10)))
struct CapabilityTests {
    private static let answer = ScriptedServer.Reply.lines(Chunk.content("Done."), Chunk.done())
    private static let tags = ScriptedServer.Reply.json(
        #"{"models":[{"name":"qwen3"},{"name":"able:8b","capabilities":["tools"]},{"name":"native","capabilities":[]}]}"#
    )

    /// Returns the details of a model by its name.
    private static func details(_ capabilities: [String: String]) -> ScriptedServer.Reply {
        .answering { request in
            let name = (try? request.json["model"]?.string) ?? ""
            return .json(#"{"capabilities":\#(capabilities[name] ?? "[]")}"#)
        }
    }

    @Test(
        "a model without tools is an error before anything is sent, with the models that have them (ollama/ollama#14795)"
    )
    func tools() async throws {
        let scenario = try Scenario(
            server: [Self.tags],
            details: Self.details(["qwen3": #"["completion"]"#, "native": #"["tools","completion"]"#]),
            tools: [Bare()]
        ) { $0.checksCapabilities = true }
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
        #expect(error?.code == .toolsUnsupported && error?.remedy == .chooseModel)
        #expect(
            error?.message
                == "The model \"qwen3\" cannot call tools, and 1 tool is offered. Models of the server that have "
                + "this capability: able:8b, native."
        )
        #expect(scenario.paths == ["/api/tags"])
        #expect(scenario.agent.messages.isEmpty)
    }

    @Test("a model that cannot think is an error if thinking is requested, but not otherwise")
    func thinking() async throws {
        for think in [ThinkLevel.on, .level("high"), .off, nil] {
            let scenario = try Scenario(
                server: think == .on || think == .level("high") ? [Self.tags] : [Self.answer],
                details: Self.details(["qwen3": #"["tools"]"#])
            ) { ($0.checksCapabilities, $0.think) = (true, think) }
            guard think == .on || think == .level("high") else {
                #expect(try await scenario.respond(to: "Go").text == "Done.")
                continue
            }
            let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
            #expect(error?.code == .thinkingUnsupported)
            #expect(error?.message.contains("No other model") == true)
        }
    }

    @Test("a model whose template has thoughts is asked without the request to think, with a warning")
    func undeclaredThinking() async throws {
        let scenario = try Scenario(
            server: [Self.answer],
            details: .json(#"{"capabilities":["tools"],"template":"{{- '<|channel>thought' }}"}"#)
        ) { ($0.checksCapabilities, $0.think) = (true, .on) }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(try scenario.requests().map { $0["think"] } == [nil])
        #expect(scenario.events.warnings.count == 1)
    }

    @Test(
        "a server that does not report capabilities is used without them",
        arguments: [
            .unknownRoute, .json("{}"), .json(#"{"capabilities":null}"#),
            .json(#"{"error":"method not allowed"}"#, status: 405),
            .json(#"{"error":"ollama cloud is disabled"}"#, status: 403), .body("<html>"),
            .json(#"{"error":"broken"}"#, status: 500),
        ] as [ScriptedServer.Reply]
    )
    func unknown(details: ScriptedServer.Reply) async throws {
        let scenario = try Scenario(server: [Self.answer], details: details, tools: [Bare()]) {
            ($0.checksCapabilities, $0.think) = (true, .on)
        }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
    }

    @Test("the details are requested once in a conversation, and not without tools and thinking")
    func once() async throws {
        let replies = [
            ScriptedServer.Reply.json(#"{"capabilities":["tools"]}"#), Self.answer, Self.answer,
        ]
        let scenario = try Scenario(server: replies, details: nil, tools: [Bare()]) { $0.checksCapabilities = true }
        for prompt in ["One", "Two"] { #expect(try await scenario.respond(to: prompt).text == "Done.") }
        #expect(scenario.paths == ["/api/show", "/api/chat", "/api/chat"])
        let plain = try Scenario(server: [Self.answer], details: nil) { $0.checksCapabilities = true }
        #expect(try await plain.respond(to: "One").text == "Done.")
    }

    @Test("a missing model is an error before the first request")
    func missing() async throws {
        let scenario = try Scenario(
            server: [],
            details: .json(#"{"error":"model 'qwen3' not found"}"#, status: 404),
            tools: [Bare()]
        ) { $0.checksCapabilities = true }
        let error = await #expect(throws: OllamaError.self) { try await scenario.respond(to: "Go") }
        #expect(error?.code == .modelNotFound && error?.remedy == .pullModel("qwen3"))
        #expect(scenario.paths.isEmpty)
    }

    @Test("cancelling while the details are requested ends the response")
    func cancelled() async throws {
        let gate = ScriptedServer.Gate()
        let scenario = try Scenario(
            server: [ScriptedServer.Reply.json("{}").held(by: gate)],
            details: nil,
            tools: [Bare()]
        ) { $0.checksCapabilities = true }
        let response = scenario.agent.respond(to: "Go")
        let outcome = Task { try await response.outcome }
        _ = await scenario.server?.request(0)
        response.cancel()
        #expect(try await outcome.value.reason == .cancelled)
        #expect(scenario.agent.messages.map(\.content) == ["Go"])
    }
}
