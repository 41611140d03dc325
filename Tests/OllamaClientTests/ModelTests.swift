import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("The models of a server", .timeLimit(.minutes(10))) struct ModelTests {
    @Test("the details of a model are read")
    func details() async throws {
        let server = try ScriptedServer(
            [
                .json(
                    #"{"details":{"family":"qwen3"},"model_info":{"general.architecture":"qwen3","vision.context_length":1,"#
                        + #""qwen3.context_length":40960},"capabilities":["completion","tools","thinking"],"new":1}"#
                )
            ],
            details: nil
        )
        defer { server.stop() }
        let details = try await server.client().show(model: "qwen3")
        #expect(details.contextLength == 40960)
        #expect(details.capabilities?.tools == true)
        #expect(details.capabilities?.thinking == true)
        #expect(details.capabilities?.vision == false)
        #expect(!details.isRemote)
        #expect(server.requests.map { "\($0.method) \($0.path) \($0.text)" } == [#"POST /api/show {"model":"qwen3"}"#])
    }

    @Test(
        "missing details are nil",
        arguments: [
            "{}", #"{"details":null,"model_info":null,"capabilities":null}"#,
            #"{"model_info":{"general.architecture":7}}"#,
            #"{"model_info":{"general.architecture":"x"},"capabilities":"tools"}"#,
        ]
    )
    func missingDetails(_ body: String) async throws {
        let server = try ScriptedServer([.json(body)], details: nil)
        defer { server.stop() }
        let details = try await server.client().show(model: "x")
        #expect(details.capabilities == nil)
        #expect(details.contextLength == nil)
    }

    @Test("the details of an unknown model are an error with the model's name in its remedy")
    func unknownModel() async throws {
        let server = try ScriptedServer([.json(#"{"error":"model 'x' not found"}"#, status: 404)], details: nil)
        defer { server.stop() }
        let failure = await #expect(throws: OllamaError.self) { try await server.client().show(model: "x") }
        #expect(failure?.code == .modelNotFound)
        #expect(failure?.remedy == .pullModel("x"))
    }

    @Test("the models of the server are listed")
    func list() async throws {
        let server = try ScriptedServer([
            .json(
                #"{"models":[{"name":"qwen3:latest","model":"qwen3:latest","size":5,"details":{"parameter_size":"8.2B"},"#
                    + #""capabilities":["tools"]},{"model":"old","details":null},{"name":""},7,"#
                    + #"{"name":"big:cloud","remote_host":"https://ollama.com:443"}]}"#
            )
        ])
        defer { server.stop() }
        let models = try await server.client().models()
        #expect(models.map(\.name) == ["qwen3:latest", "old", "big:cloud"])
        #expect(models.map(\.parameterSize) == ["8.2B", nil, nil])
        #expect(models.map { $0.capabilities?.tools } == [true, nil, nil])
        #expect(models.map(\.isRemote) == [false, false, true])
        #expect(server.requests.map { "\($0.method) \($0.path)" } == ["GET /api/tags"])
        #expect(server.requests[0].body.isEmpty)
    }

    @Test("a server without models returns empty lists", arguments: ["{}", #"{"models":null}"#, #"{"models":[]}"#])
    func noModels(_ body: String) async throws {
        let server = try ScriptedServer([.json(body), .json(body)])
        defer { server.stop() }
        #expect(try await server.client().models().isEmpty)
        #expect(try await server.client().running().isEmpty)
    }

    @Test("the loaded models are listed")
    func running() async throws {
        let server = try ScriptedServer([
            .json(#"{"models":[{"name":"qwen3:latest","context_length":4096},{"name":"old:1b","context_length":0}]}"#)
        ])
        defer { server.stop() }
        let running = try await server.client().running()
        #expect(running.map(\.contextLength) == [4096, nil])
        #expect(running.map { $0.isNamed("qwen3") } == [true, false])
        #expect(server.requests.map { "\($0.method) \($0.path)" } == ["GET /api/ps"])
    }

    @Test("the version of the server is returned")
    func version() async throws {
        let server = try ScriptedServer([.json(#"{"version":"0.32.15"}"#)])
        defer { server.stop() }
        #expect(try await server.client().version() == "0.32.15")
        #expect(server.requests.map { "\($0.method) \($0.path)" } == ["GET /api/version"])
    }

    @Test("a model is loaded by a request without messages")
    func preload() async throws {
        let server = try ScriptedServer([
            .json(#"{"model":"qwen3","message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}"#)
        ])
        defer { server.stop() }
        try await server.client().preload("qwen3", options: ["num_ctx": 8192])
        #expect(
            server.requests.map(\.text)
                == [#"{"model":"qwen3","messages":[],"stream":false,"options":{"num_ctx":8192}}"#]
        )
    }

    @Test("a web page is reported as an invalid response")
    func webPage() async throws {
        let server = try ScriptedServer([.body("<!DOCTYPE html><p>Hello</p>", type: "text/html")])
        defer { server.stop() }
        let failure = await #expect(throws: OllamaError.self) { try await server.client().version() }
        #expect(failure?.code == .invalidResponse)
    }
}
