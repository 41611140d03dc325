public import HTTPClient
import ToolJSON

/// A client of an Ollama server.
///
/// May be used from any task, by several conversations at once. Its connections close when it goes away.
public final class OllamaClient: Sendable {
    /// The longest waits for the server.
    public typealias Timeouts = HTTPRequest.Timeouts

    /// The server.
    public let endpoint: OllamaEndpoint
    /// The longest waits for the server.
    public let timeouts: Timeouts
    /// The longest line of a stream, and the longest response that is not a stream, in bytes.
    public let maximumBytes: Int

    private let apiKey: String?
    private let transport: any HTTPTransport

    /// Creates a client.
    ///
    /// Nothing is sent yet.
    ///
    /// - Parameters:
    ///   - endpoint: The server.
    ///   - apiKey: The key to send with each request. It is never sent over plain HTTP to another machine, nor together
    ///     with the user name of an endpoint, which is withheld in the same places.
    ///   - timeouts: The longest waits.
    ///   - maximumBytes: The longest line of a stream.
    ///   - transport: The way to send HTTP requests.
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

    /// Creates a client with the settings in this process's environment.
    public convenience init() {
        self.init(environment: ProcessEnvironment.all)
    }

    /// Creates a client with the settings in an environment: `OLLAMA_HOST`, `OLLAMA_API_KEY`, `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR`.
    ///
    /// The variables for proxies are those of this process, since libcurl reads them itself.
    public convenience init(environment: [String: String], timeouts: Timeouts = Timeouts()) {
        self.init(
            endpoint: OllamaEndpoint(environment: environment),
            apiKey: environment["OLLAMA_API_KEY"],
            timeouts: timeouts,
            transport: CurlTransport(CurlTransport.Configuration(environment: environment))
        )
    }

    // MARK: - Chat

    /// Asks a model.
    ///
    /// The request is sent when the first piece is asked for, and bytes are taken from the server only as fast as pieces
    /// are. Letting go of the stream closes the connection, which makes a server stop.
    ///
    /// - Returns: The pieces of the answer as they come, or one piece if the request is not to be streamed. The stream
    ///   throws ``OllamaError``; the pieces before stay valid. A response without a last piece ends with
    ///   ``OllamaError/incompleteResponse``.
    public func chat(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        let reader = ChatReader(self, request)
        return AsyncThrowingStream { try await reader.next() }
    }

    // MARK: - HTTP

    /// Asks for one JSON value.
    func get(_ path: String) async throws -> JSON {
        try await value(in: try await send(.get, path))
    }

    /// Sends one JSON value and returns the one in the response.
    func post(_ path: String, _ content: JSON) async throws -> JSON {
        try await value(in: try await send(.post, path) { $0.write(content) })
    }

    private func value(in response: HTTPResponse) async throws -> JSON {
        try OllamaError.checked(try await collect(response), status: response.status)
    }

    /// Sends a request and waits for the head of a success.
    ///
    /// - Parameter content: Writes the JSON value to send, if there is one.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ content: (@Sendable (inout JSONWriter) -> Void)? = nil
    ) async throws -> HTTPResponse {
        if let refusal = endpoint.refusal { throw OllamaError(.invalidRequest, message: refusal) }
        var request = HTTPRequest(method, endpoint.requestURL + path, timeouts: timeouts)
        request.unixSocket = endpoint.socketPath
        request.headers.append(HTTPHeader("Accept", "application/json, application/x-ndjson"))
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
        switch response.status {
        case 200..<300:
            return response
        case 300..<400:
            let target = ServerWords.shortened(ServerWords.withoutUser(response.header("Location") ?? "nowhere"))
            throw OllamaError(
                .redirected,
                message: "The server at \(endpoint.url) answered with status \(response.status) and points to "
                    + "\(target). Nothing was sent there; set OLLAMA_HOST to it if it is right.",
                status: response.status
            )
        default:
            let (body, isCut) = try await beginning(of: response.body)
            throw OllamaError.server(status: response.status, body: body, isCut: isCut)
        }
    }

    /// Reads the first mebibyte of a body, or what arrives of it before the connection fails.
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
    func collect(_ response: HTTPResponse) async throws -> [UInt8] {
        guard let bytes = try await translated({ try await response.body.collect(limit: self.maximumBytes) }) else {
            throw OllamaError.tooLong(maximumBytes)
        }
        return bytes
    }

    /// Runs a body and turns the transport's errors into errors about this server.
    ///
    /// Cancellation stays as it is.
    func translated<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as HTTPError {
            throw OllamaError(error, endpoint.url)
        }
    }
}
