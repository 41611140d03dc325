import OllamaClient

extension Conversation {
    /// The result of a call whose result is missing.
    static let missingResult = "The result of this call is missing."

    /// Continues messages of an earlier conversation.
    ///
    /// Missing results, ids and replies are added, so that the messages can be sent; the order of results becomes that of
    /// the calls. The first message may be a system prompt.
    ///
    /// - Parameter system: The system prompt, which replaces the one of the messages; nil to keep that.
    /// - Throws: ``AgentError`` if a message is at a place where none of its role may be.
    init(restoring messages: [ChatMessage], system: String?) throws(AgentError) {
        var rest = messages[...]
        let first = rest.first?.role == .system ? rest.removeFirst() : nil
        self.init(system: system ?? first?.content)
        while let message = rest.popFirst() {
            switch message.role {
            case .user:
                ask(message)
            case .assistant:
                let results = rest.prefix { $0.role == .tool }
                rest = rest.dropFirst(results.count)
                try restore(message, results, at: messages.count - rest.count - results.count - 1)
            case .system, .tool:
                let role = message.role == .tool ? "a result without a call" : "a system prompt after other messages"
                throw Self.invalid(role, at: messages.count - rest.count - 1)
            }
        }
    }

    /// Adds a message of the model, and a result for each of its calls.
    ///
    /// A result belongs to the call that has its id; without an id, to the first call that is left.
    private mutating func restore(
        _ message: ChatMessage,
        _ results: ArraySlice<ChatMessage>,
        at index: Int
    ) throws(AgentError) {
        var message = message
        var identified: [String: [ChatMessage]] = [:]
        var unidentified: [ChatMessage] = []
        for result in results.reversed() {
            if let id = result.toolCallID, !id.isEmpty {
                identified[id, default: []].append(result)
            } else {
                unidentified.append(result)
            }
        }
        let ids = message.toolCalls.map(\.id)
        message.toolCalls = self.identified(message.toolCalls)
        var restored = 0
        let ordered = zip(ids, message.toolCalls).map { id, call in
            let known = id.flatMap { identified[$0]?.popLast() } ?? unidentified.popLast()
            if known != nil { restored += 1 }
            var result = known ?? ChatMessage(role: .tool, content: Self.missingResult)
            result.content = TextNeutraliser.neutralised(result.content).text
            result.toolCallID = call.id
            result.toolName = call.name
            return result
        }
        guard restored == results.count else { throw Self.invalid("a result without a call", at: index + 1) }
        add(message, results: ordered)
    }

    private static func invalid(_ reason: String, at index: Int) -> AgentError {
        AgentError(
            .invalidConversation,
            message: "The conversation cannot be continued: there is \(reason) at message \(index + 1) or after it.",
            remedy: .startNewConversation
        )
    }
}
