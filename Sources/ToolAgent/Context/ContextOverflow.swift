public import OllamaClient

/// A conversation that takes too much of the model's context window for another request.
///
/// A strategy receives it, and returns the messages of the request:
///
/// ```swift
/// configuration.contextStrategy = { overflow in
///     // Keep the system prompt, and the last prompt with everything after it.
///     let last = overflow.messages.lastIndex { $0.role == .user } ?? 0
///     return overflow.messages.prefix { $0.role == .system } + overflow.messages[last...]
/// }
/// ```
public struct ContextOverflow: Sendable {
    /// All messages of the conversation, which ends with a prompt or with results.
    public let messages: [ChatMessage]

    /// The size of the context window in tokens, or nil if it is unknown.
    public let windowTokens: Int?

    /// The number of tokens that the messages of the request should take at most.
    ///
    /// It leaves room for many more messages, so that the beginning of the requests stays the same: servers cache it.
    public let targetTokens: Int

    private let estimate: TokenEstimate

    /// Creates an overflow, for instance to test a strategy.
    ///
    /// - Parameters:
    ///   - messages: The messages of the conversation.
    ///   - windowTokens: The size of the context window in tokens, or nil if it is unknown.
    ///   - targetTokens: The number of tokens that the messages of the request should take at most.
    public init(messages: [ChatMessage], windowTokens: Int?, targetTokens: Int) {
        self.init(messages, windowTokens, targetTokens, TokenEstimate())
    }

    init(_ messages: [ChatMessage], _ windowTokens: Int?, _ targetTokens: Int, _ estimate: TokenEstimate) {
        self.messages = messages
        self.windowTokens = windowTokens
        self.targetTokens = targetTokens
        self.estimate = estimate
    }

    /// Returns the approximate number of tokens of messages, which is calibrated with the counts of the server.
    public func tokens(of messages: [ChatMessage]) -> Int { estimate.tokens(of: messages) }

    /// The messages that an agent without a strategy sends.
    ///
    /// Old results are shortened. If that is not enough, the oldest messages are omitted, with a note in their place. The
    /// first prompt is kept or shortened, and the last one is whole.
    public var defaultSelection: [ChatMessage] {
        ContextCompaction(estimate: estimate, target: targetTokens).selection(from: messages)
    }

    /// Returns true if a request can have these messages in the place of the conversation.
    ///
    /// They must have a prompt, end as the conversation does, have the system prompt only at the beginning, and have
    /// each call with its results after it.
    func accepts(_ selection: [ChatMessage]) -> Bool {
        guard selection.contains(where: { $0.role == .user }), selection.last?.role == messages.last?.role,
            !selection.dropFirst().contains(where: { $0.role == .system })
        else { return false }
        var rest = selection[...]
        while let message = rest.popFirst() {
            let ids = message.toolCalls.map { $0.id ?? "" }
            let results = rest.prefix { $0.role == .tool }
            guard message.role != .tool, ids == results.map({ $0.toolCallID ?? "" }) else { return false }
            rest = rest.dropFirst(results.count)
        }
        return true
    }
}
