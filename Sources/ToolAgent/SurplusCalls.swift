import OllamaClient
import ToolHost
import ToolJSON

/// The calls of one message beyond the number that is run.
///
/// The first of them is kept, and its result stands for all of them. So each call in the conversation is followed by
/// its result, and the model learns about the others, which are only counted.
struct SurplusCalls: Sendable {
    /// The first call beyond the limit.
    let first: OllamaToolCall
    /// The number of calls that are run.
    let limit: Int
    /// The number of calls after the first one.
    var others = 0

    init(first: OllamaToolCall, limit: Int) {
        self.first = first
        self.limit = limit
    }

    /// Returns the result for all of them.
    ///
    /// - Parameter call: The first call, with the id that it has in the conversation.
    func result(for call: ToolCall) -> ToolResult {
        let which = others == 0 ? "this one was" : "this one and \(others) more after it were"
        let sentence = "Not run: at most \(limit) calls of one message are run, and \(which) not. Call again."
        return ToolResult(call: call, status: .notRun, parts: [.text(sentence)])
    }
}
