import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("A response that is not a success", .timeLimit(.minutes(10))) struct ServerErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var status: Int
        var body: String
        var code: OllamaError.Code
        var phrase: String

        init(_ status: Int, _ body: String, _ code: OllamaError.Code, _ phrase: String = "") {
            self.status = status
            self.body = body
            self.code = code
            self.phrase = phrase
        }

        var testDescription: String { "\(status) \(body.prefix(60))" }
    }

    /// A case with the usual form of a response.
    private static func error(_ status: Int, _ text: String, _ code: OllamaError.Code) -> Case {
        Case(status, JSON.object(["error": .string(text)]).text(), code, text)
    }

    @Test(
        "the message of the server decides the kind of failure and is quoted",
        arguments: [
            error(400, "missing request body", .invalidRequest),
            error(400, "json: cannot unmarshal number into Go struct field", .invalidRequest),
            error(400, "model is required", .invalidRequest),
            error(404, "model 'qwen9' not found", .modelNotFound),
            error(404, "model \"qwen9\" not found, try pulling it first", .modelNotFound),
            error(400, "registry.ollama.ai/library/gemma:2b does not support tools", .toolsUnsupported),
            error(400, "\"embed\" does not support chat", .chatUnsupported),
            error(400, "\"llama\" does not support thinking", .thinkingUnsupported),
            error(503, "server busy, please try again. maximum pending requests exceeded", .serverBusy),
            error(499, "request canceled", .requestCancelled),
            error(403, "ollama cloud is disabled: remote inference is unavailable", .forbidden),
            error(401, "unauthorized", .unauthorized),
            error(502, "dial tcp: lookup ollama.com: no such host", .cloudUnreachable),
            error(429, "too many requests", .rateLimited),
            error(500, "Conversation roles must alternate user/assistant", .invalidRequest),
            error(500, "something is wrong in here", .serverFault),
            error(400, "prompt is longer than the context length currently available", .contextExceeded),
            error(400, "the request exceeds the available context size", .contextExceeded),
            error(500, "error parsing tool call: raw='{\"a\":' err=unexpected end of JSON input", .toolCallUnparsable),
            error(500, "failed to parse JSON: unexpected end", .toolCallUnparsable),
            error(500, "tool 'search' not found", .toolCallUnparsable),
            error(500, "XML syntax error on line 3: unexpected EOF", .toolCallUnparsable),
            error(500, "model runner has unexpectedly stopped, this may be due to resource limitations", .modelCrashed),
        ]
    )
    func messages(_ expected: Case) async throws {
        try await expect(expected)
    }

    @Test(
        "the message is found in a body of any form",
        arguments: [
            // One level of JSON inside the message.
            Case(
                400,
                #"{"error":"{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":9000,\"n_ctx\":4096}}"}"#,
                .contextExceeded,
                "The server responded with status 400: the request exceeds the available context size."
            ),
            Case(500, #"{"error":"upstream: {\"error\":{\"message\":\"deep\"}}"}"#, .serverFault, "upstream: deep."),
            Case(500, #"{"error":"not {json"}"#, .serverFault, "not {json"),
            // A map as Go prints it.
            Case(
                500,
                #"{"error":"llama-server chat error: map[code:500 message:The model type: odd type:server_error]"}"#,
                .serverFault,
                "llama-server chat error: The model type: odd."
            ),
            // The form of OpenAI's interface.
            Case(
                404,
                #"{"error":{"message":"model 'x' not found","type":"api_error","param":null,"code":null}}"#,
                .modelNotFound,
                "model 'x' not found"
            ),
            Case(500, #"{"error":{"code":7}}"#, .serverFault, #"{"code":7}"#),
            // Members beside the error.
            Case(500, #"{"StatusCode":429,"Status":"429","error":"slow down"}"#, .serverFault, "slow down"),
            // The bug of an old parser: the key is the message.
            Case(500, #"{"error parsing tool call":"raw='x' err=bad"}"#, .toolCallUnparsable, "raw='x'"),
            // Not JSON.
            Case(404, "404 page not found", .invalidRequest, "404 page not found"),
            Case(403, "", .forbidden, "status 403"),
            Case(500, "", .serverFault, "status 500"),
            Case(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", .cloudUnreachable, "web page"),
            Case(500, #"{"error":null}"#, .serverFault),
            Case(500, #"{"error":""}"#, .serverFault, "status 500"),
            Case(500, "[1,2]", .serverFault),
            Case(418, "short and stout", .invalidRequest, "short and stout"),
            Case(504, "", .timedOut, "status 504"),
        ]
    )
    func forms(_ expected: Case) async throws {
        try await expect(expected)
    }

    private func expect(_ expected: Case) async throws {
        let failure = try await answer(to: .json(expected.body, status: expected.status)).error
        #expect(failure?.code == expected.code)
        #expect(failure?.status == expected.status)
        #expect(failure?.message.contains(expected.phrase) == true, "\(failure?.message ?? "no error")")
    }

    @Test("the address of a sign-in page is in the message and the remedy")
    func signIn() async throws {
        let body = #"{"error":"unauthorized","signin_url":"https://ollama.com/connect?name=a"}"#
        let failure = try await answer(to: .json(body, status: 401)).error
        #expect(failure?.remedy == .signIn(url: "https://ollama.com/connect?name=a"))
        #expect(failure?.message.contains("https://ollama.com/connect?name=a") == true)
    }

    @Test(
        "a long message is quoted in part",
        arguments: [
            #"{"error":"\#(String(repeating: "x", count: 100_000))"}"#, String(repeating: "y", count: 100_000),
            #"{"error":"map[code: message:\#(String(repeating: " type:", count: 100_000))"}"#,
            #"{"error":"\#(String(repeating: "map[code:", count: 100_000))"}"#,
            #"{"error":"\#(String(repeating: "{", count: 900_000))"}"#,
        ]
    )
    func longMessage(_ body: String) async throws {
        let failure = try await answer(to: .json(body, status: 500)).error
        #expect((failure?.message.count ?? .max) < 1000)
    }

    /// A program may put the cause after any number of lines.
    @Test(
        "the cause at the end of a long message is quoted",
        arguments: [
            #"{"error":"TEXT"}"#, #"{"error":{"message":"TEXT"}}"#, #"{"error":"{\"error\":{\"message\":\"TEXT\"}}"}"#,
            #"{"error":"load: map[code:500 message:TEXT type:server_error]"}"#, #"{"error":{"why":"TEXT"}}"#,
            #"{"error":["TEXT"]}"#, #"{"error parsing tool call":"TEXT"}"#, #"{"detail":"TEXT"}"#, #"{"why":"TEXT"}"#,
            #"["TEXT"]"#, "TEXT",
        ],
        [300, 3_000, 6_000, 30_000, 300_000]
    )
    func theCauseAtTheEnd(_ shape: String, _ count: Int) async throws {
        let text = "It failed. " + String(repeating: "Not this. ", count: count / 10) + "The cause"
        let body = shape.replacing("TEXT", with: text)
        let code: OllamaError.Code = shape.contains("call") ? .toolCallUnparsable : .serverFault
        let failure = try #require(try await answer(to: .json(body, status: 500)).error)
        try expectEnds(of: failure, code)
        let line = try #require(try await answer(to: .lines(body)).error)
        if shape.contains("error") {
            try expectEnds(of: line, code)
        } else if shape.hasPrefix("{") {
            // A line without an error reports no failure.
            #expect(line.code == .incompleteResponse)
        } else {
            try expectEnds(of: line, .invalidResponse)
        }
    }

    private func expectEnds(of failure: OllamaError, _ code: OllamaError.Code) throws {
        #expect(failure.code == code)
        let start = try #require(failure.message.firstRange(of: "It failed."), "\(failure.message)")
        #expect(failure.message[start.upperBound...].contains("The cause"), "\(failure.message)")
        #expect(failure.message.count < 700)
    }

    @Test("the lines of a template are dropped between a message and its cause")
    func trace() async throws {
        let text =
            "No parser for this template: \n------------\nWhile executing CallExpression at line 62, in source:\n"
            + "...9 %}↵   {{- raise_exception(\"IDs should...\n        ^\nError: Jinja Exception: IDs should be short!"
        let inner = JSON.object(["error": ["code": 400, "message": .string(text), "type": "invalid_request_error"]])
        let body = JSON.object(["error": .string(inner.text())]).text()
        let failure = try await answer(to: .json(body, status: 400)).error
        #expect(
            failure?.message == "The server responded with status 400: No parser for this template: "
                + "Error: Jinja Exception: IDs should be short!"
        )
    }

    @Test("a long address of a sign-in page is quoted in part")
    func longSignIn() async throws {
        let url = "https://example.com/" + String(repeating: "z", count: 100_000)
        let failure = try await answer(to: .json(#"{"error":"no","signin_url":"\#(url)"}"#, status: 401)).error
        #expect((failure?.message.count ?? .max) < 1000)
    }

    @Test("a very long error response is reported with its status")
    func endlessBody() async throws {
        let failure = try await answer(to: .json(String(repeating: "x", count: 2 << 20), status: 503)).error
        #expect(failure?.code == .serverBusy)
        #expect(failure?.status == 503)
        let message = try #require(failure?.message)
        #expect(message.contains("503: xxx") && message.contains("xxx … (the rest of the response was not read)"))
        #expect(message.count < 1000)
    }

    @Test("an error response that is cut off is reported with its status")
    func truncatedBody() async throws {
        var reply = ScriptedServer.Reply.json(#"{"error":"server busy"#, status: 503)
        reply.framing = .chunked
        reply.steps.append(.drop)
        let failure = try await answer(to: reply).error
        #expect(failure?.code == .serverBusy)
        #expect(failure?.message.contains("server busy") == true, "\(failure?.message ?? "")")
    }

    @Test(
        "a status decides whether the failure is retryable",
        arguments: [
            (429, true), (500, true), (502, true), (503, true), (400, false), (401, false), (403, false), (404, false),
        ]
    )
    func retryable(_ status: Int, _ isRetryable: Bool) async throws {
        let failure = try await answer(to: .json(#"{"error":"the model says no"}"#, status: status)).error
        #expect(failure?.isRetryable == isRetryable)
    }
}
