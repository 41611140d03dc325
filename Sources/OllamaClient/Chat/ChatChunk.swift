public import ToolJSON

/// One piece of an answer: a line of the stream, or the whole answer if it is not streamed.
public struct ChatChunk: Sendable, Hashable {
    /// The part of the message in this piece.
    public let message: ChatMessage
    /// A Boolean value that indicates whether this is the last piece.
    public let done: Bool
    /// The reason why the model stopped, such as `stop`, `length` or `load`, or nil if the server does not report it.
    public let doneReason: String?
    /// The number of tokens in the whole prompt, or nil if the server does not report it.
    public let promptEvalCount: Int?
    /// The number of tokens in the answer, or nil if the server does not report it.
    public let evalCount: Int?
    /// The time from the request to the end of the answer, including the time to load the model.
    public let totalDuration: Duration?
    /// The time to load the model.
    public let loadDuration: Duration?
    /// The time to evaluate the prompt.
    public let promptEvalDuration: Duration?
    /// The time to generate the answer.
    public let evalDuration: Duration?
    /// The number of calls beyond ``ChatRequest/maximumCalls``, which are not in ``message``.
    public let surplusCalls: Int
    /// The piece as received, without the surplus calls.
    public let raw: JSON

    /// Creates a piece from the JSON value that a server sent.
    ///
    /// - Parameters:
    ///   - json: The value.
    ///   - surplusCalls: The number of calls that were omitted from the value.
    public init(_ json: JSON, surplusCalls: Int = 0) {
        message = ChatMessage(json["message"] ?? [:])
        done = json["done"]?.bool ?? false
        doneReason = json["done_reason"]?.string
        promptEvalCount = json["prompt_eval_count"]?.int(in: ServerRange.tokens)
        evalCount = json["eval_count"]?.int(in: ServerRange.tokens)
        func duration(_ key: String) -> Duration? {
            json[key]?.int(in: ServerRange.nanoseconds).map { .nanoseconds($0) }
        }
        totalDuration = duration("total_duration")
        loadDuration = duration("load_duration")
        promptEvalDuration = duration("prompt_eval_duration")
        evalDuration = duration("eval_duration")
        self.surplusCalls = surplusCalls
        raw = json
    }
}
