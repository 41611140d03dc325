/// The use of the model's context window by the next request: estimates that follow the counts of the server.
public struct ContextUsage: Sendable, Hashable {
    /// The number of tokens of the tools' definitions, which are part of each request.
    public let toolTokens: Int
    /// The number of tokens of the messages.
    public let messageTokens: Int
    /// The size of the window in tokens, or nil if it is unknown.
    public let windowTokens: Int?
    /// A Boolean value that indicates whether requests have only a part of the conversation.
    public let isCompacted: Bool

    /// Creates the use of a window, for instance to test the code that shows it.
    ///
    /// - Parameters:
    ///   - toolTokens: The number of tokens of the tools' definitions.
    ///   - messageTokens: The number of tokens of the messages.
    ///   - windowTokens: The size of the window in tokens, or nil if it is unknown.
    ///   - isCompacted: True if requests have only a part of the conversation.
    public init(toolTokens: Int, messageTokens: Int, windowTokens: Int?, isCompacted: Bool = false) {
        self.toolTokens = toolTokens
        self.messageTokens = messageTokens
        self.windowTokens = windowTokens
        self.isCompacted = isCompacted
    }

    /// The number of tokens of the tools and the messages.
    public var totalTokens: Int { toolTokens + messageTokens }

    /// The used part of the window, which is more than 1 if the request does not fit; nil if the size is unknown.
    public var fraction: Double? {
        windowTokens.flatMap { $0 > 0 ? Double(totalTokens) / Double($0) : nil }
    }
}
