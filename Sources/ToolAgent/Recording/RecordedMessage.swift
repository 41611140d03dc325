import OllamaClient
import ToolJSON

/// A message of a request in the short form of a recording: the parts that do not come from the model or a tool.
///
/// The model's messages follow from the recorded replies, and the messages of tools from the recorded results.
struct RecordedMessage: Sendable, Hashable {
    let role: String
    /// The text of the user's messages and of the system prompt.
    let content: String?
    /// The tool's name in a message with a result.
    let tool: String?

    /// Creates the short form of a message.
    init(_ message: ChatMessage) {
        role = message.role.rawValue
        content = message.role == .user || message.role == .system ? message.content : nil
        tool = message.toolName
    }

    /// Reads the short form; nil if it is not valid.
    init?(_ json: JSON) {
        guard let role = json["role"]?.string else { return nil }
        (self.role, content, tool) = (role, json["content"]?.string, json["tool_name"]?.string)
    }

    var json: JSON {
        var members: JSONObject = ["role": .string(role)]
        if let content { members["content"] = .string(content) }
        if let tool { members["tool_name"] = .string(tool) }
        return .object(members)
    }

    /// True if both messages have the same place in a conversation.
    ///
    /// The agent words some messages of the user itself, and another version may word them in another way.
    func fits(_ other: RecordedMessage) -> Bool {
        role.hasSameBytes(as: other.role) && (tool ?? "").hasSameBytes(as: other.tool ?? "")
    }
}
