package import OllamaClient

/// A message that a search has found.
package struct SearchHit: Sendable {
    /// The conversation of the message.
    package let conversation: StoredConversation
    /// The position of the message in the conversation, from 0.
    package let position: Int
    /// The time when the message was stored, in milliseconds of the Unix epoch.
    package let time: Int
    /// The author of the message.
    package let role: ChatMessage.Role
    /// The part of the text or of the calls that fits the search.
    package let excerpt: String

    init(_ row: Row) throws(HistoryError) {
        conversation = try StoredConversation(row)
        position = try row.int(8)
        time = try row.int(9)
        guard let role = ChatMessage.Role(rawValue: try row.text(10, limit: 16)) else { throw .damaged(row.path) }
        self.role = role
        excerpt = try row.text(11)
    }
}
