import OllamaClient
import ToolHost
import ToolJSON

/// The defaults of a chat in the configuration file.
struct ChatSettings: Sendable {
    /// The model, after `-m` and TOOLHOST_MODEL.
    var model: String?
    /// The protocol of the server, after `--api`.
    var api = ModelAPI.ollama
    /// The system prompt.
    var system: String?
    /// The amount of thinking.
    var think: ThinkLevel?
    /// The time for which the server keeps the model loaded.
    var keepAlive: KeepAlive?
    /// The options of the model, after `--option`.
    var options: JSONObject = [:]
    /// The tools that are on or off.
    var tools = ToolSwitches()
    /// True if conversations are stored.
    var isStored = true

    /// Reads the members of a configuration file.
    ///
    /// - Throws: `ToolHostError` if a value is not valid.
    init(_ members: JSONObject) throws(ToolHostError) {
        model = try Self.value(members["model"], "model", "the name of a model") { json in
            json.string.flatMap { $0.isEmpty ? nil : $0 }
        }
        api =
            try Self.value(members["api"], "api", "\"ollama\" or \"openai\"") { $0.string.flatMap(ModelAPI.init) }
            ?? api
        system = try Self.value(members["system"], "system", "a string", \.string)
        think = try Self.value(members["think"], "think", "true, false, \"low\", \"medium\", \"high\" or \"max\"") {
            ThinkLevel($0.string ?? ($0.bool.map { "\($0)" } ?? ""))
        }
        keepAlive = try Self.value(
            members["keep_alive"],
            "keep_alive",
            "a time like \"5m\" or \"1h30m\", or a number of seconds"
        ) { KeepAlive($0.string ?? ($0.int.map { "\($0)" } ?? "")) }
        options =
            try Self.value(members["options"], "options", "an object of model options such as \"temperature\"") {
                $0.object
            } ?? options
        isStored = try Self.value(members["history"], "history", "true or false", \.bool) ?? isStored
        tools =
            try Self.value(members["tools"], "tools", "an object of names or patterns with true or false") {
                ToolSwitches($0)
            } ?? tools
    }

    private static func value<Value>(
        _ json: JSON?,
        _ key: String,
        _ expectation: String,
        _ read: (JSON) -> Value?
    ) throws(ToolHostError) -> Value? {
        guard let json else { return nil }
        guard let value = read(json) else {
            throw ToolHostError(
                .invalidConfiguration,
                message: "In the configuration, \"\(key)\" must be \(expectation)."
            )
        }
        return value
    }
}
