import HTTPClient
import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("The remedy of a failure", .timeLimit(.minutes(10)))
struct RemedyTests {
    @Test(
        "a response that is not a success is reported with the remedy for its kind",
        arguments: [
            (404, "model 'qwen9' not found", .pullModel("qwen3")), (401, "unauthorized", .signIn(url: nil)),
            (400, "\"m\" does not support tools", .chooseModel), (429, "too many requests", .waitAndRetry),
            (503, "server busy", .waitAndRetry), (413, "", .shortenConversation),
            (400, "the request exceeds the available context size", .shortenConversation),
            (404, "page not found", .setHostVariable), (403, "no", nil), (400, "model is required", nil),
        ] as [(Int, String, OllamaError.Remedy?)]
    )
    func response(status: Int, text: String, remedy: OllamaError.Remedy?) async throws {
        let body = JSON.object(["error": .string(text)]).text()
        let error = try #require(try await answer(to: .json(body, status: status)).error)
        #expect(error.remedy == remedy)
        #expect(error.isRetryable || remedy != .waitAndRetry)
        #expect(!error.message.contains("ollama pull") && !error.message.contains("ollama signin"))
    }

    /// A transport that fails with one error.
    private struct FailingTransport: HTTPTransport {
        let error: HTTPError

        func send(_ request: HTTPRequest) async throws -> HTTPResponse { throw error }
    }

    @Test(
        "a failure of the transport is reported with the remedy for its kind and the underlying error",
        arguments: [
            ("127.0.0.1:1", HTTPError(.connectionFailed, "refused"), .startServer),
            ("model.invalid", HTTPError(.connectionFailed, "refused"), .setHostVariable),
            ("model.invalid", HTTPError(.connectTimedOut, "late"), .setHostVariable),
            ("127.0.0.1:1", HTTPError(.certificateRejected, "self-signed"), .addCertificate),
            ("127.0.0.1:1", HTTPError(.bodyTimedOut, "late"), .waitAndRetry),
            ("127.0.0.1:1", HTTPError(.connectionLost, "reset"), .waitAndRetry),
            (
                "127.0.0.1:1", HTTPError(.libraryUnavailable, "no libcurl", remedy: .install(package: "libcurl4")),
                .install(package: "libcurl4")
            ),
            ("127.0.0.1:1", HTTPError(.libraryUnavailable, "an option is unknown"), nil),
        ] as [(String, HTTPError, OllamaError.Remedy?)]
    )
    func transport(host: String, failure: HTTPError, remedy: OllamaError.Remedy?) async throws {
        let client = OllamaClient(
            endpoint: OllamaEndpoint(parsing: host),
            transport: FailingTransport(error: failure)
        )
        let error = try #require(try await client.answer().error)
        #expect(error.remedy == remedy)
        #expect(error.isRetryable || remedy != .waitAndRetry)
        #expect(error.underlyingError as? HTTPError == failure)
    }

    @Test("two errors are equal if their code, message, status and remedy are")
    func equality() {
        let error = OllamaError(.timedOut, message: "late", underlyingError: HTTPError(.bodyTimedOut, "late"))
        #expect(error == OllamaError(.timedOut, message: "late"))
        #expect(error != OllamaError(.timedOut, message: "late", remedy: .waitAndRetry))
        #expect(Set([error, OllamaError(.timedOut, message: "late")]).count == 1)
    }
}
