import HTTPClient

/// A request to an Ollama server that failed.
public struct OllamaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    ///
    /// More may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case connectionFailed, timedOut, invalidRequest, unauthorized, forbidden, modelNotFound, toolsUnsupported
            case thinkingUnsupported, chatUnsupported, imagesUnsupported, rateLimited, requestCancelled, serverBusy
            case contextExceeded, toolCallUnparsable, modelCrashed, cloudUnreachable, serverFault, invalidResponse
            case incompleteResponse, redirected, certificateRejected, transportUnavailable
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// No server answers at the address.
        public static let connectionFailed = Code(.connectionFailed)
        /// The server was silent for too long.
        public static let timedOut = Code(.timedOut)
        /// The request is rejected by the server, with any status, or before it is sent: the same request fails each time.
        public static let invalidRequest = Code(.invalidRequest)
        /// The server requires a sign-in or a key.
        public static let unauthorized = Code(.unauthorized)
        /// The server refuses.
        public static let forbidden = Code(.forbidden)
        /// The server does not have the model.
        public static let modelNotFound = Code(.modelNotFound)
        /// The model cannot call tools.
        public static let toolsUnsupported = Code(.toolsUnsupported)
        /// The model cannot think aloud.
        public static let thinkingUnsupported = Code(.thinkingUnsupported)
        /// The model cannot chat.
        public static let chatUnsupported = Code(.chatUnsupported)
        /// The model cannot see pictures.
        public static let imagesUnsupported = Code(.imagesUnsupported)
        /// There were too many requests.
        public static let rateLimited = Code(.rateLimited)
        /// The server treats the request as cancelled.
        public static let requestCancelled = Code(.requestCancelled)
        /// The server is overloaded.
        public static let serverBusy = Code(.serverBusy)
        /// The prompt does not fit the model's window.
        public static let contextExceeded = Code(.contextExceeded)
        /// The model tried to call a tool, and the server could not read the call.
        public static let toolCallUnparsable = Code(.toolCallUnparsable)
        /// The model's process has exited.
        public static let modelCrashed = Code(.modelCrashed)
        /// A gateway got no response from the server, or the server none from the cloud.
        public static let cloudUnreachable = Code(.cloudUnreachable)
        /// Another failure in the server.
        public static let serverFault = Code(.serverFault)
        /// The response is not valid.
        public static let invalidResponse = Code(.invalidResponse)
        /// The answer ended before it was complete.
        public static let incompleteResponse = Code(.incompleteResponse)
        /// The server points to another address.
        public static let redirected = Code(.redirected)
        /// The server's certificate is not valid for it.
        public static let certificateRejected = Code(.certificateRejected)
        /// The system's libcurl is missing, or cannot do what the request needs.
        public static let transportUnavailable = Code(.transportUnavailable)
    }

    /// The kind of failure.
    public let code: Code
    /// The failure and its remedy, in sentences.
    public let message: String
    /// The HTTP status of a failure, or `nil` if the server sent none or a success.
    public let status: Int?
    /// The address at which to sign in, if the server names one.
    public let signInURL: String?

    /// Creates an error.
    public init(_ code: Code, message: String, status: Int? = nil, signInURL: String? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.signInURL = signInURL
    }

    public var description: String { message }

    /// A Boolean value that indicates whether the model is at fault, so that asking again may well succeed.
    public var isModelFault: Bool { code == .toolCallUnparsable || code == .serverFault || code == .modelCrashed }

    /// A Boolean value that indicates whether the same request may succeed later.
    public var isRetryable: Bool {
        isModelFault || [.serverBusy, .rateLimited, .timedOut, .cloudUnreachable, .connectionFailed].contains(code)
    }
}

// MARK: - Failures on this side

extension OllamaError {
    /// The answer ended without its last piece.
    public static var incompleteResponse: OllamaError {
        OllamaError(
            .incompleteResponse,
            message: "The server ended its answer before it was complete; none of its calls were run. Ask again."
        )
    }

    /// The error for a failure of the transport.
    init(_ error: HTTPError, _ url: String) {
        let reason = ServerWords.shortened(error.reason)
        switch error.code {
        case .libraryUnavailable:
            self.init(.transportUnavailable, message: "No request can be sent: \(reason).")
        case .invalidRequest:
            self.init(.invalidRequest, message: "The request to \(url) cannot be sent: \(reason).")
        case .connectionFailed:
            self = .connectionFailed(url, reason)
        case .connectTimedOut:
            self = .connectionFailed(url, "it does not answer in time")
        case .certificateRejected:
            self.init(
                .certificateRejected,
                message: "The server at \(url) is not trusted (\(reason)), so nothing was sent. If its certificate is "
                    + "of an authority of your own, add that to the system's certificates, or name its file in "
                    + "SSL_CERT_FILE."
            )
        case .responseTimedOut:
            self = .timedOut("the answer did not begin", url)
        case .bodyTimedOut:
            self = .timedOut("no more came", url)
        case .invalidResponse:
            self.init(.invalidResponse, message: "The server at \(url) does not speak HTTP as it should: \(reason).")
        default:
            self.init(
                .incompleteResponse,
                message: "The connection to \(url) was lost (\(reason)). Ask again."
            )
        }
    }

    private static func connectionFailed(_ url: String, _ reason: String) -> OllamaError {
        OllamaError(
            .connectionFailed,
            message: "No Ollama answers at \(url) (\(reason)). Start it with `ollama serve`, or set OLLAMA_HOST to "
                + "where it runs."
        )
    }

    private static func timedOut(_ what: String, _ url: String) -> OllamaError {
        OllamaError(.timedOut, message: "The server at \(url) was silent for too long: \(what). Ask again later.")
    }

    static func tooLong(_ limit: Int) -> OllamaError {
        OllamaError(
            .invalidResponse,
            message: "The server sent more than \(limit) bytes in one piece, so the response was discarded."
        )
    }

    static func notJSON(_ bytes: [UInt8], _ reason: String, status: Int) -> OllamaError {
        let words = ServerWords.shown(ServerWords.plain(bytes))
        return OllamaError(
            .invalidResponse,
            message: "The server answered with status \(status), but not as Ollama does (\(reason)): "
                + (words.isEmpty ? "it sent nothing." : words)
        )
    }
}
