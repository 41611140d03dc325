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
    /// The piece as it came.
    public let raw: JSON

    /// Reads a piece as a server sent it.
    public init(_ json: JSON) {
        message = ChatMessage(json["message"] ?? [:])
        done = json["done"]?.bool ?? false
        doneReason = json["done_reason"]?.string
        promptEvalCount = json["prompt_eval_count"]?.int
        evalCount = json["eval_count"]?.int
        totalDuration = json["total_duration"]?.number?.int64.map { .nanoseconds($0) }
        loadDuration = json["load_duration"]?.number?.int64.map { .nanoseconds($0) }
        raw = json
    }
}
