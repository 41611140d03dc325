import OllamaClient

/// The default selection of messages for a request that would not fit into the context window.
///
/// Old results are shortened and old thoughts omitted. If that is not enough, a note takes the place of the oldest
/// exchanges, and then of the oldest calls since the last prompt. A call and its result always stay together, the last
/// prompt stays whole, and the results that the model has not read yet are shortened last.
struct ContextCompaction: Sendable {
    let estimate: TokenEstimate

    /// The maximum number of tokens of the selection, unless the last prompt or the last calls alone take more.
    let target: Int

    /// The minimum number of bytes of a shortened text.
    private static let minimumBytes = 200

    /// The messages that have a special place in a conversation, by index.
    private struct Outline {
        let firstPrompt: Int
        let lastPrompt: Int
        /// The last prompt, or the message with the last calls if the model has not read their results yet.
        let newest: Int

        init?(_ messages: [ChatMessage]) {
            guard let first = messages.firstIndex(where: { $0.role == .user }),
                let last = messages.lastIndex(where: { $0.role == .user })
            else { return nil }
            let calling = messages.last?.role == .tool ? messages.lastIndex { $0.role == .assistant } : nil
            (firstPrompt, lastPrompt, newest) = (first, last, max(last, calling ?? last))
        }
    }

    /// Returns the messages for a request.
    ///
    /// Messages that take less than the target are returned unchanged.
    func selection(from messages: [ChatMessage]) -> [ChatMessage] {
        guard bytes(of: messages) > targetBytes, let outline = Outline(messages) else { return messages }
        let shortened = shortened(messages, outline)
        return bytes(of: shortened) <= targetBytes ? shortened : selected(from: shortened, outline)
    }

    // MARK: - Sizes

    private var targetBytes: Int { bytes(tokens: target) }

    private func bytes(tokens: Int) -> Int {
        // A program can name any target.
        Int(Double(min(max(0, tokens), 1 << 40)) * estimate.bytesPerToken)
    }

    private func bytes(of message: ChatMessage) -> Int {
        message.promptBytes + message.images.count * (bytes(tokens: TokenEstimate.tokensPerImage) + 1)
    }

    private func bytes(of messages: some Sequence<ChatMessage>) -> Int { messages.reduce(0) { $0 + bytes(of: $1) } }

    // MARK: - Shortening

    /// Shortens the results that the model has read, and omits the thoughts before the last prompt.
    private func shortened(_ messages: [ChatMessage], _ outline: Outline) -> [ChatMessage] {
        let limit = min(max(Self.minimumBytes, targetBytes / 32), 2_000)
        return messages.enumerated().map { index, message in
            var message = message
            if message.role == .tool, index < outline.newest { message.shorten(toBytes: limit, keepsImages: false) }
            if index < outline.lastPrompt { message.thinking = nil }
            return message
        }
    }

    /// Shortens results that the model has not read, so that the messages fit as far as possible.
    private func shortenResults(of messages: inout [ChatMessage], from start: Int) {
        let results = messages.indices.filter { $0 >= start && messages[$0].role == .tool }
        let excess = bytes(of: messages) - targetBytes
        guard excess > 0, !results.isEmpty else { return }
        let available = bytes(of: results.map { messages[$0] }) - excess
        let images = bytes(of: results.map { ChatMessage(role: .tool, images: messages[$0].images) })
        let texts = images < available ? available - images : available
        let limit = max(Self.minimumBytes, texts / results.count)
        for index in results { messages[index].shorten(toBytes: limit, keepsImages: images < available) }
    }

    // MARK: - Omitting

    /// Selects the first prompt and as many of the last messages as fit.
    private func selected(from messages: [ChatMessage], _ outline: Outline) -> [ChatMessage] {
        let isOneExchange = outline.firstPrompt == outline.lastPrompt
        var beginning = messages[..<outline.firstPrompt].filter { $0.role == .system }
        if !isOneExchange {
            var prompt = messages[outline.firstPrompt]
            let limit = max(Self.minimumBytes, targetBytes / 8)
            if bytes(of: prompt) > limit { prompt.shorten(toBytes: limit, keepsImages: false) }
            beginning.append(prompt)
        }
        // The kept end begins with a prompt, or with a message of the model after the last prompt.
        let prompts = messages.indices.filter {
            outline.firstPrompt < $0 && $0 <= outline.lastPrompt && messages[$0].role == .user
        }
        let replies = messages.indices.filter {
            outline.lastPrompt < $0 && $0 <= outline.newest && messages[$0].role != .tool
        }
        guard let last = replies.last ?? prompts.last else { return messages }
        let room = targetBytes - bytes(of: beginning) - 2 * Self.note(9_999_999).utf8.count
        var sizes = Array(repeating: 0, count: messages.count + 1)
        for index in messages.indices.reversed() { sizes[index] = sizes[index + 1] + bytes(of: messages[index]) }
        let promptSize = bytes(of: messages[outline.lastPrompt])
        let start =
            (prompts + replies).first { sizes[$0] + ($0 > outline.lastPrompt ? promptSize : 0) <= room } ?? last
        var selection = assembled(beginning, messages, outline, from: start)
        shortenResults(of: &selection, from: selection.count - (messages.count - start))
        return selection
    }

    /// Joins the beginning and the end, with notes about the messages between them.
    private func assembled(
        _ beginning: [ChatMessage],
        _ messages: [ChatMessage],
        _ outline: Outline,
        from start: Int
    ) -> [ChatMessage] {
        var selection = beginning
        let omitted = min(start, outline.lastPrompt) - outline.firstPrompt - 1
        // Templates require user and assistant messages to alternate.
        if omitted > 0 { selection.append(ChatMessage(role: .assistant, content: Self.note(omitted))) }
        if start > outline.lastPrompt {
            var prompt = messages[outline.lastPrompt]
            let omitted = start - outline.lastPrompt - 1
            if omitted > 0 { prompt.content += "\n\n" + Self.note(omitted) }
            selection.append(prompt)
        }
        return selection + messages[start...]
    }

    /// The note in the place of messages.
    static func note(_ count: Int) -> String {
        let messages = count == 1 ? "1 message is" : "\(count) messages are"
        return "(\(messages) omitted here, because the context window is full.)"
    }
}

extension ChatMessage {
    /// Omits the middle of a long text.
    ///
    /// - Parameters:
    ///   - limit: The approximate maximum number of bytes of the text.
    ///   - keepsImages: False to omit the images.
    fileprivate mutating func shorten(toBytes limit: Int, keepsImages: Bool) {
        let length = content.utf8.count
        if length > limit {
            let count = content.unicodeScalars.count
            // The note has up to eight bytes more than characters.
            let characters = Int(Double(count) / Double(length) * Double(limit)) - 8
            let handle = ResultTrimming.handle(in: content)
            content = ResultTrimming(limit: characters, handle: handle).text { $0(content) }
        }
        if !keepsImages, !images.isEmpty {
            images = []
            content += "\n[The images of this message are omitted.]"
        }
    }
}
