package import ToolJSON

/// A conversation of the history, without its messages.
package struct StoredConversation: Sendable, Hashable {
    /// The number, which no later conversation gets.
    package let id: Int
    /// The name, or nil if the user gave none.
    package let name: String?
    /// The beginning of the first prompt.
    package let title: String
    /// The model of the last response.
    package let model: String
    /// The time of the first response, in milliseconds of the Unix epoch.
    package let created: Int
    /// The time of the last change, in milliseconds of the Unix epoch.
    package let updated: Int
    /// The number of messages.
    package let messageCount: Int
    /// The approximate number of bytes of the messages.
    let bytes: Int

    /// The maximum number of bytes of a text, which is much longer than those that are stored.
    private static let longestText = 4096

    /// The conversation for programs.
    package var json: JSON {
        [
            "id": .int(id), "name": name.map(JSON.string) ?? .null, "title": .string(title), "model": .string(model),
            "created": .int(created), "updated": .int(updated), "messages": .int(messageCount),
        ]
    }

    /// Reads the first eight columns of a row.
    init(_ row: Row) throws(HistoryError) {
        id = try row.int(0)
        name = try row.optionalText(1, limit: Self.longestText)
        title = try row.text(2, limit: Self.longestText)
        model = try row.text(3, limit: Self.longestText)
        created = try row.int(4)
        updated = try row.int(5)
        messageCount = try row.int(6)
        bytes = try row.int(7)
    }
}
