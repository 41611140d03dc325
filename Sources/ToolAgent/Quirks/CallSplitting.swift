import OllamaClient

/// The division of messages with several calls into pairs: a message with one call, and its result.
enum CallSplitting {
    /// Returns messages with at most one call each.
    ///
    /// The text and the thinking of a message stay with its first call. Results are in the order of their calls, as in
    /// every conversation of an agent.
    static func split(_ messages: [ChatMessage]) -> [ChatMessage] {
        var split: [ChatMessage] = []
        var rest = messages[...]
        while let message = rest.popFirst() {
            guard message.toolCalls.count > 1 else {
                split.append(message)
                continue
            }
            var results = rest.prefix { $0.role == .tool }
            rest = rest.dropFirst(results.count)
            for (index, call) in message.toolCalls.enumerated() {
                var single = index == 0 ? message : ChatMessage(role: .assistant)
                single.toolCalls = [call]
                split.append(single)
                if let result = results.popFirst() { split.append(result) }
            }
            split += results
        }
        return split
    }
}
