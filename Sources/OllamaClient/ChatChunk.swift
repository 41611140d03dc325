public import ToolJSON

/// One piece of an answer: a line of the stream, or the whole where it was not streamed.
public struct ChatChunk: Sendable, Hashable {
    /// What it adds to the message.
    public let message: ChatMessage
    /// Whether it is the last.
    public let done: Bool
    /// Why the model stopped: `stop`, `length`, `load`; `nil` where nobody said.
    public let doneReason: String?
    /// Tokens of the whole prompt.
    public let promptEvalCount: Int?
    /// Tokens of the answer.
    public let evalCount: Int?
    /// From the request to the end of the answer, loading included.
    public let totalDuration: Duration?
    /// The time it took to load the model.
    public let loadDuration: Duration?
    /// The number of calls that are not in ``message``, beyond ``ChatRequest/maximumCalls``.
    public let surplusCalls: Int
    /// The piece as it came, apart from those calls.
    public let raw: JSON

    /// Creates a piece from the JSON value that a server sent.
    ///
    /// - Parameters:
    ///   - json: The value.
    ///   - surplusCalls: The number of calls that were left out of it.
    public init(_ json: JSON, surplusCalls: Int = 0) {
        message = ChatMessage(json["message"] ?? [:])
        done = json["done"]?.bool ?? false
        doneReason = json["done_reason"]?.string
        promptEvalCount = json["prompt_eval_count"]?.int(in: ServerRange.tokens)
        evalCount = json["eval_count"]?.int(in: ServerRange.tokens)
        totalDuration = json["total_duration"]?.int(in: ServerRange.nanoseconds).map { .nanoseconds($0) }
        loadDuration = json["load_duration"]?.int(in: ServerRange.nanoseconds).map { .nanoseconds($0) }
        self.surplusCalls = surplusCalls
        raw = json
    }
}
