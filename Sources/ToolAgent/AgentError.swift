/// An error of an agent or of a recorded response, as opposed to one of the model's server.
///
/// Two errors are equal if their code, message and remedy are.
public struct AgentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// More codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case alreadyResponding, conversationTooLong, messageTooLong, invalidRecording, noToolCall
            case invalidConversation
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// The agent has not finished its last response, and that response was not cancelled.
        public static let alreadyResponding = Code(.alreadyResponding)
        /// The conversation is too long to be sent again.
        public static let conversationTooLong = Code(.conversationTooLong)
        /// A message of the model is longer than an agent accepts.
        public static let messageTooLong = Code(.messageTooLong)
        /// A recorded response is not valid.
        public static let invalidRecording = Code(.invalidRecording)
        /// The messages of an earlier conversation cannot be continued.
        public static let invalidConversation = Code(.invalidConversation)
        /// The model did not make the call that ``AgentConfiguration/toolChoice`` requires, or cannot make it because
        /// the tool is not offered.
        public static let noToolCall = Code(.noToolCall)
    }

    /// An action of the user that can fix the error.
    ///
    /// More remedies may be added.
    public struct Remedy: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case startNewConversation, waitOrCancel
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// Continue with a new agent, whose conversation is empty.
        public static let startNewConversation = Remedy(.startNewConversation)
        /// Wait for the response that is under way, or cancel it.
        public static let waitOrCancel = Remedy(.waitOrCancel)
    }

    /// The kind of error.
    public let code: Code
    /// The reason, in sentences.
    public let message: String
    /// The action that can fix the error, or nil if none is known.
    public let remedy: Remedy?
    /// The error that caused this one, if there is one.
    public let underlyingError: (any Error)?

    public var description: String { message }

    /// Creates an error.
    public init(_ code: Code, message: String, remedy: Remedy? = nil, underlyingError: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.underlyingError = underlyingError
    }

    public static func == (left: AgentError, right: AgentError) -> Bool {
        (left.code, left.message, left.remedy) == (right.code, right.message, right.remedy)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
        hasher.combine(remedy)
    }
}
