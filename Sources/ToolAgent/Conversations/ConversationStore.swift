public import OllamaClient

/// A place where conversations are stored.
///
/// ``ConversationRecorder`` stores the conversation of an agent in it. The messages that it returns are untrusted: pass
/// them to the initialiser of ``Agent`` with messages, which validates them.
///
/// The functions may be called from any task, and several processes may use one store at once. Each function that
/// writes does so in one step: after a crash, all of its messages are stored, or none of them.
///
/// ```swift
/// actor MemoryStore: ConversationStore {
///     var conversations: [[ChatMessage]] = []
///
///     func create(_ messages: [ChatMessage], model: String) -> Int {
///         conversations.append(messages)
///         return conversations.count - 1
///     }
///
///     func replace(_ range: Range<Int>, of id: Int, with messages: [ChatMessage], model: String) -> Bool {
///         guard conversations[id].count == range.upperBound else { return false }
///         conversations[id].replaceSubrange(range, with: messages)
///         return true
///     }
///
///     func messages(of id: Int) -> [ChatMessage] { conversations[id] }
/// }
/// ```
public protocol ConversationStore: Sendable {
    /// The identity of a conversation, which stays the same.
    associatedtype ID: Hashable, Sendable

    /// Stores a new conversation.
    ///
    /// - Parameters:
    ///   - messages: The messages so far.
    ///   - model: The name of the model.
    /// - Returns: The identity of the conversation.
    /// - Throws: An error if the conversation cannot be stored.
    func create(_ messages: [ChatMessage], model: String) async throws -> ID

    /// Replaces the last messages of a conversation.
    ///
    /// - Parameters:
    ///   - range: The positions of the messages to replace, up to the end of the conversation; an empty range at the end
    ///     to append messages.
    ///   - id: The conversation.
    ///   - messages: The messages to store from the start of the range.
    ///   - model: The name of the model.
    /// - Returns: False if the conversation does not exist or has another number of messages than the end of the range,
    ///   because another process changed it. Nothing is stored then, which is not an error.
    /// - Throws: An error if the messages cannot be stored.
    func replace(
        _ range: Range<Int>,
        of id: ID,
        with messages: [ChatMessage],
        model: String
    ) async throws -> Bool

    /// Returns the messages of a conversation in order.
    ///
    /// - Parameter id: The conversation.
    /// - Throws: An error if the conversation does not exist or cannot be read.
    func messages(of id: ID) async throws -> [ChatMessage]
}
