/// A failure of a request to an Ollama server.
///
/// ```swift
/// do {
///     for try await chunk in client.chat(request) { print(chunk.message.content, terminator: "") }
/// } catch let error as OllamaError where error.code == .modelNotFound {
///     offerDownload(of: request.model)
/// } catch let error as OllamaError where error.isRetryable {
///     retryLater(error.message)
/// }
/// ```
///
/// Two errors are equal if their code, message, status and remedy are.
public struct OllamaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    ///
    /// More codes may be added.
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

        /// No connection to the server can be made.
        public static let connectionFailed = Code(.connectionFailed)
        /// The server was silent for longer than a timeout allows.
        public static let timedOut = Code(.timedOut)
        /// The request is invalid, so the same request fails each time.
        ///
        /// The server rejected it, with any status, or the client did not send it.
        public static let invalidRequest = Code(.invalidRequest)
        /// The server requires a sign-in or a key.
        public static let unauthorized = Code(.unauthorized)
        /// The server refuses the request.
        public static let forbidden = Code(.forbidden)
        /// The server does not have the model.
        public static let modelNotFound = Code(.modelNotFound)
        /// The model cannot call tools.
        public static let toolsUnsupported = Code(.toolsUnsupported)
        /// The model cannot report its thoughts.
        public static let thinkingUnsupported = Code(.thinkingUnsupported)
        /// The model cannot chat.
        public static let chatUnsupported = Code(.chatUnsupported)
        /// The model cannot read images.
        public static let imagesUnsupported = Code(.imagesUnsupported)
        /// The server received too many requests.
        public static let rateLimited = Code(.rateLimited)
        /// The server treats the request as cancelled.
        public static let requestCancelled = Code(.requestCancelled)
        /// The server is overloaded.
        public static let serverBusy = Code(.serverBusy)
        /// The prompt does not fit into the model's context window.
        public static let contextExceeded = Code(.contextExceeded)
        /// The model tried to call a tool, and the server could not parse the call.
        public static let toolCallUnparsable = Code(.toolCallUnparsable)
        /// The model's process exited.
        public static let modelCrashed = Code(.modelCrashed)
        /// A gateway received no response from the server, or the server none from the cloud.
        public static let cloudUnreachable = Code(.cloudUnreachable)
        /// The server reports another failure.
        public static let serverFault = Code(.serverFault)
        /// The response is not valid, or exceeds a limit.
        public static let invalidResponse = Code(.invalidResponse)
        /// The response ended before it was complete.
        public static let incompleteResponse = Code(.incompleteResponse)
        /// The server redirects to another address, to which nothing is sent.
        public static let redirected = Code(.redirected)
        /// The server's certificate is not valid, so nothing is sent.
        public static let certificateRejected = Code(.certificateRejected)
        /// The system's libcurl is missing, or lacks a feature that the request needs.
        public static let transportUnavailable = Code(.transportUnavailable)
    }

    /// The kind of failure.
    public let code: Code
    /// The failure, in sentences, and the next step unless ``remedy-swift.property`` is enough to describe it.
    ///
    /// Parts of the message may come from the server. It has at most about 1,200 characters.
    public let message: String
    /// The HTTP status of the failure, or nil if there was no response or its status was a success.
    public let status: Int?
    /// An action that can fix the failure, or nil if none is known.
    public let remedy: Remedy?
    /// The time after which the server accepts the next request, at most a day, or nil if it names none.
    public let retryAfter: Duration?
    /// The error that caused this one, such as `HTTPError`, or nil if there is none.
    public let underlyingError: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: The failure and the next step, in sentences.
    ///   - status: The HTTP status of the failure.
    ///   - remedy: An action that can fix the failure.
    ///   - retryAfter: The time after which the server accepts the next request.
    ///   - underlyingError: The error that caused this one.
    public init(
        _ code: Code,
        message: String,
        status: Int? = nil,
        remedy: Remedy? = nil,
        retryAfter: Duration? = nil,
        underlyingError: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.remedy = remedy
        self.retryAfter = retryAfter
        self.underlyingError = underlyingError
    }

    public var description: String { message }

    /// A Boolean value that indicates whether the model caused the failure, so that the same request often succeeds.
    public var isModelFault: Bool { [.unreadableCall, .crash, .unknown].contains(fault) }

    /// A Boolean value that indicates whether the same request may succeed later.
    public var isRetryable: Bool {
        isModelFault
            || [.serverBusy, .rateLimited, .timedOut, .cloudUnreachable, .connectionFailed, .incompleteResponse]
                .contains(code)
    }

    public static func == (left: OllamaError, right: OllamaError) -> Bool {
        left.code == right.code && left.message == right.message && left.status == right.status
            && left.remedy == right.remedy
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
        hasher.combine(status)
        hasher.combine(remedy)
    }
}
