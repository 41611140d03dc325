import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite(
    "A response of a real server",
    .enabled(if: !ServerCapture.all.isEmpty, "TOOLHOST_CAPTURES names no directory with recorded exchanges"),
    .timeLimit(.minutes(10))
)
struct CapturedServerTests {
    /// The kinds of failure by prefixes of names, of which the longest counts.
    private static let kinds: [(name: String, code: OllamaError.Code)] = [
        ("", .invalidRequest), ("err_die", .modelCrashed), ("err_too_long", .contextExceeded),
        ("err_no_tools", .toolsUnsupported), ("err_think_unsupported", .thinkingUnsupported),
        ("chat_two_thinktrue", .thinkingUnsupported), ("chat_two_stream", .toolCallUnparsable),
        ("chat_two_nostream", .toolCallUnparsable), ("chat_two_thinkfalse", .toolCallUnparsable),
        ("odd_", .toolCallUnparsable), ("err_unknown_model", .modelNotFound), ("err_bad_utf8", .modelNotFound),
        ("err_trailing", .modelNotFound), ("show_unknown", .modelNotFound), ("err_cloud", .forbidden),
        ("err_image_no_vision", .imagesUnsupported),
    ]

    /// The requests whose exchanges the tests read.
    private static let requests: Set<String> = [
        "GET /", "GET /api/chat", "GET /api/nosuch", "GET /api/ps", "GET /api/tags", "GET /api/version",
        "GET /v1/models",
        "POST /api/chat", "POST /api/generate", "POST /api/show", "POST /api/tags", "POST /v1/chat/completions",
    ]

    @Test("every recorded exchange is read by a test")
    func complete() {
        #expect(ServerCapture.all.map { $0.name + ".txt" } == ServerCapture.names)
        #expect(Set(ServerCapture.all.map { "\($0.method) \($0.path)" }).subtracting(Self.requests).isEmpty)
    }

    @Test(
        "the details, the lists and the version in a recorded response are read",
        arguments: ServerCapture.all.filter { $0.path != "/api/chat" && $0.cause == nil && !$0.lines.isEmpty }
    )
    func content(capture: ServerCapture) async throws {
        let server = try ScriptedServer([capture.reply], details: nil)
        defer { server.stop() }
        let (client, json) = (server.client(), try #require(capture.lines.first))
        let models = json["models"]?.array ?? []
        switch capture.path {
        case "/api/show":
            let details = try await client.show(model: "m")
            let names = json["capabilities"]?.array ?? []
            #expect(details.capabilities == ModelCapabilities(names.compactMap(\.string)) && !names.isEmpty)
            #expect(details.contextLength == (capture.name.contains("gemma3") ? 32768 : 8192))
            #expect(!details.isRemote && details.raw == json)
        case "/api/tags":
            let listed = try await client.models()
            #expect(listed.map(\.name) == models.compactMap { $0["name"]?.string } && !listed.isEmpty)
            #expect(listed.allSatisfy { $0.capabilities != nil && $0.contextLength != nil && $0.size != nil })
        case "/api/ps":
            let running = try await client.running()
            #expect(running.map(\.name) == models.compactMap { $0["name"]?.string })
            #expect(running.map(\.contextLength) == models.map { $0["context_length"]?.int })
        default:
            #expect(try await client.version() == json["version"]?.string ?? "unknown")
        }
    }

    private func replayed(_ capture: ServerCapture) async throws -> Answer {
        let server = try ScriptedServer([capture.reply], details: nil)
        defer { server.stop() }
        let client = server.client()
        var answer = Answer()
        do {
            switch capture.path {
            case "/api/chat":
                var request = ChatRequest.hello
                request.stream = capture.request["stream"]?.bool ?? true
                return try await client.answer(to: request)
            case "/api/show": _ = try await client.show(model: "m")
            case "/api/tags": _ = try await client.models()
            case "/api/ps": _ = try await client.running()
            default: _ = try await client.version()
            }
        } catch let error as OllamaError {
            answer.error = error
        }
        return answer
    }

    @Test(
        "a recorded response is read as an answer, or as an error with its status, cause and kind",
        arguments: ServerCapture.all
    )
    func response(capture: ServerCapture) async throws {
        let answer = try await replayed(capture)
        guard let cause = capture.cause else {
            if capture.lines.isEmpty {
                #expect(answer.error?.message.contains("Ollama is running") == true)
                return
            }
            #expect(answer.error == nil)
            guard capture.path == "/api/chat" else { return }
            let messages = capture.lines.compactMap { $0["message"] }
            #expect(answer.content == messages.compactMap { $0["content"]?.string }.joined())
            #expect(answer.calls.map(\.raw) == messages.flatMap { $0["tool_calls"]?.array ?? [] })
            #expect(answer.chunks.last?.done == true)
            return
        }
        let error = try #require(answer.error)
        #expect(error.status == (capture.status == 200 ? nil : capture.status))
        #expect(capture.status == 200 || error.message.contains("status \(capture.status): "))
        let words = cause.split(separator: "message:").last?.split(separator: " type:").first.map(String.init) ?? cause
        #expect(error.message.contains(words), "\(error.message)")
        let kind = Self.kinds.filter { capture.name.hasPrefix($0.name) }.max { $0.name.count < $1.name.count }
        #expect(error.code == kind?.code, "\(error.message)")
        // No other failure in these exchanges is temporary.
        #expect(error.isRetryable == [.modelCrashed, .toolCallUnparsable].contains(error.code))
    }
}
