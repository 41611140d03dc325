/// The cost of one message of the model, as far as the server reports it.
public struct TurnMetrics: Sendable, Hashable {
    /// The number of tokens in the prompt: the tools and the whole conversation.
    public let promptTokens: Int?
    /// The number of tokens in the message.
    public let outputTokens: Int?
    /// The server's word for the reason why the model stopped, such as `stop` or `length`.
    public let doneReason: String?
    /// The time to load the model.
    public let loadDuration: Duration?
    /// The time to evaluate the prompt, without the part that the server still knew.
    public let promptDuration: Duration?
    /// The time to generate the message.
    public let outputDuration: Duration?
    /// The use of the context window after the message, or nil if it is unknown.
    public internal(set) var context: ContextUsage?

    /// Creates the cost of a message, for instance to test the code that shows it.
    ///
    /// - Parameters:
    ///   - promptTokens: The number of tokens in the prompt, or nil if it is unknown.
    ///   - outputTokens: The number of tokens in the message, or nil if it is unknown.
    ///   - doneReason: The reason why the model stopped, or nil if it is unknown.
    ///   - loadDuration: The time to load the model, or nil if it is unknown.
    ///   - promptDuration: The time to evaluate the prompt, or nil if it is unknown.
    ///   - outputDuration: The time to generate the message, or nil if it is unknown.
    ///   - context: The use of the context window after the message, or nil if it is unknown.
    public init(
        promptTokens: Int?,
        outputTokens: Int?,
        doneReason: String?,
        loadDuration: Duration? = nil,
        promptDuration: Duration? = nil,
        outputDuration: Duration? = nil,
        context: ContextUsage? = nil
    ) {
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.doneReason = doneReason
        self.loadDuration = loadDuration
        self.promptDuration = promptDuration
        self.outputDuration = outputDuration
        self.context = context
    }
}
