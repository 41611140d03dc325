import OllamaClient
import ToolJSON

/// A request to `/chat/completions`.
///
/// The order of the members is always the same, because servers cache the beginning of a prompt. Tools have the form
/// that Ollama keeps whole. It has everything in it, and the grammars of the servers understand it.
struct CompletionRequest: Sendable {
    let chat: ChatRequest
    /// The members after the messages and the tools.
    private let settings: JSONObject

    /// Creates the request for one of Ollama's protocol.
    ///
    /// - Throws: `OllamaError` if an option of the model would replace another member.
    init(_ chat: ChatRequest) throws(OllamaError) {
        self.chat = chat
        var settings = try CompletionOptions(chat.options).members
        if let effort = Self.effort(chat.think) { settings["reasoning_effort"] = .string(effort) }
        if let format = chat.format { settings["response_format"] = Self.responseFormat(format) }
        self.settings = settings
    }

    /// Returns the effort for an amount of thinking, or nil for the server's default.
    private static func effort(_ think: ThinkLevel?) -> String? {
        switch think {
        case nil, .on?: nil
        case .off?: "none"
        // The highest level that all servers know.
        case .level("max")?: "high"
        case .level(let level)?: level
        }
    }

    private static func responseFormat(_ format: JSON) -> JSON {
        guard format.object != nil else { return ["type": "json_object"] }
        return ["type": "json_schema", "json_schema": ["name": "answer", "schema": format]]
    }

    /// Writes the body of the request, one message at a time to save memory.
    ///
    /// - Parameter countsTokens: True to request the numbers of tokens at the end of a stream.
    func write(countsTokens: Bool, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("model")
        writer.write(chat.model)
        writer.key("messages")
        writer.beginArray()
        var messages = CompletionMessages()
        for message in chat.messages { messages.write(message, to: &writer) }
        messages.finish(&writer)
        writer.endArray()
        if !chat.tools.isEmpty {
            writer.key("tools")
            chat.encodedTools.write(to: &writer)
        }
        writer.key("stream")
        writer.write(.bool(chat.stream))
        if countsTokens {
            writer.key("stream_options")
            writer.write(["include_usage": true])
        }
        for (key, value) in settings {
            writer.key(key)
            writer.write(value)
        }
        writer.endObject()
    }
}
