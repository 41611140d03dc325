/// An error of an agent or of a recorded response, as opposed to one of the model's server.
///
/// Two errors are equal if their code and message are.
public struct AgentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// More codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case alreadyResponding, conversationTooLong, messageTooLong, invalidRecording
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
    }

    /// The kind of error.
    public let code: Code
    /// The reason, and what to do, in sentences.
    public let message: String
    /// The error that caused this one, if there is one.
    public let underlyingError: (any Error)?

    public var description: String { message }

    /// Creates an error.
    public init(_ code: Code, message: String, underlyingError: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlyingError = underlyingError
    }

    public static func == (left: AgentError, right: AgentError) -> Bool {
        (left.code, left.message) == (right.code, right.message)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
    }
}
