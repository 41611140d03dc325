import TestSupport
import Testing
import ToolJSON

@Suite("The verb models", .timeLimit(.minutes(10)))
struct ModelTests {
    private static let tags = """
        {"models":[{"name":"qwen3:8b","size":5000000000,"capabilities":["completion","tools","thinking"],\
        "details":{"parameter_size":"8.2B","context_length":40960}},{"name":"glm-5:cloud","remote_host":\
        "https://ollama.com"},{"name":"mine:latest"}]}
        """

    private func models(_ flags: String..., server: ScriptedServer) throws -> Command.Result {
        var command = Command("models")
        command.arguments += flags
        command.environment["OLLAMA_HOST"] = server.address
        return try command.run()
    }

    /// A server that reports only the list of its models.
    private func server() throws -> ScriptedServer {
        let unknown = ScriptedServer.Reply.json(#"{"error":"model not found"}"#, status: 404)
        return try ScriptedServer([.json(Self.tags), unknown, unknown, unknown], details: nil)
    }

    @Test("models lists capabilities, from a table if the server reports none, and as ? if they are unknown")
    func table() throws {
        let result = try models(server: server())
        #expect(result.status == 0, "\(result.errors)")
        let rows = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(
            rows == [
                ["NAME", "WHERE", "TOOLS", "THINKS", "SEES", "CONTEXT"],
                ["qwen3:8b", "local", "yes", "yes", "no", "40960"],
                ["glm-5:cloud", "cloud", "yes*", "?", "?", "?"],
                ["mine:latest", "local", "?", "?", "?", "?"],
            ]
        )
    }

    @Test("models --json has null for unknown values")
    func json() throws {
        let models = try models("--json", server: server()).json
        #expect(models[pointer: "/0/thinking"] == true && models[pointer: "/0/context_length"] == 40960)
        #expect(models[pointer: "/1/remote"] == true && models[pointer: "/1/from_table"] == true)
        #expect(models[pointer: "/1/tools"] == true && models[pointer: "/1/vision"] == .null)
        #expect(models[pointer: "/2/tools"] == .null)
    }

    @Test("models requests the details of each model that the list lacks")
    func details() throws {
        let server = try ScriptedServer(
            [
                .json(#"{"models":[{"name":"gemma4:latest"}]}"#),
                .json(
                    """
                    {"capabilities":["completion","vision"],"model_info":{"general.architecture":"gemma4",\
                    "gemma4.context_length":131072}}
                    """
                ),
            ],
            details: nil
        )
        let models = try models("--json", server: server).json
        #expect(server.requests.map(\.path) == ["/api/tags", "/api/show"])
        #expect(try server.requests[1].json == ["model": "gemma4:latest"])
        #expect(models[pointer: "/0/tools"] == false && models[pointer: "/0/vision"] == true)
        #expect(models[pointer: "/0/context_length"] == 131072)
    }

    @Test("models exits with 7 if no server can be reached, or the request is refused")
    func failures() throws {
        let silent = try Command("models").run()
        #expect(silent.status == 7 && silent.errors.contains("No Ollama server responds at http://127.0.0.1:1"))
        let failing = try models(server: ScriptedServer([.json(#"{"error":"out of order"}"#, status: 500)]))
        #expect(failing.status == 7 && failing.errors.contains("out of order"))
        let foreign = try models(server: ScriptedServer([.body("<html>hello</html>")]))
        #expect(foreign.status == 7 && foreign.output.isEmpty, "\(foreign.errors)")
        let empty = try models(server: ScriptedServer([.json(#"{"models":[]}"#)]))
        #expect(empty.status == 0 && empty.errors.contains("ollama pull"))
    }
}
