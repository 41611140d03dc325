import OllamaClient
import Terminal
import ToolHistory
import ToolJSON

extension HistoryCommand {
    /// Prints conversations, the latest first.
    func show(_ conversations: [StoredConversation]) {
        if json { return Console.output.json(.array(conversations.map(\.json))) }
        if conversations.isEmpty { return Console.error.line("There are no stored conversations.") }
        Console.output.lines(HistoryLines.lines(conversations, on: Console.output))
    }

    /// Prints the messages that a search has found.
    func show(_ hits: [SearchHit]) {
        if json { return Console.output.json(.array(hits.map(\.json))) }
        if hits.isEmpty { return Console.error.line("No message was found.") }
        Console.output.lines(HistoryLines.lines(hits, on: Console.output))
    }

    /// Prints a conversation.
    func show(_ conversation: StoredConversation, _ messages: [StoredMessage]) {
        let output = Console.output
        if json {
            var members = conversation.json.object ?? [:]
            members["messages"] = .array(messages.map(\.json))
            return output.json(.object(members))
        }
        output.line(
            output.styled("\(conversation.id)  \(HistoryLines.label(conversation))", .bold)
                + "  \(HistoryLines.date(conversation.created)), \(conversation.model, limit: 60)"
        )
        for message in messages.map(\.message) {
            output.line("")
            switch message.role {
            case .tool:
                output.line("Result of \(message.toolName ?? "", limit: 100):")
            case .system, .user, .assistant:
                output.line(output.styled("\(message.role.rawValue.capitalizedFirst):", .bold))
            }
            if let thinking = message.thinking, !thinking.isEmpty {
                output.quote(thinking, .dim)
                output.endLine()
            }
            output.quote(message.content)
            output.endLine()
            for call in message.toolCalls {
                output.line("→ \(call.name, limit: 100)(\(call.arguments?.text(upTo: 1000).text ?? "", limit: 1000))")
            }
            if !message.images.isEmpty { output.line("(\(message.images.count.counted("image")))") }
        }
    }

    /// Writes conversations to a file or to standard output.
    func export(_ history: ConversationHistory) throws {
        let file = try output.map { path throws(CommandError) in
            try OutputFile(path, isPrivate: true, advice: "choose another name")
        }
        var bytes: [UInt8] = []
        for (index, reference) in arguments.enumerated() {
            let conversation = try history.conversation(reference)
            let messages = try history.storedMessages(of: conversation.id)
            var text = ""
            if markdown {
                if index > 0 { text += "\n" }
                ConversationExport.markdown(conversation, messages) { text += $0 }
            } else {
                ConversationExport.jsonLines(conversation, messages) { text += $0.text() + "\n" }
            }
            if file == nil { Console.output.write(text) } else { bytes += text.utf8 }
        }
        try file?.write(bytes)
    }
}

extension SearchHit {
    /// The message for programs.
    fileprivate var json: JSON {
        [
            "conversation": conversation.json, "position": .int(position), "time": .int(time),
            "role": .string(role.rawValue), "excerpt": .string(excerpt),
        ]
    }
}

extension String {
    /// The string with its first letter in upper case.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
