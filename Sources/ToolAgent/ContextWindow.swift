import OllamaClient
import ToolJSON

/// The size of the model's context window, and an estimate of how much of it the conversation takes.
///
/// All numbers lie in their `ServerRange`, so no arithmetic on them overflows.
struct ContextWindow: Sendable {
    /// The window in tokens, or nil if it is not known.
    let size: Int?

    /// The server's count of tokens, and the number of messages that it covers.
    private var measured: (tokens: Int, messages: Int) = (0, 0)

    /// The number of characters of the tools, which come before the messages in the prompt.
    private let toolCharacters: Int

    private static let charactersPerToken = 4
    /// The approximate cost of an image for vision models.
    private static let tokensPerImage = 1_000

    init(size: Int?, toolCharacters: Int) {
        self.size = size
        self.toolCharacters = toolCharacters
    }

    /// Returns the maximum number of characters of one result: a quarter of the window, or the limit if that is less.
    func resultLimit(_ limit: Int) -> Int {
        guard let size else { return limit }
        return min(limit, size * Self.charactersPerToken / 4)
    }

    /// Records a count of the server.
    ///
    /// - Parameters:
    ///   - tokens: The tokens of the prompt and of the answer.
    ///   - messages: The number of messages that it covers, including the answer.
    mutating func measure(tokens: Int, messages: Int) {
        measured = (tokens, messages)
    }

    /// Returns the approximate number of tokens of the next request.
    func estimate(of messages: [ChatMessage]) -> Int {
        let isMeasured = measured.messages > 0 && measured.messages <= messages.count
        let known = isMeasured ? measured.tokens : toolCharacters / Self.charactersPerToken
        return messages.dropFirst(isMeasured ? measured.messages : 0).reduce(known) { sum, message in
            let calls = message.toolCalls.reduce(0) { sum, call in
                sum + call.name.utf8.count + (call.arguments?.byteCount(upTo: .max) ?? 0)
            }
            let characters = message.content.utf8.count + (message.thinking?.utf8.count ?? 0) + calls
            return sum + characters / Self.charactersPerToken + message.images.count * Self.tokensPerImage
        }
    }

    /// Returns a warning for the user if the messages take more than 80 % of the window.
    func warning(for messages: [ChatMessage]) -> String? {
        guard let size, size > 0 else { return nil }
        let tokens = estimate(of: messages)
        guard tokens > size / 5 * 4 else { return nil }
        return "Tools and conversation take about \(tokens) of the \(size) tokens of the context window. "
            + "Beyond that, the server drops the oldest messages without notice. "
            + "Offer fewer tools, start a new conversation, or ask for a larger num_ctx."
    }
}
