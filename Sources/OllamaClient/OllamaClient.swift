import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import ToolJSON

/// Talks to an Ollama server.
///
/// A client may be used from any thread, by several conversations at once. It closes its connections when it is let go
/// of.
public final class OllamaClient: Sendable {
    /// How long the client waits.
    public struct Timeouts: Sendable, Hashable {
        /// For the connection.
        public var connect = Duration.seconds(5)
        /// For the first byte of an answer: a server is silent while it loads a model, which can take minutes.
        public var firstByte = Duration.seconds(600)
        /// Between two pieces of an answer: a server is silent while the model writes a call.
        public var idle = Duration.seconds(300)

        /// The defaults.
        public init() {}
    }

    /// The server.
    public let endpoint: OllamaEndpoint
    /// How long the client waits.
    public let timeouts: Timeouts
    /// The longest line of a stream, and the longest answer that is not one, in bytes.
    public let maximumBytes: Int

    private let apiKey: String?
    private let http: HTTPClient

    /// A client; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - endpoint: The server.
    ///   - apiKey: Sent with each request, save over plain HTTP to another machine.
    ///   - timeouts: How long to wait.
    ///   - maximumBytes: The longest line of a stream.
    public init(
        endpoint: OllamaEndpoint,
        apiKey: String? = nil,
        timeouts: Timeouts = Timeouts(),
        maximumBytes: Int = 64 << 20
    ) {
        self.endpoint = endpoint
        self.timeouts = timeouts
        self.maximumBytes = maximumBytes
        self.apiKey = apiKey.flatMap { $0.isEmpty ? nil : $0 }
        var configuration = HTTPClient.Configuration()
        // A redirect could carry the key, and the conversation, to somebody else.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(timeouts.connect)
        configuration.httpVersion = .http1Only
        // A server that is not there will not be there in five seconds either.
        configuration.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// A client as the environment of this process has it: `OLLAMA_HOST` and `OLLAMA_API_KEY`.
    public convenience init() {
        self.init(environment: ProcessEnvironment.all)
    }

    /// A client as an environment has it: `OLLAMA_HOST` and `OLLAMA_API_KEY`.
    public convenience init(environment: [String: String], timeouts: Timeouts = Timeouts()) {
        self.init(
            endpoint: OllamaEndpoint(environment: environment),
            apiKey: environment["OLLAMA_API_KEY"],
            timeouts: timeouts
        )
    }

    deinit {
        // The HTTP library wants to be told, and takes its time; that it fails would change nothing.
        Task { [http] in try? await http.shutdown() }
    }

    // MARK: - Chat

    /// Asks a model.
    ///
    /// - Returns: The pieces of its answer as they come, or one piece where the request is not to be streamed. Letting
    ///   go of the stream closes the connection, which is what makes a server stop. It throws ``OllamaError``; the
    ///   pieces until then stand. An answer without a last piece ends with ``OllamaError/incompleteResponse``.
    public func chat(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await self.stream(request) { chunk in
                        continuation.yield(chunk)
                        // Nothing comes after the last piece, and nobody should wait for the end of the connection.
                        if chunk.done { continuation.finish() }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { reason in
                // An answer that is complete is read to its end, so that the connection can be used again.
                if case .cancelled = reason { task.cancel() }
            }
        }
    }

    private func stream(_ request: ChatRequest, _ yield: @escaping @Sendable (ChatChunk) -> Void) async throws {
        let response = try await send(.POST, "/api/chat", request.json)
        guard request.stream else {
            let bytes = try await collect(response, limit: maximumBytes)
            let chunk = try ChatChunk(line: bytes)
            yield(chunk)
            if !chunk.done { throw OllamaError.incompleteResponse }
            return
        }
        let start = (splitter: LineSplitter(limit: maximumBytes), isDone: false)
        var end = try await read(response, into: start) { state, bytes in
            for line in try state.splitter.add(bytes.readableBytesView) {
                let chunk = try ChatChunk(line: line)
                state.isDone = state.isDone || chunk.done
                yield(chunk)
            }
        }
        if let line = end.splitter.finish() {
            let chunk = try ChatChunk(line: line)
            end.isDone = end.isDone || chunk.done
            yield(chunk)
        }
        if !end.isDone { throw OllamaError.incompleteResponse }
    }

    // MARK: - HTTP

    /// Asks for one JSON value.
    func get(_ path: String) async throws -> JSON {
        try OllamaError.checked(try await collect(try await send(.GET, path, nil), limit: maximumBytes))
    }

    /// Sends one JSON value, and takes another.
    func post(_ path: String, _ content: JSON) async throws -> JSON {
        try OllamaError.checked(try await collect(try await send(.POST, path, content), limit: maximumBytes))
    }

    /// Sends a request, and waits for the head of a success.
    private func send(_ method: HTTPMethod, _ path: String, _ content: JSON?) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: endpoint.url + path)
        request.method = method
        request.headers.add(name: "Accept", value: "application/json, application/x-ndjson")
        if let apiKey, endpoint.isConfidential {
            request.headers.add(name: "Authorization", value: "Bearer \(apiKey)")
        }
        if let content {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(content.bytes())
        }
        let response: HTTPClientResponse
        do {
            response = try await http.execute(request, deadline: .now() + TimeAmount(timeouts.firstByte))
        } catch {
            throw failure(error, "the answer did not begin")
        }
        switch response.status.code {
        case 200..<300:
            return response
        case 300..<400:
            let target = OllamaError.shortened(response.headers.first(name: "Location") ?? "nowhere")
            throw OllamaError(
                .redirected,
                message: "The server at \(endpoint.url) points to \(target) instead of answering. Nothing was sent "
                    + "there; set OLLAMA_HOST to it if it is right.",
                status: Int(response.status.code)
            )
        default:
            var body: [UInt8] = []
            // Where the body is too long or cut off, the status still tells what went wrong.
            do { body = try await collect(response, limit: 1 << 20) } catch is OllamaError {}
            throw OllamaError.server(status: Int(response.status.code), body: body)
        }
    }

    private func collect(_ response: HTTPClientResponse, limit: Int) async throws -> [UInt8] {
        try await read(response, into: []) { bytes, piece in
            guard piece.readableBytes <= limit - bytes.count else { throw OllamaError.tooLong(limit) }
            bytes.append(contentsOf: piece.readableBytesView)
        }
    }

    /// Reads the body of an answer piece by piece, with an end to silence.
    private func read<Result: Sendable>(
        _ response: HTTPClientResponse,
        into start: Result,
        _ take: @escaping @Sendable (inout Result, ByteBuffer) throws -> Void
    ) async throws -> Result {
        let watch = SilenceWatch(limit: timeouts.idle)
        do {
            return try await withThrowingTaskGroup(of: Result?.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    var result = start
                    for try await piece in response.body {
                        watch.touch()
                        try take(&result, piece)
                    }
                    // A cancelled body ends as if it were complete.
                    try Task.checkCancellation()
                    return result
                }
                group.addTask {
                    try await watch.silence()
                    return nil
                }
                guard let result = try await group.next() ?? nil else {
                    throw OllamaError.timedOut("no more came", endpoint.url)
                }
                return result
            }
        } catch {
            throw failure(error, "no more came")
        }
    }

    /// Puts what the HTTP library says into words; cancellation stays what it is.
    private func failure(_ error: any Error, _ what: String) -> any Error {
        switch error {
        case is OllamaError, is CancellationError: return error
        case let error as HTTPClientError:
            switch error {
            case .cancelled: return CancellationError()
            case .connectTimeout: return OllamaError.connectionFailed(endpoint.url, "it does not answer in time")
            case .deadlineExceeded, .readTimeout: return OllamaError.timedOut(what, endpoint.url)
            case .remoteConnectionClosed: return OllamaError.connectionLost(endpoint.url, "the server closed it")
            default: return OllamaError.connectionLost(endpoint.url, error.shortDescription)
            }
        case let error as IOError where [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode):
            return OllamaError.connectionFailed(endpoint.url, String(cString: strerror(error.errnoCode)))
        case is NIOConnectionError:
            return OllamaError.connectionFailed(endpoint.url, "its name or address cannot be reached")
        default:
            return OllamaError.connectionLost(endpoint.url, OllamaError.shortened("\(error)"))
        }
    }
}

extension ChatChunk {
    /// Reads one line of a stream; a line may tell an error instead.
    fileprivate init(line: [UInt8]) throws(OllamaError) {
        self.init(try OllamaError.checked(line))
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
