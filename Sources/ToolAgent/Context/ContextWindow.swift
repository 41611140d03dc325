import OllamaClient

/// The size of the model's context window, and an estimate of how much of it the conversation takes.
///
/// All numbers lie in their `ServerRange`, so no arithmetic on them overflows.
struct ContextWindow: Sendable {
    /// A prompt that the server has counted, and the answer to it.
    private struct Measurement {
        /// The tokens of the prompt.
        var prompt: Int
        /// The tokens of the prompt and of the answer.
        var tokens: Int
        /// The number of messages of the conversation, including the answer.
        var messages: Int
    }

    /// The window in tokens, or nil if it is not known.
    let size: Int?

    /// The length of the tools' definitions, which come before the messages in the prompt.
    private let toolBytes: Int
    private(set) var estimate = TokenEstimate()
    /// The last prompt whose count is that of all of its tokens.
    private var measured: Measurement?
    private var countsWholePrompts = false
    private var hasWarnedOfTruncation = false

    init(size: Int?, toolBytes: Int) {
        (self.size, self.toolBytes) = (size, toolBytes)
    }

    /// Returns the maximum number of characters of one result: a quarter of the window, or the limit if that is less.
    func resultLimit(_ limit: Int) -> Int {
        guard let size else { return limit }
        return min(limit, Int(Double(size) * estimate.bytesPerToken) / 4)
    }

    // MARK: - The counts of the server

    /// Records the server's count of a prompt and of the answer.
    ///
    /// - Parameters:
    ///   - prompt: The tokens of the prompt.
    ///   - output: The tokens of the answer.
    ///   - messages: The messages of the prompt.
    /// - Returns: A warning for the user if the server dropped the beginning of the prompt; once in a conversation.
    mutating func record(prompt: Int, output: Int, messages: [ChatMessage]) -> String? {
        let earlier = measured.flatMap { $0.messages <= messages.count ? $0 : nil }
        let added = messages[(earlier.map { $0.messages - 1 } ?? 0)...]
        var reading = PromptReading(
            count: prompt,
            window: size,
            added: estimate.tokens(bytes: added.reduce(earlier == nil ? toolBytes : 0) { $0 + $1.promptBytes }),
            isCalibrated: estimate.isCalibrated,
            countsWholePrompts: countsWholePrompts
        )
        if let earlier {
            let thoughts = messages[..<(earlier.messages - 1)].reduce(0) { $0 + ($1.thinking?.utf8.count ?? 0) }
            reading.beginning = max(0, earlier.prompt - estimate.tokens(bytes: thoughts))
        }
        switch reading.verdict {
        case .whole:
            if reading.showsWholeCount { countsWholePrompts = true }
            measured = Measurement(prompt: prompt, tokens: prompt + output, messages: messages.count + 1)
            if messages.allSatisfy(\.images.isEmpty) {
                estimate.calibrate(bytes: messages.reduce(toolBytes) { $0 + $1.promptBytes }, count: prompt)
            }
            return nil
        case .partial:
            measured = nil
            return nil
        case .truncated:
            measured = nil
            guard !hasWarnedOfTruncation else { return nil }
            hasWarnedOfTruncation = true
            let sent = reading.beginning + reading.added
            return "The server read only \(prompt) of about \(sent) tokens: it dropped the beginning of the "
                + "conversation without notice, and the model may not know its task any more. "
                + "Offer fewer tools, start a new conversation, or ask for a larger num_ctx."
        }
    }

    /// Discards the count of messages that were removed.
    mutating func discardMeasurement() { measured = nil }

    // MARK: - The next request

    /// The approximate number of tokens of the tools' definitions.
    var toolTokens: Int { estimate.tokens(bytes: toolBytes) }

    /// Returns the approximate number of tokens of the next request.
    func tokens(of messages: [ChatMessage]) -> Int {
        guard let measured, measured.messages <= messages.count else {
            return toolTokens + estimate.tokens(of: messages)
        }
        return measured.tokens + estimate.tokens(of: messages[measured.messages...])
    }

    /// Returns the use of the window by the next request.
    func usage(of messages: [ChatMessage]) -> ContextUsage {
        let total = tokens(of: messages)
        let tools = min(toolTokens, total)
        return ContextUsage(toolTokens: tools, messageTokens: total - tools, windowTokens: size)
    }

    /// Returns a warning for the user if the messages take more than 80 % of the window.
    func warning(for messages: [ChatMessage]) -> String? {
        guard let size else { return nil }
        let tokens = tokens(of: messages)
        guard tokens > size / 5 * 4 else { return nil }
        return "Tools and conversation take about \(tokens) of the \(size) tokens of the context window. "
            + "Beyond that, the server drops the oldest messages without notice. "
            + "Offer fewer tools, start a new conversation, or ask for a larger num_ctx."
    }
}
