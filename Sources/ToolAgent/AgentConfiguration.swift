public import OllamaClient
public import ToolHost
public import ToolJSON

/// The limits and options of a conversation.
public struct AgentConfiguration: Sendable {
    /// The system prompt, which is the first message of the conversation, or nil for none.
    public var system: String?

    /// A function that selects the tools that are offered to the model, or nil for all tools of the host.
    ///
    /// The function is called for each tool when the agent is created. It returns true for a tool to offer. A call of
    /// any other tool has the result of a call of an unknown tool. Without a selection, the result of a call of a tool
    /// that is withheld or broken names that state.
    public var includesTool: (@Sendable (RegisteredTool) -> Bool)?

    /// The condition under which the model searches for tools with `find_tool`, instead of receiving the definitions of
    /// all.
    ///
    /// A tool that was found or called is offered with the following requests, and any tool can be called by its exact
    /// name. If a tool of the host is named `find_tool`, all tools are offered.
    public var toolSearch = ToolSearchMode.automatic

    /// The names of tools that are offered with each request even if the model searches for tools.
    public var alwaysOfferedTools: Set<String> = []

    /// The freedom of the model to call tools or not; ``ToolChoice/auto`` by default.
    public var toolChoice = ToolChoice.auto

    /// The maximum number of messages with calls in one response, at least 1.
    ///
    /// After them the model must answer with the results that it has.
    public var maximumRounds = 32

    /// The maximum number of characters (Unicode scalars) of one result that are sent to the model.
    ///
    /// If a quarter of the context window is less, that is the limit.
    public var resultCharacters = 60_000

    /// A Boolean value that indicates whether the model can read the omitted part of a long result.
    ///
    /// If it is true, each request that offers tools also offers `read_result`. The agent keeps the full text of the
    /// latest long results in memory, at most 64 MiB in total, and the note in place of an omitted part names the
    /// handle. The texts are not stored with the conversation. If the host has a tool named `read_result`, that tool is
    /// offered instead.
    public var offersResultReading = true

    /// The amount of thinking before the answer, or nil for the server's default.
    public var think: ThinkLevel?

    /// Ollama's model options, such as `temperature` and `num_ctx`, which are sent unchanged.
    public var options: JSONObject = [:]

    /// A Boolean value that indicates whether the model is loaded before the first request, to determine the size of
    /// its context window and to keep that size.
    ///
    /// It has no effect if ``options`` has `num_ctx`.
    public var learnsContextSize = true

    /// The format of the answer: `"json"` or a JSON schema, or nil for text.
    ///
    /// A model that is bound to a format cannot call tools. If tools are offered, the format is requested in one more
    /// request once the model has stopped calling, and only the answer to that request counts.
    public var format: JSON?

    /// A function that selects the messages of a request when the conversation would not fit into the model's context
    /// window, or nil for ``ContextOverflow/defaultSelection``.
    ///
    /// The function is called before a request that would take more than 80 % of the window, and after a request that
    /// the server refuses as too long. Its selection takes the place of the conversation so far in all requests until
    /// the window is full again. ``Agent/messages`` stays whole. A selection must have a prompt, end as the conversation
    /// does, and have each call with its results after it. For any other selection, and if the function throws, the
    /// response continues with the default one and a warning. To never omit anything, return
    /// ``ContextOverflow/messages``.
    public var contextStrategy: (@Sendable (ContextOverflow) async throws -> [ChatMessage])?

    /// The time for which the server keeps the model loaded, or nil for the server's default.
    public var keepAlive: KeepAlive?

    /// A Boolean value that indicates whether the server sends a message piece by piece.
    public var streams = true

    /// A Boolean value that indicates whether the agent asks for the details of the model before the first request.
    ///
    /// If the model lacks a capability that the conversation needs, the response fails before a message is sent. If the
    /// server does not report details, nothing is checked.
    public var checksCapabilities = true

    /// The function that waits before a request is repeated.
    package var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// A Boolean value that indicates whether requests take the form that the model reads.
    package var adaptsRequests = true

    /// The functions that receive each step of a response.
    package var observers: [ConversationEvent.Observer] = []

    /// The results that take the place of the host's, or nil for none.
    package var standIns: StandInTools?

    /// Creates a configuration with the default values.
    public init() {}

    /// The names of the agent's limits in a configuration file.
    public static let limitKeys = ["rounds", "result_characters"]

    /// The range of ``maximumRounds``, on the command line and in a configuration file.
    package static let roundsRange = 1...1_000_000

    /// The range of ``resultCharacters`` in a configuration file.
    private static let resultCharactersRange = 1...1 << 30

    /// Sets the agent's limits from the limits of a configuration file, and ignores other keys.
    ///
    /// - Parameter limits: The values by the names in ``limitKeys``.
    /// - Throws: `ToolHostError` if a value is not a whole number within the range of its limit.
    public mutating func apply(_ limits: JSONObject) throws(ToolHostError) {
        if let value = limits["rounds"] {
            maximumRounds = try value.limit("rounds", in: Self.roundsRange)
        }
        if let value = limits["result_characters"] {
            resultCharacters = try value.limit("result_characters", in: Self.resultCharactersRange)
        }
    }
}
