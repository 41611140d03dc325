import FoundationEssentials
public import HTTPClient
import Locks
public import OllamaClient

/// A client of a server with the chat completions of OpenAI's protocol, such as llama.cpp's server, LM Studio or vLLM.
///
/// It takes the requests of `OllamaClient`, and returns the same pieces and errors. So a program can use one or the
/// other.
///
/// ```swift
/// let client = OpenAIClient(baseURL: "http://127.0.0.1:1234/v1")
/// let request = ChatRequest(model: "qwen3", messages: [ChatMessage(role: .user, content: "Hello")])
/// for try await chunk in client.chat(request) {
///     print(chunk.message.content, terminator: "")
/// }
/// ```
///
/// A client may be used from any task, by several conversations at once. Releasing it closes its connections.
public final class OpenAIClient: Sendable {
    /// The maximum waiting times for the server.
    public typealias Timeouts = HTTPRequest.Timeouts

    /// The address of the server, with the path of its routes.
    public var endpoint: OllamaEndpoint { server.endpoint }

    /// The connection, which has the limits, the key and the errors.
    let server: OllamaClient
    /// True until the server has refused the option that makes it count tokens in a stream.
    private let countsTokens = Lock(true)

    /// Creates a client of the server at an address.
    ///
    /// Nothing is sent until a request is made.
    ///
    /// - Parameters:
    ///   - baseURL: The address with the path of the routes, such as `http://127.0.0.1:1234/v1`. Without a path it is
    ///     `/v1`. The rules are those of `OllamaEndpoint`, except that the default port is 8080.
    ///   - apiKey: The key to send with each request. It is never sent over plain HTTP to another machine.
    ///   - timeouts: The maximum waiting times.
    ///   - maximumBytes: The maximum length of a request, of an event of a stream, and of a response that is not a
    ///     stream, in bytes. The default is 64 MiB.
    ///   - transport: The transport for HTTP requests.
    public convenience init(
        baseURL: String,
        apiKey: String? = nil,
        timeouts: Timeouts = Timeouts(),
        maximumBytes: Int = 64 << 20,
        transport: any HTTPTransport = CurlTransport()
    ) {
        self.init(
            OllamaClient(
                endpoint: OllamaEndpoint(parsing: baseURL, kind: .openAI),
                apiKey: apiKey,
                timeouts: timeouts,
                maximumBytes: maximumBytes,
                transport: transport
            )
        )
    }

    /// Creates a client with the settings in the environment of this process.
    ///
    /// See ``init(environment:timeouts:)`` for the variables.
    public convenience init() {
        self.init(environment: ProcessInfo.processInfo.environment)
    }

    /// Creates a client with the settings in an environment.
    ///
    /// The variables are `OPENAI_BASE_URL`, `OPENAI_API_KEY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`. Without an address,
    /// the server is `http://127.0.0.1:8080/v1`, the default of llama.cpp's server. A conversation never leaves this
    /// machine unless the environment names another one.
    ///
    /// - Parameters:
    ///   - environment: The environment variables.
    ///   - timeouts: The maximum waiting times.
    public convenience init(environment: [String: String], timeouts: Timeouts = Timeouts()) {
        self.init(
            OllamaClient(
                endpoint: OllamaEndpoint(environment: environment, kind: .openAI),
                apiKey: environment["OPENAI_API_KEY"],
                timeouts: timeouts,
                transport: CurlTransport(CurlTransport.Configuration(environment: environment))
            )
        )
    }

    private init(_ server: OllamaClient) { self.server = server }

    // MARK: - Chat

    /// Sends a conversation to a model and returns the model's answer as a stream.
    ///
    /// The request is sent when the first piece is awaited, and bytes are read from the server only as fast as pieces
    /// are. Releasing the stream or cancelling its task closes the connection.
    ///
    /// `ChatRequest.keepAlive` and options that belong to the start of a server, such as `num_ctx`, are not sent.
    /// `num_predict` becomes `max_tokens`, and other options are sent as they are.
    ///
    /// - Parameter request: The conversation and the options.
    /// - Returns: The pieces of the answer as they arrive, or one piece if the request is not a streaming one. All calls
    ///   are in the last piece. The stream throws `OllamaError`, or `CancellationError` if its task is cancelled; the
    ///   pieces before an error stay valid. A response without its end fails with the code `incompleteResponse`.
    public func chat(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        let reader = CompletionReader(self, request)
        return AsyncThrowingStream { try await reader.next() }
    }

    /// Sends a request for a completion, and waits for the head of a successful response.
    func send(_ request: CompletionRequest) async throws -> HTTPResponse {
        let countsTokens = request.chat.stream && countsTokens.withLock(\.self)
        do {
            return try await server.send(.post, "/chat/completions") {
                request.write(countsTokens: countsTokens, to: &$0)
            }
        } catch let error as OllamaError where countsTokens && error.refuses("stream_options", "include_usage") {
            self.countsTokens.withLock { $0 = false }
            return try await server.send(.post, "/chat/completions") { request.write(countsTokens: false, to: &$0) }
        } catch let error as OllamaError where error.refuses("reasoning_effort") {
            throw OllamaError(.thinkingUnsupported, message: error.message, status: error.status, remedy: .chooseModel)
        }
    }
}

extension OllamaError {
    /// Returns true if the server rejected a request because of one of some members.
    fileprivate func refuses(_ members: String...) -> Bool {
        [400, 422].contains(status) && members.contains { message.firstRange(of: $0) != nil }
    }
}
