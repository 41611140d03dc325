public import ToolJSON

/// How much a model is to think before it speaks.
public enum ThinkLevel: Sendable, Hashable {
    /// As much as it likes.
    case on
    /// Not at all, where the model can be told.
    case off
    /// As much as the level says: `low`, `medium`, `high` or `max`.
    case level(String)

    /// The levels that servers know.
    public static let levels = ["low", "medium", "high", "max"]

    /// Reads `true`, `false` or a level.
    public init?(_ text: String) {
        switch text {
        case "true": self = .on
        case "false": self = .off
        case let level where Self.levels.contains(level): self = .level(level)
        default: return nil
        }
    }

    var json: JSON {
        switch self {
        case .on: true
        case .off: false
        case .level(let level): .string(level)
        }
    }
}

/// A request to `/api/chat`.
public struct ChatRequest: Sendable, Hashable {
    /// The model's name.
    public var model: String
    /// The conversation; without any message the model is only loaded.
    public var messages: [ChatMessage]
    /// The tools, as ``OllamaTools/tool(for:)`` makes them.
    public var tools: [JSON] = []
    /// `"json"` or a schema that the answer must follow.
    ///
    /// With tools it keeps most models from calling any.
    public var format: JSON?
    /// Whether the answer comes in pieces.
    public var stream = true
    /// Whether to think; `nil` leaves it to the server.
    public var think: ThinkLevel?
    /// The time for which the model stays loaded, or `nil` for the server's default.
    public var keepAlive: KeepAlive?
    /// Ollama's model options: `temperature`, `num_ctx` and so on.
    public var options: JSONObject = [:]
    /// The calls that are kept of one piece of the answer, of which ``ChatChunk/surplusCalls`` counts the rest.
    ///
    /// It is not sent.
    public var maximumCalls = 1024

    /// A request with the server's defaults.
    public init(model: String, messages: [ChatMessage]) {
        self.model = model
        self.messages = messages
    }

    /// The request as it is sent: always in this order, as servers cache the beginning of a prompt.
    public var json: JSON {
        var members: JSONObject = ["model": .string(model), "messages": .array(messages.map(\.json))]
        for (key, value) in settings { members[key] = value }
        return .object(members)
    }

    /// Writes the request as ``json`` has it, one message at a time.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("model")
        writer.write(model)
        writer.key("messages")
        writer.beginArray()
        for message in messages {
            writer.nextElement()
            writer.write(message.json)
        }
        writer.endArray()
        for (key, value) in settings {
            writer.key(key)
            writer.write(value)
        }
        writer.endObject()
    }

    /// All members but the model and the messages.
    private var settings: JSONObject {
        var members: JSONObject = [:]
        if !tools.isEmpty { members["tools"] = .array(tools) }
        members["stream"] = .bool(stream)
        if let think { members["think"] = think.json }
        if let format { members["format"] = format }
        if let keepAlive { members["keep_alive"] = keepAlive.json }
        if !options.isEmpty { members["options"] = .object(options) }
        return members
    }
}
