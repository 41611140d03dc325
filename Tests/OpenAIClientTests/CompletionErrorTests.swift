import OpenAIClient
import TestSupport
import Testing
import ToolJSON

@Suite("A failure of a completion", .timeLimit(.minutes(10))) struct CompletionErrorTests {
    struct Failure: Sendable, CustomTestStringConvertible {
        let status: Int
        let body: String
        let code: OllamaError.Code
        var isRetryable = false
        var words: [String] = []

        var testDescription: String { "\(status) \(body)" }
    }

    private static let failures = [
        Failure(
            status: 401,
            body: #"{"error":{"message":"Invalid API Key","type":"authentication_error","code":401}}"#,
            code: .unauthorized,
            words: ["Invalid API Key", "OPENAI_API_KEY", "OPENAI_BASE_URL"]
        ),
        Failure(
            status: 404,
            body: #"{"object":"error","message":"The model `m` does not exist.","type":"NotFoundError","code":404}"#,
            code: .modelNotFound,
            words: ["The model `m` does not exist."]
        ),
        Failure(
            status: 404,
            body: "Not Found",
            code: .invalidRequest,
            words: ["OPENAI_BASE_URL may name something other than an OpenAI-compatible server"]
        ),
        Failure(status: 429, body: #"{"error":{"message":"slow down"}}"#, code: .rateLimited, isRetryable: true),
        Failure(
            status: 503,
            body: #"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#,
            code: .serverBusy,
            isRetryable: true
        ),
        Failure(status: 502, body: "", code: .cloudUnreachable, isRetryable: true),
        Failure(status: 500, body: #"{"error":"oops"}"#, code: .serverFault, isRetryable: true),
        Failure(
            status: 500,
            body: #"{"error":{"code":500,"message":"tools param requires --jinja flag","type":"server_error"}}"#,
            code: .invalidRequest
        ),
        Failure(
            status: 400,
            body:
                #"{"error":{"message":"the request exceeds the available context size. try increasing it","code":400}}"#,
            code: .contextExceeded
        ),
        Failure(
            status: 400,
            body:
                #"{"error":{"message":"This model's maximum context length is 8192 tokens.","code":"context_length_exceeded"}}"#,
            code: .contextExceeded
        ),
        Failure(
            status: 422,
            body: #"{"detail":[{"loc":["body","messages"],"msg":"field required"}]}"#,
            code: .invalidRequest,
            words: ["field required"]
        ),
    ]

    @Test("statuses and messages have the codes that the agent knows", arguments: failures)
    func statuses(_ failure: Failure) async throws {
        let error = try #require(try await completion(of: .json(failure.body, status: failure.status)).error)
        #expect(error.code == failure.code && error.status == failure.status)
        #expect(error.isRetryable == failure.isRetryable)
        for words in failure.words { #expect(error.message.contains(words), "\(error.message)") }
        #expect(!error.message.contains("OLLAMA") && !error.message.contains("Ollama"), "\(error.message)")
        // The remedies of Ollama have commands that do not exist here.
        let kinds: [OllamaError.Remedy.Kind?] = [.startServer, .pullModel, .signIn]
        #expect(!kinds.contains(error.remedy?.kind))
    }

    @Test(
        "an error inside a stream ends it after the pieces before it",
        arguments: [
            (#"data: {"error":{"message":"out of memory","code":500}}"#, OllamaError.Code.serverFault),
            (#"data: {"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#, .rateLimited),
            (#"data: {"object":"error","message":"too many","code":429}"#, .rateLimited),
            (#"error: {"code":503,"message":"busy"}"#, .serverBusy),
            ("event: error\ndata: {\"error\":{\"message\":\"context length exceeded\"}}", .contextExceeded),
            (#"{"error":"the model 'm' is not found"}"#, .modelNotFound),
            ("data: <html>", .invalidResponse), ("data: 17", .invalidResponse),
            ("data: {\"choices\":", .invalidResponse),
        ]
    )
    func errorEvent(_ event: String, _ code: OllamaError.Code) async throws {
        let stream = "data: \(Event.content("Once"))\n\n\(event)\n\ndata: \(Event.stop)\n\ndata: [DONE]\n\n"
        let answer = try await completion(of: .stream(stream))
        #expect(answer.content == "Once" && answer.chunks.count == 1)
        #expect(answer.error?.code == code, "\(String(describing: answer.error))")
    }

    @Test("a stream that ends without a reason is incomplete", arguments: [true, false])
    func incomplete(_ isDropped: Bool) async throws {
        var reply = ScriptedServer.Reply.events([
            Event.content("Once"), Event.calls(Event.call("add", "{}", id: "c", index: 0)),
        ])
        if isDropped { reply.steps.append(.drop) }
        let answer = try await completion(of: reply)
        #expect(answer.content == "Once" && answer.calls.isEmpty)
        #expect(answer.error?.code == .incompleteResponse)
    }

    @Test("a stream that is cut off at any byte is incomplete, and none of its calls is reported")
    func cutOff() async throws {
        let events = [Event.content("Hi"), Event.calls(Event.call("add", #"{"a":1}"#, id: "c", index: 0)), Event.stop]
        let text = events.map { "data: \($0)\n\n" }.joined()
        let whole = text.utf8.count - "\n\n".utf8.count
        let server = try ScriptedServer(
            (0..<whole).map { .stream(String(decoding: text.utf8.prefix($0), as: UTF8.self)) }
        )
        defer { server.stop() }
        let client = server.client()
        for count in 0..<whole {
            let answer = try await client.completion()
            #expect(answer.error?.code == .incompleteResponse && answer.calls.isEmpty, "\(count) bytes")
        }
    }

    @Test(
        "a whole response that is not a completion is reported and quoted",
        arguments: ["{}", "[]", "17", "<html>", ""]
    )
    func notACompletion(_ body: String) async throws {
        let error = try await completion(of: .json(body), to: ChatRequest.hello.whole).error
        #expect(error?.code == .invalidResponse)
        #expect(error?.message.contains("OpenAI-compatible server") == true)
    }

    // MARK: - The connection

    @Test("a refused connection is reported with the address and the variable")
    func refused() async throws {
        let server = try ScriptedServer([])
        let (client, address) = (server.client(), server.address)
        server.stop()
        await server.stopped()
        let error = try #require(try await client.completion().error)
        #expect(error.code == .connectionFailed && error.remedy == .setHostVariable)
        for part in ["http://\(address)/v1", "OPENAI_BASE_URL", "OpenAI-compatible"] {
            #expect(error.message.contains(part), "\(error.message)")
        }
    }

    @Test("a redirect is not followed")
    func redirected() async throws {
        let other = try ScriptedServer([.events(Event.stop)])
        let server = try ScriptedServer([.redirect(to: "http://\(other.address)/v1/chat/completions")])
        defer { server.stop() }
        let error = try await server.client(apiKey: "key").completion().error
        #expect(error?.code == .redirected && error?.message.contains("OPENAI_BASE_URL") == true)
        #expect(other.requests.isEmpty)
    }

    @Test("cancelling the task and releasing the stream close the connection")
    func cancellation() async throws {
        var hanging = ScriptedServer.Reply.events([Event.content("Once")])
        hanging.steps += [.wait(ScriptedServer.Gate())]
        let server = try ScriptedServer([hanging, hanging])
        defer { server.stop() }
        let client = server.client()
        let task = Task { try await client.completion() }
        _ = await server.request(0)
        task.cancel()
        #expect(await server.outcome(of: 0) == .clientClosed)
        _ = await task.result
        for try await _ in client.chat(.hello) { break }
        #expect(await server.outcome(of: 1) == .clientClosed)
    }

    @Test("an event and a response beyond the size limit are rejected", arguments: [true, false])
    func sizeLimit(_ isStreamed: Bool) async throws {
        let text = String(repeating: "x", count: 2000)
        let reply: ScriptedServer.Reply =
            isStreamed
            ? .events(Event.content(text), Event.stop)
            : .json(#"{"choices":[{"message":{"content":"\#(text)"},"finish_reason":"stop"}]}"#)
        let server = try ScriptedServer([reply])
        defer { server.stop() }
        var request = ChatRequest.hello
        request.stream = isStreamed
        let answer = try await server.client(maximumBytes: 1000).completion(of: request)
        #expect(answer.chunks.isEmpty && answer.error?.code == .invalidResponse)
        #expect(answer.error?.message.contains("1000") == true)
    }

    // MARK: - The address and the key

    @Test(
        "the address has a default path, and the key goes only to this machine or over TLS",
        arguments: [
            ("", "http://127.0.0.1:8080/v1", true), ("http://127.0.0.1:1234", "http://127.0.0.1:1234/v1", true),
            ("http://127.0.0.1:1234/v1/", "http://127.0.0.1:1234/v1", true),
            ("https://example.com/api/v2", "https://example.com:443/api/v2", true),
            ("http://example.com/v1", "http://example.com:80/v1", false), ("[::1]:1", "http://[::1]:1/v1", true),
        ]
    )
    func address(_ setting: String, _ url: String, _ sendsKey: Bool) {
        let client = OpenAIClient(environment: ["OPENAI_BASE_URL": setting, "OPENAI_API_KEY": "secret"])
        #expect(client.endpoint.url == url && client.endpoint.isConfidential == sendsKey)
        #expect(OpenAIClient(environment: [:]).endpoint.url == "http://127.0.0.1:8080/v1")
    }

    @Test("the key of the environment is sent as a bearer token, and the keys of Ollama are not")
    func key() async throws {
        let server = try ScriptedServer([.events(Event.stop), .json(#"{"data":[]}"#)])
        defer { server.stop() }
        let client = OpenAIClient(environment: [
            "OPENAI_BASE_URL": "http://\(server.address)/v1", "OPENAI_API_KEY": "secret", "OLLAMA_API_KEY": "other",
        ])
        #expect(try await client.completion().error == nil)
        #expect(try await client.models().isEmpty)
        #expect(server.requests.map { $0.header("authorization") } == ["Bearer secret", "Bearer secret"])
        // The resolver reads this host as 127.0.0.1. The client does not, because it must not guess.
        let plain = try ScriptedServer([.events(Event.stop)])
        defer { plain.stop() }
        _ = try await OpenAIClient(baseURL: "http://127.1:\(plain.port)/v1", apiKey: "secret").completion()
        #expect(plain.requests.map { $0.header("authorization") } == [nil])
    }

    @Test("a malformed address with a password is refused without quoting it")
    func refusedAddress() async throws {
        let client = OpenAIClient(environment: ["OPENAI_BASE_URL": "http://bert:sec/ret@127.0.0.1:1"])
        let error = try #require(try await client.completion().error)
        #expect(error.message.hasPrefix("OPENAI_BASE_URL is refused. ") && !error.message.contains("bert"))
    }

    @Test("the list of models has their names and the sizes of their windows")
    func models() async throws {
        let server = try ScriptedServer([
            .json(
                """
                {"object":"list","data":[{"id":"a","max_model_len":8192},{"id":"b","meta":{"n_ctx_train":4096,"n_ctx":2048}},
                {"id":"c","meta":{"n_ctx_train":4096}},{"id":7},{},null,{"id":"d","context_length":-1}]}
                """
            ), .json(#"{"error":{"message":"no","code":500}}"#), .json("nonsense"),
        ])
        defer { server.stop() }
        let client = server.client()
        let models = try await client.models()
        #expect(models.map(\.name) == ["a", "b", "c", "d"])
        #expect(models.map(\.contextLength) == [8192, 2048, nil, nil])
        #expect(server.requests[0].path == "/v1/models")
        await #expect(throws: OllamaError.self) { try await client.models() }
        await #expect(throws: OllamaError.self) { try await client.models() }
    }
}
