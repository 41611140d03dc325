public import OllamaClient
public import ToolHost
public import ToolJSON

/// What an embedder decides for a whole conversation.
public struct AgentConfiguration: Sendable {
    /// Comes before everything else in the conversation.
    public var system: String?

    /// Which of the host's tools the model is offered.
    ///
    /// A call of any other is answered as one of an unknown tool.
    public var offers: @Sendable (RegisteredTool) -> Bool = { _ in true }

    /// How many messages with calls one prompt may lead to; then the model must answer with what it has.
    public var rounds = 32

    /// Characters (Unicode scalars) of one result that the model is given at most.
    ///
    /// It is given less where a quarter of its window is less.
    public var resultCharacters = 60_000

    /// Whether and how hard the model thinks; left to the server unless said.
    public var think: ThinkLevel?

    /// Sent as they are: `temperature`, `num_ctx` and so on.
    public var options: JSONObject = [:]

    /// Whether the model is loaded before the first request, to learn the size of its window and to keep it.
    ///
    /// It need not be where ``options`` has `num_ctx`.
    public var learnsContextSize = true

    /// The form of the answer: `"json"` or a JSON schema.
    ///
    /// A model that is bound to a form cannot call tools, so where it is offered some the form is asked for in one more
    /// request, when it has stopped calling; only that request's answer counts and is shown.
    public var format: JSON?

    /// The time for which the server keeps the model loaded, or `nil` for its default.
    public var keepAlive: KeepAlive?

    /// Whether the server sends the answer piece by piece.
    public var streams = true

    /// The defaults.
    public init() {}

    /// The names of the agent's limits in a configuration file.
    public static let limitKeys = ["rounds", "result_characters"]

    /// Takes the agent's limits from a configuration file, and leaves the keys that it does not know to others.
    ///
    /// - Throws: `ConfigurationError` where a value is not a whole number above 0.
    public mutating func apply(_ limits: JSONObject) throws(ConfigurationError) {
        func count(_ key: String, _ fallback: Int) throws(ConfigurationError) -> Int {
            guard let value = limits[key] else { return fallback }
            guard let count = value.int, count > 0 else {
                throw ConfigurationError(message: "The limit \"\(key)\" must be a whole number above 0.")
            }
            return count
        }
        rounds = try count("rounds", rounds)
        resultCharacters = try count("result_characters", resultCharacters)
    }
}
