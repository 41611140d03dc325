import OllamaClient
import ToolJSON

/// A writer of the messages of a conversation.
///
/// It keeps two facts between messages: the calls that have no result yet, because each result needs the id of its call,
/// and the images of results, which may only be in a message of the user.
struct CompletionMessages {
    /// The ids of the calls of the last assistant's message without a result.
    private var unanswered: ArraySlice<String> = []
    /// The images of the results since the last message with another role.
    private var images: [[UInt8]] = []
    private var callCount = 0

    /// Writes a message, after the images of the results before it.
    mutating func write(_ message: ChatMessage, to writer: inout JSONWriter) {
        if message.role != .tool { finish(&writer) }
        writer.nextElement()
        writer.beginObject()
        writer.key("role")
        writer.write(message.role.rawValue)
        switch message.role {
        case .system, .user:
            writer.key("content")
            Self.write(message.content, message.images, to: &writer)
        case .assistant:
            writer.key("content")
            writer.write(message.content)
            if !message.toolCalls.isEmpty { write(message.toolCalls, message.thinking, to: &writer) }
        case .tool:
            writer.key("tool_call_id")
            writer.write(id(for: message))
            if let name = message.toolName {
                writer.key("name")
                writer.write(name)
            }
            writer.key("content")
            writer.write(message.content)
            images += message.images
        }
        writer.endObject()
    }

    /// Writes the images of the last results, if there are any.
    mutating func finish(_ writer: inout JSONWriter) {
        guard !images.isEmpty else { return }
        writer.nextElement()
        writer.beginObject()
        writer.key("role")
        writer.write(ChatMessage.Role.user.rawValue)
        writer.key("content")
        Self.write("The images of the results above:", images, to: &writer)
        writer.endObject()
        images = []
    }

    /// Writes a text, or parts if there are images.
    private static func write(_ text: String, _ images: [[UInt8]], to writer: inout JSONWriter) {
        guard !images.isEmpty else { return writer.write(text) }
        writer.beginArray()
        if !text.isEmpty {
            writer.nextElement()
            writer.write(["type": "text", "text": .string(text)])
        }
        for image in images {
            writer.nextElement()
            writer.beginObject()
            writer.key("type")
            writer.write("image_url" as String)
            writer.key("image_url")
            writer.beginObject()
            writer.key("url")
            writer.writeBase64(image, prefix: ImageType.dataURLPrefix(of: image))
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
    }

    // MARK: - Calls

    /// Writes calls and the thoughts that led to them, which the model continues after the results.
    private mutating func write(_ calls: [OllamaToolCall], _ thinking: String?, to writer: inout JSONWriter) {
        if let thinking, !thinking.isEmpty {
            writer.key("reasoning_content")
            writer.write(thinking)
        }
        let maximumValues = JSONLimits().values / calls.count
        unanswered = []
        writer.key("tool_calls")
        writer.beginArray()
        for call in calls {
            callCount += 1
            let id = call.id ?? "call_\(callCount)"
            unanswered.append(id)
            writer.nextElement()
            let arguments = JSON.object(call.argumentObject(maximumValues)).text()
            writer.write([
                "id": .string(id), "type": "function",
                "function": ["name": .string(call.name), "arguments": .string(arguments)],
            ])
        }
        writer.endArray()
    }

    /// Returns the id of the call to which a result belongs: that of the message, or that of the next call without one.
    private mutating func id(for result: ChatMessage) -> String {
        guard let id = result.toolCallID else { return unanswered.popFirst() ?? "call_\(callCount)" }
        if let position = unanswered.firstIndex(of: id) { unanswered.remove(at: position) }
        return id
    }
}
