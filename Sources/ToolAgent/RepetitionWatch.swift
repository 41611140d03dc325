import ToolHost

/// A detector for a model that asks for the same calls over and over.
struct RepetitionWatch {
    private var last: [ToolCall] = []
    private var count = 0
    private static let threshold = 3

    /// Records the calls of the next message.
    ///
    /// - Returns: A warning for the user, once for each series of equal messages.
    mutating func add(_ calls: [ToolCall]) -> String? {
        // Ids differ from message to message, so they are not compared.
        let calls = calls.map { ToolCall(name: $0.name, arguments: $0.arguments) }
        count = calls == last ? count + 1 : 1
        last = calls
        guard count == Self.threshold else { return nil }
        return "The model has asked for the same calls \(count) times in a row and may be in a loop."
    }
}
