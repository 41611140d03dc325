import OpenAIClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("An agent on a server of OpenAI's protocol", .timeLimit(.minutes(10))) struct CompletionAgentTests {
    /// A tool that returns its argument, or fails without one.
    private struct Echo: ProgramTool {
        var schema: JSONObject {
            [
                "name": "echo", "description": "Returns a text.",
                "parameters": [
                    "type": "object", "required": ["text"],
                    "properties": ["text": ["type": "string", "maxLength": 10]],
                ],
            ]
        }

        func execute(_ arguments: JSONObject) async throws -> ToolReply { .text(arguments["text"]?.string ?? "") }
    }

    private static func call(_ text: String, id: String, index: Int) -> JSON {
        Event.call("echo", #"{"text":"\#(text)"}"#, id: id, index: index)
    }

    private func agent(
        _ server: ScriptedServer,
        _ configure: (inout AgentConfiguration) -> Void = { _ in }
    ) throws -> Agent {
        let host = ToolHost()
        try host.register(Tool(Echo()))
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        configure(&configuration)
        return Agent(model: "local", client: server.client(), host: host, configuration: configuration)
    }

    @Test("parallel calls run, and their results go back with the ids of their calls", arguments: [true, false])
    func conversation(_ isStreamed: Bool) async throws {
        let calls: JSON = .array([Self.call("a", id: "c1", index: 0), Self.call("b", id: "c2", index: 1)])
        let replies: [ScriptedServer.Reply] =
            isStreamed
            ? [
                .events(Event.delta(["tool_calls": calls]), Event.finish("tool_calls")),
                .events(Event.content("Done."), Event.stop),
            ]
            : [
                .json(
                    JSON.object(["choices": [["message": ["tool_calls": calls], "finish_reason": "tool_calls"]]]).text()
                ),
                .json(#"{"choices":[{"message":{"content":"Done."},"finish_reason":"stop"}]}"#),
            ]
        let server = try ScriptedServer(replies)
        defer { server.stop() }
        let outcome = try await agent(server) { $0.streams = isStreamed }.respond(to: "Go").outcome
        #expect(outcome == AgentOutcome(reason: .answered, text: "Done.", rounds: 1))
        let last = try server.requests[1].json
        let results = last["messages"]?.array?.filter { $0["role"] == "tool" } ?? []
        #expect(results.map { $0["tool_call_id"] } == ["c1", "c2"])
        #expect(results.map { $0["content"] } == ["a", "b"])
        // The beginning of the prompt stays the same for the server's cache.
        #expect(try server.requests[0].json["tools"] == last["tools"])
        #expect(last[pointer: "/tools/0/function/parameters/properties/text/description"] == "At most 10 characters.")
    }

    @Test("invalid arguments are answered with a result that the model can use")
    func invalidArguments() async throws {
        let server = try ScriptedServer([
            .events(Event.calls(Event.call("echo", #"{"text":"#, id: "c1", index: 0)), Event.finish("tool_calls")),
            .events(Event.content("Sorry."), Event.stop),
        ])
        defer { server.stop() }
        let outcome = try await agent(server).respond(to: "Go").outcome
        #expect(outcome.text == "Sorry.")
        let last = try server.requests[1].json
        // Servers parse the arguments of earlier calls, so they are sent back as an object.
        #expect(last[pointer: "/messages/1/tool_calls/0/function/arguments"] == "{}")
        #expect(last[pointer: "/messages/2/content"]?.string?.contains("not valid JSON") == true)
    }

    @Test("a call that was cut off at the length limit is not run")
    func truncated() async throws {
        let server = try ScriptedServer([
            .events(Event.calls(Self.call("a", id: "c1", index: 0)), Event.finish("length")),
            .events(Event.content("Done."), Event.stop),
        ])
        defer { server.stop() }
        let response = try agent(server).respond(to: "Go")
        var successes: [Bool] = []
        for try await event in response {
            if case .call(let call) = event, case .finished(let result) = call.kind {
                successes.append(result.status == .ok)
            }
        }
        #expect(!successes.contains(true))
        _ = try await response.outcome
    }

    @Test("a fault of the model is repeated, also if it is an event of the stream")
    func modelFault() async throws {
        let server = try ScriptedServer([
            .events(Event.content("Hal"), #"{"error":{"message":"Failed to parse JSON of the call","code":500}}"#),
            .events(Event.content("Done."), Event.stop),
        ])
        defer { server.stop() }
        let outcome = try await agent(server).respond(to: "Go").outcome
        #expect(outcome.text == "Done." && server.requests.count == 2)
    }

    @Test(
        "the size of the context window is that of the list of models, if the server has one",
        arguments: [
            (#"{"data":[{"id":"local","max_model_len":4096}]}"#, 200, 4096), (#"{"data":[]}"#, 200, nil),
            ("no", 200, nil), ("{}", 404, nil), (#"{"error":{"message":"Loading model"}}"#, 503, nil),
        ]
    )
    func contextSize(_ body: String, _ status: Int, _ size: Int?) async throws {
        let server = try ScriptedServer([.json(body, status: status)])
        defer { server.stop() }
        #expect(try await server.client().prepare("local", options: [:], keepAlive: nil) == size)
    }

    @Test("a refused key is reported before the first request")
    func refusedKey() async throws {
        let server = try ScriptedServer([.json(#"{"error":{"message":"no key"}}"#, status: 401)])
        defer { server.stop() }
        let response = try agent(server) { $0.learnsContextSize = true }.respond(to: "Go")
        let error = await #expect(throws: OllamaError.self) { try await response.outcome }
        #expect(error?.code == .unauthorized && error?.remedy == .setKeyVariable)
        #expect(server.requests.map(\.path) == ["/v1/models"])
    }
}
