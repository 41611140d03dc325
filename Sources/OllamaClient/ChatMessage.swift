import FoundationEssentials
public import ToolJSON

/// One message of a conversation.
public struct ChatMessage: Sendable, Hashable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable {
        case system, user, assistant, tool
    }

    /// Who speaks.
    public var role: Role
    /// What is said.
    public var content: String
    /// What the model thought before it spoke.
    public var thinking: String?
    /// Pictures, encoded as PNG, JPEG or what else the model reads.
    public var images: [[UInt8]]
    /// The tools that the model calls.
    public var toolCalls: [OllamaToolCall]
    /// In an answer to a call: the tool's name.
    public var toolName: String?
    /// In an answer to a call: the call's id.
    public var toolCallID: String?

    /// One message.
    public init(
        role: Role,
        content: String = "",
        thinking: String? = nil,
        images: [[UInt8]] = [],
        toolCalls: [OllamaToolCall] = [],
        toolName: String? = nil,
        toolCallID: String? = nil
    ) {
        self.role = role
        self.content = content
        self.thinking = thinking
        self.images = images
        self.toolCalls = toolCalls
        self.toolName = toolName
        self.toolCallID = toolCallID
    }

    /// The message as it is sent: `content` always, everything else where there is any.
    public var json: JSON {
        var members: JSONObject = ["role": .string(role.rawValue), "content": .string(content)]
        if let thinking, !thinking.isEmpty { members["thinking"] = .string(thinking) }
        if !images.isEmpty {
            members["images"] = .array(images.map { .string(Data($0).base64EncodedString()) })
        }
        if !toolCalls.isEmpty {
            // Arguments that are JSON text in a string are parsed: all of them together get the memory of one text.
            let values = JSONLimits().values / toolCalls.count
            members["tool_calls"] = .array(toolCalls.map { $0.json(maximumValues: values) })
        }
        if let toolName { members["tool_name"] = .string(toolName) }
        if let toolCallID { members["tool_call_id"] = .string(toolCallID) }
        return .object(members)
    }

    /// Reads a message as a server sent it.
    ///
    /// What is missing, `null` or of another type counts as empty.
    public init(_ json: JSON) {
        role = json["role"]?.string.flatMap { Role(rawValue: $0.lowercased()) } ?? .assistant
        content = json["content"]?.string ?? ""
        thinking = json["thinking"]?.string
        images = (json["images"]?.array ?? []).compactMap { image in
            image.string.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
        }
        toolCalls = (json["tool_calls"]?.array ?? []).compactMap(OllamaToolCall.init)
        toolName = json["tool_name"]?.string
        toolCallID = json["tool_call_id"]?.string
    }
}
