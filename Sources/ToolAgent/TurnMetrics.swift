/// The cost of one message of the model, as far as the server reports it.
public struct TurnMetrics: Sendable, Hashable {
    /// The number of tokens in the prompt: the tools and the whole conversation.
    public let promptTokens: Int?
    /// The number of tokens in the message.
    public let outputTokens: Int?
    /// The server's word for the reason why the model stopped, such as `stop` or `length`.
    public let doneReason: String?
}
