import OllamaClient
package import ToolJSON

/// The forms in which a conversation leaves the history.
package enum ConversationExport {
    /// The version of the JSON lines, which changes only if a member changes its meaning.
    package static let version = 1

    /// Calls a function with each JSON line: one for the conversation, and one for each message.
    package static func jsonLines(
        _ conversation: StoredConversation,
        _ messages: [StoredMessage],
        write: (JSON) -> Void
    ) {
        var first: JSONObject = ["toolhost_conversation": .int(version)]
        for (name, value) in conversation.json.object ?? [:] { first[name] = value }
        write(.object(first))
        for stored in messages { write(stored.json) }
    }

    /// Calls a function with the parts of a Markdown document, which begin with a heading for each author.
    ///
    /// Text of the conversation is not changed, except that results are in code blocks.
    package static func markdown(
        _ conversation: StoredConversation,
        _ messages: [StoredMessage],
        write: (String) -> Void
    ) {
        let title = conversation.name ?? conversation.title
        write("# \(title.isEmpty ? "Conversation \(conversation.id)" : oneLine(title))\n")
        for stored in messages {
            let message = stored.message
            switch message.role {
            case .system: write("\n## System\n\n\(message.content)\n")
            case .user: write("\n## User\n\n\(message.content)\n")
            case .assistant:
                write("\n## Assistant (\(oneLine(stored.model)))\n")
                if let thinking = message.thinking, !thinking.isEmpty { write("\n\(quoted(thinking))\n") }
                if !message.content.isEmpty { write("\n\(message.content)\n") }
                for call in message.toolCalls {
                    let arguments = call.arguments?.text(.pretty) ?? "{}"
                    write("\nCalls `\(oneLine(call.name))`:\n\n\(block(arguments, "json"))\n")
                }
            case .tool: write("\n## Result of `\(oneLine(message.toolName ?? ""))`\n\n\(block(message.content, ""))\n")
            }
            if !message.images.isEmpty { write("\n(images: \(message.images.count))\n") }
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ").replacing("`", with: "'")
    }

    private static func quoted(_ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.map { "> \($0)" }.joined(separator: "\n")
    }

    /// Returns a code block, whose fence is longer than any in the text.
    private static func block(_ text: String, _ language: String) -> String {
        var (longest, run) = (2, 0)
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        return "\(fence)\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
    }
}
