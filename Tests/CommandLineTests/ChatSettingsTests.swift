import TestSupport
import Testing
import ToolJSON

@Suite("The defaults of a chat in the configuration", .timeLimit(.minutes(10)))
struct ChatSettingsTests {
    private static let content = """
        {"model": "configured", "system": "Be brief.", "think": "low", "keep_alive": "1h",
         "options": {"temperature": 0.2, "seed": 1}, "tools": {"*": false, "get_*": true, "get_conditions": false}}
        """

    private func request(_ content: String, _ options: [String], model variable: String? = nil) throws -> JSON {
        let directory = try FixtureDirectory()
        let file = try directory.file("config.json", content.utf8)
        let server = try ScriptedServer([ScriptedChat.text("Hello")])
        var command = try Command("chat", "--num-ctx", "4096", "--config", file, "Hi", plugins: Fixture.plugins)
        command.arguments += options
        command.environment["OLLAMA_HOST"] = server.address
        command.environment["TOOLHOST_MODEL"] = variable
        let result = try command.run()
        #expect(result.status == 0, "\(result)")
        return try #require(server.requests.last).json
    }

    private func tools(_ request: JSON) -> [JSON?] {
        request["tools"]?.array?.map { $0[pointer: "/function/name"] } ?? []
    }

    @Test("a chat takes its defaults from the configuration")
    func defaults() throws {
        let request = try request(Self.content, [])
        #expect(request["model"] == "configured" && request["think"] == "low" && request["keep_alive"] == "1h")
        #expect(request[pointer: "/messages/0"] == ["role": "system", "content": "Be brief."])
        #expect(tools(request) == ["get_temperature", "read_result"])
        #expect(request["options"] == ["num_ctx": 4096, "temperature": 0.2, "seed": 1])
        let numbers = try self.request(#"{"model": "m", "think": false, "keep_alive": -1}"#, [])
        #expect(numbers["think"] == false && numbers["keep_alive"] == -1)
    }

    @Test("options take precedence over the environment, and both over the configuration")
    func precedence() throws {
        #expect(try request(Self.content, [], model: "variable")["model"] == "variable")
        #expect(try request(Self.content, [], model: "")["model"] == "configured")
        let options = ["-m", "named", "--system", "", "--think", "high", "--keep-alive", "5m", "--tools", "typed"]
        let request = try request(Self.content, options + ["--option", "seed=2"], model: "variable")
        #expect(request["model"] == "named" && request["think"] == "high" && request["keep_alive"] == "5m")
        #expect(request[pointer: "/messages/0/role"] == "user")
        #expect(tools(request) == ["typed", "read_result"])
        #expect(request["options"] == ["num_ctx": 4096, "seed": 2, "temperature": 0.2])
    }

    @Test(
        "--tool-search decides whether all tools are offered",
        arguments: [
            ("always", ["find_tool", "read_result"]), ("never", ["get_conditions", "get_temperature", "read_result"]),
            ("auto", ["get_conditions", "get_temperature", "read_result"]),
        ]
    )
    func toolSearch(mode: String, names: [String]) throws {
        let request = try request(#"{"model": "m"}"#, ["--tools", "get_*", "--tool-search", mode])
        #expect(tools(request) == names.map(JSON.string))
    }

    @Test(
        "an invalid default is an error of every verb that reads the configuration, and doctor reports it",
        arguments: [
            (#"{"model": 5}"#, "\"model\""), (#"{"model": ""}"#, "\"model\""), (#"{"system": null}"#, "\"system\""),
            (#"{"think": "deep"}"#, "\"high\""), (#"{"keep_alive": 1.5}"#, "\"5m\""),
            (#"{"tools": {"a": "off"}}"#, "\"tools\""), (#"{"tools": ["a"]}"#, "\"tools\""),
            (#"{"api": "anthropic"}"#, "\"openai\""), (#"{"history": "off"}"#, "\"history\""),
            (#"{"options": "seed=1"}"#, "\"temperature\""),
        ]
    )
    func invalid(content: String, words: String) throws {
        let directory = try FixtureDirectory()
        let file = try directory.file("config.json", content.utf8)
        for verb in [["list"], ["chat", "-m", "rehearsal", "Hi"], ["doctor"]] {
            var command = Command(plugins: directory)
            command.arguments = verb + command.arguments + ["--config", file]
            let result = try command.run()
            #expect(result.status == (verb[0] == "doctor" ? 4 : 64), "\(result)")
            #expect((result.output + result.errors).contains(words), "\(result)")
        }
    }
}
