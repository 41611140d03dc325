import OllamaClient
import ToolJSON

/// The settings of a recorded conversation on which the agent's requests depend, and the messages it began with.
struct RecordedSettings: Sendable {
    var model = ""
    var configuration = AgentConfiguration()
    /// The messages without the system prompt.
    var messages: [ChatMessage] = []
    /// The length of the tools' definitions, on which the estimate of the context window depends.
    var toolBytes: Int?

    /// Records the settings of an agent.
    init(_ agent: Agent) {
        model = agent.model
        configuration = agent.configuration
        messages = agent.messages
        toolBytes = agent.toolBytes
        if configuration.system != nil, messages.first?.role == .system { messages.removeFirst() }
    }

    /// Reads settings; nil if they are not valid.
    init?(_ json: JSON) {
        guard let model = json["model"]?.string else { return nil }
        self.model = model
        do {
            try configuration.apply(["rounds", "result_characters"].reduce(into: JSONObject()) { $0[$1] = json[$1] })
        } catch {
            return nil
        }
        configuration.system = json["system"]?.string
        configuration.format = json["format"]
        toolBytes = json["tool_bytes"]?.int(in: 0...1 << 30)
        if let choice = json["tool_choice"] {
            if let tool = choice["tool"]?.string {
                configuration.toolChoice = .tool(tool)
            } else if choice == "none" || choice == "required" {
                configuration.toolChoice = choice == "none" ? .none : .required
            } else {
                return nil
            }
        }
        for message in json["messages"]?.array ?? [] {
            guard let role = message["role"]?.string, ChatMessage.Role(rawValue: role) != nil else { return nil }
            var restored = ChatMessage(message)
            restored.addSources(stored: message["outside_sources"])
            messages.append(restored)
        }
    }

    var json: JSON {
        var members: JSONObject = [
            "model": .string(model), "rounds": .int(configuration.maximumRounds),
            "result_characters": .int(configuration.resultCharacters),
        ]
        if let toolBytes { members["tool_bytes"] = .int(toolBytes) }
        if let system = configuration.system { members["system"] = .string(system) }
        if let format = configuration.format { members["format"] = format }
        switch configuration.toolChoice {
        case .auto: break
        case .none: members["tool_choice"] = "none"
        case .required: members["tool_choice"] = "required"
        case .tool(let name): members["tool_choice"] = ["tool": .string(name)]
        }
        if !messages.isEmpty {
            members["messages"] = .array(
                messages.map { message in
                    // Images can be large, and no recorded reply needs them.
                    var message = message
                    message.images = []
                    guard let sources = message.sourcesJSON, var members = message.json.object else {
                        return message.json
                    }
                    members["outside_sources"] = sources
                    return .object(members)
                }
            )
        }
        return .object(members)
    }
}
