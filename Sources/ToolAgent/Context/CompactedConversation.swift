import OllamaClient

/// The messages that requests have in the place of the beginning of a conversation.
///
/// The stored conversation stays whole. The selection stays the same while the conversation grows, because servers cache
/// the beginning of a prompt.
struct CompactedConversation: Sendable {
    private let selection: [ChatMessage]
    /// The number of messages that the selection replaces.
    private let replacedCount: Int
    private let lastReplaced: ChatMessage?

    /// Creates a selection.
    ///
    /// - Parameters:
    ///   - selection: The messages for requests.
    ///   - messages: The present messages of the conversation, all of which the selection replaces.
    init(_ selection: [ChatMessage], replacing messages: [ChatMessage]) {
        self.selection = selection
        (replacedCount, lastReplaced) = (messages.count, messages.last)
    }

    /// Returns the messages for a request, or nil if replaced messages were removed or changed.
    ///
    /// - Parameter messages: The messages of the conversation.
    func view(of messages: [ChatMessage]) -> [ChatMessage]? {
        guard replacedCount > 0, replacedCount <= messages.count, messages[replacedCount - 1] == lastReplaced else {
            return nil
        }
        return selection + messages[replacedCount...]
    }
}
