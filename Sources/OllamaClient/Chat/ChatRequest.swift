public import ToolJSON

/// A request to `/api/chat`.
///
/// ```swift
/// var request = ChatRequest(model: "qwen3", messages: [ChatMessage(role: .user, content: "Why is the sky blue?")])
/// request.options = ["temperature": 0]
/// ```
public struct ChatRequest: Sendable, Hashable {
    /// The model's name.
    public var model: String
    /// The conversation.
    ///
    /// Without messages, the request only loads the model.
    public var messages: [ChatMessage]
    /// The tools that the model may call, as `OllamaTools.tool(for:)` returns them.
    public var tools: [JSON] {
        get { encodedTools.tools }
        set { encodedTools = EncodedTools(newValue) }
    }
    /// The ``tools`` with their JSON text.
    package var encodedTools = EncodedTools([])
    /// The format of the answer: `"json"`, a JSON Schema that the answer must match, or nil for plain text.
    ///
    /// In a request with a format, most models call no tools.
    public var format: JSON?
    /// A Boolean value that indicates whether the answer arrives in pieces, while the model writes it.
    public var stream = true
    /// The amount of thinking, or nil for the server's default.
    public var think: ThinkLevel?
    /// The time for which the model stays loaded, or nil for the server's default.
    public var keepAlive: KeepAlive?
    /// Ollama's model options, such as `temperature` and `num_ctx`.
    ///
    /// Ollama ignores options that it does not know.
    public var options: JSONObject = [:]
    /// The maximum number of tool calls to read from one piece of the answer.
    ///
    /// ``ChatChunk/surplusCalls`` counts the calls beyond it. This value is not sent.
    public var maximumCalls = 1024

    /// Creates a streaming request with the server's defaults.
    public init(model: String, messages: [ChatMessage]) {
        self.model = model
        self.messages = messages
    }

    /// The body of the request.
    ///
    /// The order of the members is always the same, because servers cache the beginning of a prompt.
    public var json: JSON {
        var members: JSONObject = ["model": .string(model), "messages": .array(messages.map(\.json))]
        if !tools.isEmpty { members["tools"] = .array(tools) }
        for (key, value) in settings { members[key] = value }
        return .object(members)
    }

    /// Writes the body of the request, one message at a time to save memory.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("model")
        writer.write(model)
        writer.key("messages")
        writer.beginArray()
        for message in messages {
            writer.nextElement()
            message.write(to: &writer)
        }
        writer.endArray()
        if !tools.isEmpty {
            writer.key("tools")
            encodedTools.write(to: &writer)
        }
        for (key, value) in settings {
            writer.key(key)
            writer.write(value)
        }
        writer.endObject()
    }

    /// The members after the model, the messages and the tools.
    private var settings: JSONObject {
        var members: JSONObject = ["stream": .bool(stream)]
        if let think { members["think"] = think.json }
        if let format { members["format"] = format }
        if let keepAlive { members["keep_alive"] = keepAlive.json }
        if !options.isEmpty { members["options"] = .object(options) }
        return members
    }
}
