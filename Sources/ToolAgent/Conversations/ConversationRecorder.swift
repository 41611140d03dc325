public import OllamaClient

/// Stores the conversation of an agent, response by response.
///
/// ```swift
/// var recorder = ConversationRecorder(store: store)
/// let response = agent.respond(to: prompt)
/// for try await event in response { show(event) }
/// try await recorder.record(agent)
/// ```
///
/// To continue a conversation later:
///
/// ```swift
/// let messages = try await store.messages(of: id)
/// let agent = try Agent(model: "qwen3", host: host, messages: messages)
/// var recorder = ConversationRecorder(store: store, continuing: id, messages: messages)
/// ```
public struct ConversationRecorder<Store: ConversationStore>: Sendable {
    /// The store.
    public let store: Store

    /// The conversation in the store, or nil until the first response is stored.
    public private(set) var conversation: Store.ID?

    /// The messages that the store has.
    private var stored: [ChatMessage] = []

    /// Creates a recorder of a new conversation.
    ///
    /// - Parameter store: The place for the conversation.
    public init(store: Store) { self.store = store }

    /// Creates a recorder of a conversation that is stored already.
    ///
    /// - Parameters:
    ///   - store: The place of the conversation.
    ///   - conversation: The conversation.
    ///   - messages: The messages that the store has returned for it.
    public init(store: Store, continuing conversation: Store.ID, messages: [ChatMessage]) {
        self.store = store
        self.conversation = conversation
        stored = messages
    }

    /// Stores the messages of an agent that are new or have changed since the last call.
    ///
    /// Call it after each response, whatever its outcome, and after ``Agent/undo()``. A prompt without a reply is not
    /// stored, because the agent sends it together with the next one.
    ///
    /// - Parameter agent: The agent.
    /// - Returns: A Boolean value that indicates whether the conversation is now a copy: another process changed or
    ///   deleted the stored one, so all messages were stored as a new conversation.
    /// - Throws: The error of the store. The next call tries again.
    @discardableResult
    public mutating func record(_ agent: Agent) async throws -> Bool {
        var messages = agent.messages
        while messages.last?.role == .user { messages.removeLast() }
        let kept = zip(messages, stored).prefix { $0 == $1 }.count
        guard kept < messages.count || kept < stored.count else { return false }
        var isCopy = false
        if let conversation {
            let isStored = try await store.replace(
                kept..<stored.count,
                of: conversation,
                with: Array(messages[kept...]),
                model: agent.model
            )
            isCopy = !isStored
        }
        if conversation == nil || isCopy {
            // A conversation without a reply is not worth storing.
            guard messages.contains(where: { $0.role != .system }) else { return false }
            conversation = try await store.create(messages, model: agent.model)
        }
        stored = messages
        return isCopy
    }
}
