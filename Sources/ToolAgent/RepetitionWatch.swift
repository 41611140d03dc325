import ToolHost

/// Notices a model that asks for the same calls over and over.
struct RepetitionWatch {
    private var last: [ToolCall] = []
    private var count = 0
    private static let patience = 3

    /// Takes the calls of one more message.
    ///
    /// - Returns: A warning, the first time that it is due.
    mutating func add(_ calls: [ToolCall]) -> String? {
        // Ids differ from message to message, and say nothing.
        let calls = calls.map { ToolCall(name: $0.name, arguments: $0.arguments) }
        count = calls == last ? count + 1 : 1
        last = calls
        guard count == Self.patience else { return nil }
        return "The model has asked for the same calls \(count) times in a row and may be going in circles."
    }
}
