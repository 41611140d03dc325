public import ToolHost

/// What happens while an agent responds, told as it happens.
public enum AgentEvent: Sendable {
    /// A piece of what the model thinks.
    case thinking(String)
    /// A piece of what the model says.
    case content(String)
    /// The model has asked for these calls; they are about to run.
    case toolCalls([ToolCall])
    /// Something happens in one of the calls; its number is the place in the last ``toolCalls(_:)``.
    case dispatch(DispatchEvent)
    /// One message of the model is complete. An empty message that is asked for again counts: this event follows
    /// ``retrying(_:)``.
    case turnFinished(TurnMetrics)
    /// The server is asked again, for the given reason: it failed, or the model's message was empty. The pieces since
    /// the last complete message are discarded.
    case retrying(String)
    /// Something that a person should know: a sentence.
    case warning(String)
}

/// What one message of the model cost, as far as the server says.
public struct TurnMetrics: Sendable, Hashable {
    /// Tokens of everything that the model read.
    public let promptTokens: Int?
    /// Tokens that it wrote.
    public let outputTokens: Int?
    /// Why it stopped, in the server's word.
    public let doneReason: String?
}

/// How a response ended.
public struct AgentOutcome: Sendable, Hashable {
    /// Why a response is over.
    public enum StopReason: String, Sendable, Hashable, CaseIterable {
        /// The model answered and asked for nothing more.
        case answered
        /// The limit of rounds was reached, and the model answered with what it had.
        case roundLimit = "round_limit"
        /// The surrounding task was cancelled.
        case cancelled
        /// The answer was cut off at the limit of its length.
        case truncated
        /// The model said nothing.
        case emptyAnswer = "empty_answer"
    }

    /// Why it is over.
    public let reason: StopReason
    /// The model's last words; where it was interrupted, as far as they came.
    public let text: String
    /// How many messages with calls there were.
    public let rounds: Int

    /// An outcome; agents and tests of their users make them.
    public init(reason: StopReason, text: String, rounds: Int) {
        self.reason = reason
        self.text = text
        self.rounds = rounds
    }
}

/// Why an agent does not respond at all.
public struct AgentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do.
    public let message: String

    public var description: String { message }
}
