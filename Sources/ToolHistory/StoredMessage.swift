package import OllamaClient
import ToolAgent
package import ToolJSON

/// A message of the history.
package struct StoredMessage: Sendable, Hashable {
    /// The time when it was stored, in milliseconds of the Unix epoch.
    package let time: Int
    /// The model of the response that it belongs to.
    package let model: String
    /// The message.
    package let message: ChatMessage

    /// The message for programs; the member `message` is the message as it goes to the model.
    package var json: JSON {
        var members: JSONObject = ["time": .int(time), "model": .string(model), "message": message.json]
        members["outside_sources"] = message.sourcesJSON
        return .object(members)
    }

    /// Reads a row; a member of a wrong type is ignored, as in the response of a server.
    init(_ row: Row) throws(HistoryError) {
        time = try row.int(0)
        model = try row.text(1, limit: 4096)
        let role = try row.text(2, limit: 16)
        var members: JSONObject = ["role": .string(role), "content": .string(try row.text(3))]
        guard ChatMessage.Role(rawValue: role) != nil else { throw .damaged(row.path) }
        if let calls = try Self.json(row, 4) { members["tool_calls"] = calls }
        for (name, value) in try Self.json(row, 5)?.object ?? [:] where members[name] == nil { members[name] = value }
        var message = ChatMessage(.object(members))
        message.addSources(stored: members["outside_sources"])
        self.message = message
    }

    /// Returns the approximate number of bytes that the message of a row takes in memory.
    static func size(_ row: Row) throws(HistoryError) -> Int {
        var size = 256
        for column in 3...5 as ClosedRange<Int32> {
            // A JSON value takes much more memory than the character before it.
            size += try row.bytes(column) { bytes in
                column == 3 ? bytes.count : bytes.reduce(0) { $0 + (isBeforeValue($1) ? 100 : 1) }
            }
        }
        return size
    }

    private static func isBeforeValue(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
    }

    private static func json(_ row: Row, _ column: Int32) throws(HistoryError) -> JSON? {
        let text = try row.text(column)
        if text.isEmpty { return nil }
        guard let value = try? JSON(parsing: text) else { throw .damaged(row.path) }
        return value
    }
}
