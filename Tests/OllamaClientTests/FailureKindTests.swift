import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("The kind of a failure", .timeLimit(.minutes(10)))
struct FailureKindTests {
    private static let old = "task id = 8 | request (9012 tokens) exceeds the available context size (4096 tokens)"

    private static let crashes = [
        "an error was encountered while running the model: unexpected EOF",
        "an error was encountered while running the model: \(old)",
        "an error was encountered while running the model: error parsing tool call: raw='{'",
        "an error was encountered while running the model: tool 'x' not found",
        "an error was encountered while running the model: registry.ollama.ai/m does not support tools",
        "an error was encountered while running the model: option \"top_k\" must be of type integer",
        "an error was encountered while running the model: Error: Jinja Exception: no",
        "an error was encountered while running the model",
        "model runner has unexpectedly stopped, this may be due to resource limitations: \(old)",
        "llama runner process has terminated: exit status 2 \(old)",
    ]

    @Test("a crash is recognised with any log line that the server attaches", arguments: crashes)
    func crash(words: String) async throws {
        let body = JSON.object(["error": .string(words)]).text()
        for reply in [ScriptedServer.Reply.json(body, status: 500), .lines(body)] {
            let error = try #require(try await answer(to: reply).error)
            #expect(error.code == .modelCrashed && error.isModelFault)
            #expect(error.message.hasPrefix("The model crashed. "))
            #expect(error.message.contains(words))
            #expect(!error.message.contains("Offer fewer tools"))
            let mayBeOld = words.contains("running the model: ") && !words.hasSuffix("EOF")
            #expect(error.message.contains("can be older than the crash") == mayBeOld, "\(error.message)")
        }
    }

    @Test("an unparsable call is recognised with any text in the call", arguments: crashes)
    func call(words: String) async throws {
        let body = JSON.object(["error": .string("error parsing tool call: raw='\(words)', err=no")]).text()
        #expect(try await answer(to: .lines(body)).error?.code == .toolCallUnparsable)
    }

    @Test(
        "a permanent failure with status 500 is not retried",
        arguments: [
            (#"option "temperature" must be of type float32"#, .invalidRequest),
            (#"option "stop" must be of type array"#, .invalidRequest),
            (#"invalid format: "\"xml\""; expected "json" or a valid JSON Schema object"#, .invalidRequest),
            ("json: cannot unmarshal object into Go struct field", .invalidRequest),
            ("After the optional system message, conversation roles must alternate user/assistant", .invalidRequest),
            ("no user query found in messages", .invalidRequest),
            (
                #"{"error":{"code":500,"message":"Jinja Exception: Unknown role","type":"server_error"}}"#,
                .invalidRequest
            ),
            (#"template: :3:12: executing "" at <.Foo>: no such field"#, .invalidRequest),
            ("model requires more system memory (5.6 GiB) than is available (3.2 GiB)", .invalidRequest),
            ("unable to load model: unknown model architecture: 'x'", .invalidRequest),
            ("unable to load model: /blobs/sha256-00", .invalidRequest),
            ("Value is not callable: null at row 1, column 2", .invalidRequest),
            ("invalid JSON schema in format", .invalidRequest),
            ("model 'm' not found", .modelNotFound),
            (
                #"{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj","type":"server_error"}}"#,
                .imagesUnsupported
            ),
            ("this model does not support image input", .imagesUnsupported),
            ("registry.ollama.ai/library/m does not support tools", .toolsUnsupported),
            ("\"m\" does not support thinking", .thinkingUnsupported),
            ("\"m\" does not support chat", .chatUnsupported),
            ("the request exceeds the available context size", .contextExceeded),
        ] as [(String, OllamaError.Code)]
    )
    func permanent(words: String, code: OllamaError.Code) async throws {
        let body = JSON.object(["error": .string(words)]).text()
        for reply in [ScriptedServer.Reply.json(body, status: 500), .lines(body)] {
            let error = try #require(try await answer(to: reply).error)
            #expect(error.code == code, "\(error.message)")
            #expect(!error.isModelFault && !error.isRetryable)
        }
    }

    @Test(
        "a failure that can pass is retried",
        arguments: [
            "llama-server chat error: map[code:500 message:The model produced output that does not match the expected "
                + "peg-native format type:server_error]",
            "error parsing tool call: raw='{' err=unexpected end of JSON input", "tool 'search' not found",
            "XML syntax error on line 5: element <function> closed by </parameter>", "invalid tool call arguments",
            "unexpected EOF", "",
        ] + crashes
    )
    func transient(words: String) async throws {
        let body = JSON.object(["error": .string(words)]).text()
        #expect(try await answer(to: .json(body, status: 500)).error?.isModelFault == true)
    }
}
