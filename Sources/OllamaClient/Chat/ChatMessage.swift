import FoundationEssentials
public import ToolJSON

/// A message of a conversation.
public struct ChatMessage: Sendable, Hashable {
    /// The author of a message.
    public enum Role: String, Sendable, Hashable {
        case system, user, assistant, tool
    }

    /// The author of the message.
    public var role: Role
    /// The text of the message.
    public var content: String
    /// The model's thoughts before its answer, or nil if there are none.
    public var thinking: String?
    /// Images in a format that the model reads, such as PNG or JPEG.
    public var images: [[UInt8]]
    /// The tools that the model calls.
    public var toolCalls: [OllamaToolCall]
    /// The tool's name, in a message with the result of a call.
    public var toolName: String?
    /// The call's id, in a message with the result of a call.
    public var toolCallID: String?

    /// The names of the sources of text in the message that other people may have written: tools that read from the
    /// network, and attached files.
    ///
    /// They are not sent to a model. A store of conversations must keep them: while a conversation has any, an agent
    /// asks the user before each call that could do harm.
    public var outsideSources: [String]

    /// Creates a message.
    public init(
        role: Role,
        content: String = "",
        thinking: String? = nil,
        images: [[UInt8]] = [],
        toolCalls: [OllamaToolCall] = [],
        toolName: String? = nil,
        toolCallID: String? = nil,
        outsideSources: [String] = []
    ) {
        self.role = role
        self.content = content
        self.thinking = thinking
        self.images = images
        self.toolCalls = toolCalls
        self.toolName = toolName
        self.toolCallID = toolCallID
        self.outsideSources = outsideSources
    }

    /// Creates a message from the JSON value that a server sent.
    ///
    /// No value is rejected: a member that is missing, `null` or of another type is read as empty.
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
        outsideSources = []
    }
}
