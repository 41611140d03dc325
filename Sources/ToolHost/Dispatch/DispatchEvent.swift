/// What happens while a batch of calls runs, told as it happens.
///
/// Calls are told apart by their place in the batch.
public enum DispatchEvent: Sendable {
    /// The tool's code begins.
    case started(Int, ToolCall)
    /// A piece of the result, as the tool writes it.
    case output(Int, ContentPart)
    /// How far the call is: from 0 to 1, or `nil` where the tool cannot tell; and the tool's words for it.
    case progress(Int, Double?, String)
    /// The call has its answer.
    case finished(Int, ToolResult)
}
