import ToolJSON

/// The parts of a request to `/api/chat` that the rehearsal uses.
struct ChatRequest {
    /// A message of the history.
    struct Message {
        var role: String
        var content: String
        var calls: [(id: String?, call: ToolCall)] = []
        var toolName: String?
        var toolCallID: String?
    }

    let model: String
    let messages: [Message]
    let tools: [OfferedTool]
    let isStreaming: Bool
    let wantsThinking: Bool

    /// True if `keep_alive` unloads the model immediately.
    let unloads: Bool

    init(_ json: JSON) throws(WireError) {
        try require(json, "ChatRequest", "an object") { $0.object != nil }
        model = try text(json["model"], "ChatRequest.model") ?? ""
        if model.isEmpty { throw WireError(status: 400, message: "model is required") }
        isStreaming = try flag(json["stream"], "ChatRequest.stream") ?? true
        wantsThinking = try Self.thinking(json["think"])
        unloads = json["keep_alive"].map { $0 == 0 || $0 == "0" || $0 == "0s" } ?? false

        let messages = json["messages"] ?? .null
        try require(messages, "ChatRequest.messages", "an array") { $0.isNull || $0.array != nil }
        self.messages = try (messages.array ?? []).enumerated().map { index, value throws(WireError) in
            try Message(value, path: "ChatRequest.messages[\(index)]")
        }
        let tools = json["tools"] ?? .null
        try require(tools, "ChatRequest.tools", "an array") { $0.isNull || $0.array != nil }
        self.tools = try (tools.array ?? []).enumerated().map { index, value throws(WireError) in
            try OfferedTool(value, path: "ChatRequest.tools[\(index)]")
        }
    }

    private static func thinking(_ value: JSON?) throws(WireError) -> Bool {
        guard let value, !value.isNull else { return false }
        if let flag = value.bool { return flag }
        guard let level = value.string, ["low", "medium", "high", "max"].contains(level) else {
            throw WireError(
                status: 400,
                message: "invalid think value: \(value.text().prefix(100)): true, false or a level"
            )
        }
        return true
    }
}

extension ChatRequest.Message {
    init(_ json: JSON, path: String) throws(WireError) {
        try require(json, path, "an object") { $0.object != nil }
        role = try text(json["role"], path + ".role")?.lowercased() ?? ""
        content = try text(json["content"], path + ".content") ?? ""
        toolName = try text(json["tool_name"], path + ".tool_name")
        toolCallID = try text(json["tool_call_id"], path + ".tool_call_id")
        let calls = json["tool_calls"] ?? .null
        try require(calls, path + ".tool_calls", "an array") { $0.isNull || $0.array != nil }
        for call in calls.array ?? [] {
            let id = try text(call["id"], path + ".tool_calls.id")
            let name = try text(call["function"]?["name"], path + ".tool_calls.function.name") ?? ""
            let arguments = call["function"]?["arguments"] ?? [:]
            try require(arguments, path + ".tool_calls.function.arguments", "an object") { $0.object != nil }
            self.calls.append((id, ToolCall(name: name, arguments: arguments.object ?? [:])))
        }
    }
}

// MARK: - The current turn

extension ChatRequest {
    /// The text of the user's last message.
    var prompt: String { messages.last { $0.role == "user" }?.content ?? "" }

    /// The calls since the user's last message with their results, matched by id or else by order.
    var answers: [AnsweredCall] {
        let start = messages.lastIndex { $0.role == "user" } ?? messages.startIndex
        var open: [(id: String?, call: ToolCall)] = []
        var answers: [AnsweredCall] = []
        for message in messages[start...] {
            if message.role == "assistant" { open = message.calls }
            guard message.role == "tool", !open.isEmpty else { continue }
            let position = message.toolCallID.flatMap { id in open.firstIndex { $0.id == id } } ?? 0
            answers.append(AnsweredCall(call: open.remove(at: position).call, content: message.content))
        }
        return answers
    }
}
