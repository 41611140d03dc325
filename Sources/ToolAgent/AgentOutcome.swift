/// The outcome of a response: the reason for its end, and the answer.
public struct AgentOutcome: Sendable, Hashable {
    /// The reason why a response ended.
    public enum StopReason: String, Sendable, Hashable, CaseIterable {
        /// The model answered without further calls.
        case answered
        /// The limit of rounds was reached, and the model answered with the results it had.
        case roundLimit = "round_limit"
        /// The response was cancelled.
        case cancelled
        /// The answer was cut off at the length limit of the model.
        case truncated
        /// The model's last message has no text.
        case emptyAnswer = "empty_answer"
        /// The model repeated calls whose results it had, although a result asked it not to.
        case repeatedCalls = "repeated_calls"
    }

    /// The reason for the end.
    public let reason: StopReason
    /// The text of the model's last message; if the response was cancelled, the part of it that arrived.
    public let text: String
    /// The number of messages with calls.
    public let rounds: Int

    /// Creates an outcome, as agents and the tests of their users do.
    public init(reason: StopReason, text: String, rounds: Int) {
        self.reason = reason
        self.text = text
        self.rounds = rounds
    }
}
