public import OllamaClient
public import ToolHost
public import ToolJSON

/// What an embedder decides for a whole conversation.
public struct AgentConfiguration: Sendable {
    /// Comes before everything else in the conversation.
    public var system: String?

    /// Selects the tools of the host that the model is offered, or nil for all of them.
    ///
    /// A call of any other tool has the result of a call of an unknown one. Without a selection, the result of a call of a
    /// tool that is withheld or broken names that state.
    public var offers: (@Sendable (RegisteredTool) -> Bool)?

    /// The maximum number of messages with calls for one prompt; then the model must answer with what it has.
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

    /// The range of ``rounds``, on the command line and in a configuration file.
    package static let roundsRange = 1...1_000_000

    /// The range of ``resultCharacters`` in a configuration file.
    private static let resultCharactersRange = 1...1 << 30

    /// Sets the agent's limits from a configuration file, and ignores other keys.
    ///
    /// - Throws: `ToolHostError` if a value is not a whole number within the range of its limit.
    public mutating func apply(_ limits: JSONObject) throws(ToolHostError) {
        if let value = limits["rounds"] {
            rounds = try value.limit("rounds", in: Self.roundsRange)
        }
        if let value = limits["result_characters"] {
            resultCharacters = try value.limit("result_characters", in: Self.resultCharactersRange)
        }
    }
}
