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
    private var toolBytes: Int
    private(set) var estimate = TokenEstimate()
    /// The last prompt whose count is that of all of its tokens.
    private var measured: Measurement?
    private var countsWholePrompts = false
    private var hasWarnedOfTruncation = false
    private var compacted: CompactedConversation?

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
    ///   - messages: The messages of the conversation, without the answer.
    /// - Returns: A warning for the user if the server dropped the beginning of the prompt; once in a conversation.
    mutating func record(prompt: Int, output: Int, messages: [ChatMessage]) -> String? {
        let earlier = measured.flatMap { $0.messages <= messages.count ? $0 : nil }
        let sent = view(of: messages)
        let added = earlier.map { messages[($0.messages - 1)...] } ?? sent[...]
        var reading = PromptReading(
            count: prompt,
            window: size,
            added: estimate.tokens(bytes: added.reduce(earlier == nil ? toolBytes : 0) { $0 + $1.promptBytes }),
            isCalibrated: estimate.isCalibrated,
            countsWholePrompts: countsWholePrompts
        )
        if let earlier {
            let thoughts = sent.dropLast(added.count).reduce(0) { $0 + ($1.thinking?.utf8.count ?? 0) }
            reading.beginning = max(0, earlier.prompt - estimate.tokens(bytes: thoughts))
        }
        switch reading.verdict {
        case .whole:
            if reading.showsWholeCount { countsWholePrompts = true }
            measured = Measurement(prompt: prompt, tokens: prompt + output, messages: messages.count + 1)
            if sent.allSatisfy(\.images.isEmpty) {
                estimate.calibrate(bytes: sent.reduce(toolBytes) { $0 + $1.promptBytes }, count: prompt)
            }
            return nil
        case .partial:
            measured = nil
            return nil
        case .truncated:
            measured = nil
            guard !hasWarnedOfTruncation else { return nil }
            hasWarnedOfTruncation = true
            let tokens = reading.beginning + reading.added
            return "The server read only \(prompt) of about \(tokens) tokens: it dropped the beginning of the "
                + "conversation without notice, and the model may not know its task any more. "
                + "Offer fewer tools, start a new conversation, or use a larger context window (num_ctx)."
        }
    }

    /// Discards what is known about messages that were removed.
    mutating func forgetMessages() { (measured, compacted) = (nil, nil) }

    /// Records that later requests have other tools, and discards the count of a prompt with the former ones.
    mutating func replaceTools(bytes: Int) {
        guard bytes != toolBytes else { return }
        (toolBytes, measured) = (bytes, nil)
    }

    // MARK: - The next request

    /// Returns the messages for a request: the whole conversation, or what was selected of it.
    func view(of messages: [ChatMessage]) -> [ChatMessage] { compacted?.view(of: messages) ?? messages }

    /// The approximate number of tokens of the tools' definitions.
    var toolTokens: Int { estimate.tokens(bytes: toolBytes) }

    /// Returns the approximate number of tokens of the next request.
    func tokens(of messages: [ChatMessage]) -> Int {
        guard let measured, measured.messages <= messages.count else {
            return toolTokens + estimate.tokens(of: view(of: messages))
        }
        return measured.tokens + estimate.tokens(of: messages[measured.messages...])
    }

    /// Returns the use of the window by the next request.
    func usage(of messages: [ChatMessage]) -> ContextUsage {
        let total = tokens(of: messages)
        let tools = min(toolTokens, total)
        return ContextUsage(
            toolTokens: tools,
            messageTokens: total - tools,
            windowTokens: size,
            isCompacted: compacted?.view(of: messages) != nil
        )
    }

    // MARK: - Compaction

    /// The part of the window beyond which a conversation is compacted.
    private func isFull(_ tokens: Int) -> Bool { size.map { tokens > $0 / 5 * 4 } ?? false }

    /// Returns the overflow if the next request takes more than 80 % of the window, or the server has refused it.
    ///
    /// The target is half of the window, so that a selection lasts for many requests.
    func overflow(of messages: [ChatMessage], isRefused: Bool = false) -> ContextOverflow? {
        guard isRefused || isFull(tokens(of: messages)) else { return nil }
        // Tools that take most of the window leave less for the messages.
        var target = size.map { max($0 / 2 - toolTokens, ($0 / 5 * 4 - toolTokens) / 2, $0 / 16) } ?? .max
        // The estimate was wrong if the server refuses the request.
        let estimated = estimate.tokens(of: view(of: messages))
        if isRefused { target = min(target, estimated / 2) }
        // A template can add more to many short messages than their text.
        let total = tokens(of: messages)
        if total > toolTokens + estimated { target = target * (toolTokens + estimated) / total }
        return ContextOverflow(messages, size, target, estimate)
    }

    /// Uses a selection for this and the following requests, unless it is no shorter than the present one.
    ///
    /// - Returns: True if the selection is used.
    mutating func compact(_ messages: [ChatMessage], to selection: [ChatMessage]) -> Bool {
        guard estimate.tokens(of: selection) < estimate.tokens(of: view(of: messages)) else { return false }
        compacted = CompactedConversation(selection, replacing: messages)
        measured = nil
        return true
    }

    /// Returns a warning for the user if the messages take more than 80 % of the window.
    func warning(for messages: [ChatMessage]) -> String? {
        let tokens = tokens(of: messages)
        guard let size, isFull(tokens) else { return nil }
        return "Tools and conversation take about \(tokens) of the \(size) tokens of the context window. "
            + "Beyond that, the server drops the oldest messages without notice. "
            + "Offer fewer tools, start a new conversation, or use a larger context window (num_ctx)."
    }
}
