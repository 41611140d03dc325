import TestSupport
import Testing
import ToolJSON

/// `chat --api openai`, `models --api openai`, and `dispatch` with responses of such servers.
@Suite("A server of OpenAI's protocol", .timeLimit(.minutes(10)))
struct OpenAIServerTests {
    private static let call =
        #"{"index":0,"id":"c1","type":"function","function":{"name":"get_temperature","arguments":"{\"city\":\"London\"}"}}"#
    private static let calls =
        #"{"choices":[{"index":0,"delta":{"tool_calls":[\#(call)]},"finish_reason":"tool_calls"}]}"#
    private static let answer = #"{"choices":[{"index":0,"delta":{"content":"15C."},"finish_reason":"stop"}]}"#

    private static func events(_ events: String...) -> ScriptedServer.Reply {
        let text = (events + ["[DONE]"]).map { "data: \($0)\n\n" }.joined()
        return .body(text, type: "text/event-stream")
    }

    private func command(_ server: ScriptedServer, _ arguments: String...) throws -> Command {
        var command = try Command(plugins: Fixture.plugins)
        if arguments.first == "models" { command.arguments = [] }
        command.arguments = arguments + command.arguments
        command.environment["OPENAI_BASE_URL"] = "http://\(server.address)/v1"
        command.environment["OPENAI_API_KEY"] = "sk-secret"
        return command
    }

    @Test("chat --api openai runs the calls of the model and prints its answer, and never the key")
    func chat() throws {
        let server = try ScriptedServer([
            .json(#"{"data":[{"id":"local"}]}"#), Self.events(Self.calls), Self.events(Self.answer),
        ])
        let result = try command(server, "chat", "--api", "openai", "-m", "local", "--option", "seed=7", "London?")
            .run()
        #expect(result.status == 0 && result.output == "15C.\n", "\(result)")
        #expect(!(result.output + result.errors).contains("sk-secret"))
        #expect(server.requests.map(\.path) == ["/v1/models", "/v1/chat/completions", "/v1/chat/completions"])
        #expect(server.requests.allSatisfy { $0.header("authorization") == "Bearer sk-secret" })
        let last = try server.requests[2].json
        #expect(last["model"] == "local" && last["seed"] == 7)
        #expect(last[pointer: "/messages/1/tool_calls/0/id"] == "c1")
        #expect(
            last[pointer: "/messages/2"] == [
                "role": "tool", "tool_call_id": "c1", "name": "get_temperature", "content": "15C",
            ]
        )
    }

    @Test("a setting chooses the protocol, an option takes precedence, and other values are refused")
    func setting() throws {
        let file = try FixtureDirectory()
        let path = try file.file("config.json", #"{"api": "openai", "model": "local"}"#.utf8)
        let server = try ScriptedServer([Self.events(Self.answer), .json(#"{"message":{"content":"Hi"},"done":true}"#)])
        var command = try command(server, "chat", "--num-ctx", "4096", "--config", path, "Hi")
        #expect(try command.run().output == "15C.\n")
        command.arguments += ["--api", "ollama"]
        command.environment["OLLAMA_HOST"] = server.address
        #expect(try command.run().output == "Hi\n")
        #expect(server.requests.map(\.path) == ["/v1/chat/completions", "/api/chat"])
        // The size of the window is a matter of the server.
        #expect(try server.requests[0].json["num_ctx"] == nil)
        let wrong = try file.file("wrong.json", #"{"api": "anthropic"}"#.utf8)
        let refused = try Command("chat", "--config", wrong, "Hi").run()
        #expect(refused.status == 64 && refused.errors.contains("\"openai\""), "\(refused)")
        #expect(try Command("chat", "--api", "anthropic", "Hi").run().status == 64)
    }

    @Test(
        "without a name, the only model of the server is used",
        arguments: [
            (#"{"data":[{"id":"local"}]}"#, nil), (#"{"data":[{"id":"a"},{"id":"b"}]}"#, "with -m MODEL: a, b"),
            (#"{"data":[]}"#, "lists no models"),
        ]
    )
    func onlyModel(_ models: String, _ words: String?) throws {
        let server = try ScriptedServer([.json(models), Self.events(Self.answer)])
        let result = try command(server, "chat", "--api", "openai", "--num-ctx", "4096", "Hi").run()
        if let words {
            #expect(result.status == 7 && result.errors.contains(words), "\(result)")
        } else {
            #expect(result.status == 0, "\(result)")
            #expect(try server.requests[1].json["model"] == "local")
        }
    }

    @Test("an unknown model is answered with the models of the server, without a command of Ollama")
    func unknownModel() throws {
        let server = try ScriptedServer([
            .json(#"{"error":{"message":"The model `lokal` does not exist.","code":404}}"#, status: 404),
            .json(#"{"data":[{"id":"local"}]}"#),
        ])
        let result = try command(server, "chat", "--api", "openai", "-m", "lokal", "--num-ctx", "4096", "Hi").run()
        #expect(result.status == 7 && result.errors.contains("The server has: local."), "\(result)")
        #expect(!result.errors.contains("ollama"), "\(result)")
    }

    @Test("models --api openai lists the names and the sizes of the windows")
    func models() throws {
        let models = #"{"data":[{"id":"local","max_model_len":8192},{"id":"other"}]}"#
        let server = try ScriptedServer([.json(models), .json(models)])
        let table = try command(server, "models", "--api", "openai").run()
        let rows = table.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(
            rows.dropFirst() == [["local", "local", "?", "?", "?", "8192"], ["other", "local", "?", "?", "?", "?"]]
        )
        let json = try command(server, "models", "--api", "openai", "--json").run().json
        #expect(json[pointer: "/0/context_length"] == 8192 && json[pointer: "/1/tools"] == .null)
    }

    @Test("a recorded chat is replayed without the server")
    func replay() throws {
        let directory = try FixtureDirectory()
        let path = directory.path + "/chat.jsonl"
        let server = try ScriptedServer([Self.events(Self.calls), Self.events(Self.answer)])
        let chat = ["chat", "--api", "openai", "-m", "local", "--num-ctx", "4096", "--record", path, "London?"]
        var command = try command(server)
        command.arguments = chat + command.arguments
        let recorded = try command.run()
        #expect(recorded.status == 0, "\(recorded)")
        let replayed = try Command("chat", "--replay", path).run()
        #expect(replayed.status == 0 && replayed.output == "15C.\n", "\(replayed)")
        #expect(replayed.errors.contains("✓ get_temperature("), "\(replayed)")
    }

    // MARK: - Dispatch

    @Test(
        "dispatch reads each form of a completion",
        arguments: [
            #"{"choices":[{"index":0,"message":{"role":"assistant","tool_calls":[\#(call)]},"finish_reason":"tool_calls"}]}"#,
            #"{"role":"assistant","content":null,"tool_calls":[\#(call)]}"#, "data: \(calls)\n\ndata: [DONE]\n\n",
            ": hello\r\n\r\ndata: \(calls)\r\n\r\n",
        ]
    )
    func dispatch(_ response: String) throws {
        let result = try Command("dispatch", plugins: Fixture.plugins, input: response).run()
        #expect(result.status == 0, "\(result)")
        #expect(
            result.output
                == #"[{"role":"tool","content":"15C","tool_name":"get_temperature","tool_call_id":"c1"}]"# + "\n"
        )
    }

    @Test(
        "dispatch does not run the calls of a completion that was cut off, and prints results for them",
        arguments: [
            (#"data: {"choices":[{"delta":{"tool_calls":[\#(call)]}}]}"#, "ended before the message was complete"),
            (
                #"{"choices":[{"message":{"tool_calls":[\#(call)]},"finish_reason":"length"}]}"#,
                "cut off at the length limit"
            ),
        ]
    )
    func cutOff(_ response: String, _ words: String) throws {
        let result = try Command("dispatch", plugins: Fixture.plugins, input: response).run()
        #expect(result.status == 0 && result.output.contains(words), "\(result)")
        #expect(try result.json[pointer: "/0/tool_call_id"] == "c1")
    }

    @Test("dispatch reports an error in a stream, and an event that is not JSON")
    func dispatchErrors() throws {
        let failed = try Command("dispatch", input: #"data: {"error":{"message":"slow down","code":429}}"#).run()
        #expect(failed.status == 7 && failed.errors.contains("slow down"), "\(failed)")
        let broken = try Command("dispatch", input: "data: {}\n\ndata: {\n\n").run()
        #expect(broken.status == 2 && broken.errors.contains("Event 2 is not valid JSON"), "\(broken)")
    }
}
