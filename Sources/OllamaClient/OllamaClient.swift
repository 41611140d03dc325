import FoundationEssentials
public import HTTPClient
package import ToolJSON

/// A client of an Ollama server.
///
/// ```swift
/// let client = OllamaClient()
/// let request = ChatRequest(model: "qwen3", messages: [ChatMessage(role: .user, content: "Hello")])
/// for try await chunk in client.chat(request) {
///     print(chunk.message.content, terminator: "")
/// }
/// ```
///
/// A client may be used from any task, by several conversations at once. Releasing it closes its connections.
public final class OllamaClient: Sendable {
    /// The maximum waiting times for the server.
    public typealias Timeouts = HTTPRequest.Timeouts

    /// The address of the server.
    public let endpoint: OllamaEndpoint
    /// The maximum waiting times for the server.
    public let timeouts: Timeouts
    /// The maximum length of a request, of a line of a stream, and of a response that is not a stream, in bytes.
    public let maximumBytes: Int

    private let apiKey: String?
    private let transport: any HTTPTransport

    /// Creates a client.
    ///
    /// Nothing is sent until a request is made.
    ///
    /// - Parameters:
    ///   - endpoint: The address of the server.
    ///   - apiKey: The key to send with each request. It is never sent over plain HTTP to another machine. If the
    ///     endpoint has a user name, that is sent instead.
    ///   - timeouts: The maximum waiting times.
    ///   - maximumBytes: The maximum length of a request, of a line of a stream, and of a response that is not a
    ///     stream, in bytes. The default is 64 MiB.
    ///   - transport: The transport for HTTP requests.
    public init(
        endpoint: OllamaEndpoint,
        apiKey: String? = nil,
        timeouts: Timeouts = Timeouts(),
        maximumBytes: Int = 64 << 20,
        transport: any HTTPTransport = CurlTransport()
    ) {
        self.endpoint = endpoint
        self.timeouts = timeouts
        self.maximumBytes = maximumBytes
        self.apiKey = apiKey.flatMap { $0.isEmpty ? nil : $0 }
        self.transport = transport
    }

    /// Creates a client with the settings in the environment of this process.
    ///
    /// See ``init(environment:timeouts:)`` for the variables.
    public convenience init() {
        self.init(environment: ProcessInfo.processInfo.environment)
    }

    /// Creates a client with the settings in an environment.
    ///
    /// The variables are `OLLAMA_HOST`, `OLLAMA_API_KEY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`. Proxies always
    /// come from the environment of this process, because libcurl reads it itself.
    ///
    /// - Parameters:
    ///   - environment: The environment variables.
    ///   - timeouts: The maximum waiting times.
    public convenience init(environment: [String: String], timeouts: Timeouts = Timeouts()) {
        self.init(
            endpoint: OllamaEndpoint(environment: environment),
            apiKey: environment["OLLAMA_API_KEY"],
            timeouts: timeouts,
            transport: CurlTransport(CurlTransport.Configuration(environment: environment))
        )
    }

    // MARK: - Chat

    /// Sends a conversation to a model and returns the model's answer as a stream.
    ///
    /// The request is sent when the first piece is awaited, and bytes are read from the server only as fast as pieces
    /// are. Releasing the stream or cancelling its task closes the connection, and the server stops generating.
    ///
    /// - Parameter request: The conversation and the options.
    /// - Returns: The pieces of the answer as they arrive, or one piece if the request is not a streaming one. The
    ///   stream throws ``OllamaError``, or `CancellationError` if its task is cancelled; the pieces before an error
    ///   stay valid. A response without a last piece ends with ``OllamaError/incompleteResponse``. An answer with no
    ///   text and no calls is not an error.
    public func chat(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        let reader = ChatReader(self, request)
        return AsyncThrowingStream { try await reader.next() }
    }

    // MARK: - HTTP

    /// Sends a request without a body and returns the JSON value in the response.
    func get(_ path: String) async throws -> JSON {
        try await value(in: try await send(.get, path))
    }

    /// Sends a JSON value and returns the JSON value in the response.
    func post(_ path: String, _ content: JSON) async throws -> JSON {
        do {
            return try await value(in: try await send(.post, path) { $0.write(content) })
        } catch {
            throw OllamaError.naming(content["model"]?.string, in: error)
        }
    }

    private func value(in response: HTTPResponse) async throws -> JSON {
        try OllamaError.checked(try await collect(response), status: response.status)
    }

    /// Sends a request and waits for the head of a successful response.
    ///
    /// - Parameter content: Writes the JSON value to send, or nil for a request without a body.
    /// - Throws: ``OllamaError`` if the request fails or its status is not a success.
    package func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ content: (@Sendable (inout JSONWriter) -> Void)? = nil
    ) async throws -> HTTPResponse {
        if let refusal = endpoint.refusal {
            throw OllamaError(.invalidRequest, message: refusal, remedy: .setHostVariable)
        }
        var request = HTTPRequest(method, endpoint.requestURL + path, timeouts: timeouts)
        request.unixSocket = endpoint.socketPath
        request.headers.append(HTTPHeader("Accept", endpoint.kind.mediaTypes))
        if endpoint.isConfidential,
            let value = endpoint.credentials?.headerValue ?? apiKey.map({ "Bearer \($0)" })
        {
            request.headers.append(HTTPHeader("Authorization", value))
        }
        if let content {
            request.headers.append(HTTPHeader("Content-Type", "application/json"))
            request.body = try body(content)
        }
        let response = try await translated { try await self.transport.send(request) }
        let encoding = response.header("Content-Encoding")?.lowercased() ?? ""
        let isPlain = ["", "identity"].contains(encoding)
        switch response.status {
        case 200..<300 where isPlain:
            return response
        case 200..<300:
            throw OllamaError(
                .invalidResponse,
                message: "The response of the server at \(endpoint.url) is compressed "
                    + "(\(ServerMessage.shortened(encoding, to: 40))), although the request does not allow that. If a proxy "
                    + "compresses it, switch that off."
            )
        case 300..<400:
            let target = ServerMessage.shortened(ServerMessage.withoutUser(response.header("Location") ?? "nowhere"))
            throw OllamaError(
                .redirected,
                message: "The server at \(endpoint.url) responded with status \(response.status) and redirects to "
                    + "\(target). Nothing was sent there. If it is the right address, set "
                    + "\(endpoint.kind.addressVariable) to it.",
                status: response.status,
                remedy: .setHostVariable
            )
        default:
            // The message in a compressed response cannot be read, but its status can.
            let (body, isCut) = isPlain ? try await beginning(of: response.body) : ([], false)
            throw OllamaError.server(
                status: response.status,
                body: body,
                isCut: isCut,
                kind: endpoint.kind,
                retryAfter: response.header("Retry-After")
            )
        }
    }

    /// Reads the first mebibyte of a body, or the part that arrives before the connection fails.
    ///
    /// - Returns: The bytes, and true if the body is longer.
    private func beginning(of body: HTTPBody) async throws -> (bytes: [UInt8], isCut: Bool) {
        let limit = 1 << 20
        var bytes: [UInt8] = []
        do {
            for try await piece in body {
                let left = limit - bytes.count
                bytes += piece.prefix(left)
                if piece.count > left { return (bytes, true) }
            }
        } catch is HTTPError {}
        return (bytes, false)
    }

    /// Reads a whole response.
    package func collect(_ response: HTTPResponse) async throws -> [UInt8] {
        guard let bytes = try await translated({ try await response.body.collect(limit: self.maximumBytes) }) else {
            throw OllamaError.tooLong(maximumBytes)
        }
        return bytes
    }

    /// Runs a closure, and converts errors of the transport to errors about this server.
    ///
    /// Other errors, such as cancellation, are not changed.
    package func translated<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as HTTPError {
            throw OllamaError(error, endpoint.url, isLoopback: endpoint.isLoopback, kind: endpoint.kind)
        }
    }
}
