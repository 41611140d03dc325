import Glibc
import OllamaClient
import Terminal
import ToolHistory

/// The lines that show stored conversations.
enum HistoryLines {
    /// Returns a line for each conversation.
    static func lines(_ conversations: [StoredConversation], on console: Console) -> [TerminalLine] {
        let width = conversations.map { String($0.id).count }.max() ?? 0
        return conversations.map { conversation in
            let id = String(conversation.id)
            let count = conversation.messageCount.counted("message")
            return console.styled(escaping: String(repeating: " ", count: width - id.count) + id, .bold)
                + "  \(date(conversation.updated))  \(label(conversation))"
                + console.styled("  \(conversation.model, limit: 60), \(count)", .dim)
        }
    }

    /// Returns two lines for each message that a search has found.
    static func lines(_ hits: [SearchHit], on console: Console) -> [TerminalLine] {
        hits.flatMap { hit -> [TerminalLine] in
            let head = console.styled(escaping: String(hit.conversation.id), .bold)
            let words = hit.excerpt.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return [
                head + "  \(date(hit.time))  \(label(hit.conversation))",
                "    \(hit.role.rawValue): \(words, limit: 300)",
            ]
        }
    }

    /// The name of a conversation, or its title.
    static func label(_ conversation: StoredConversation) -> TerminalLine {
        if let name = conversation.name { return "[\(name, limit: 100)] \(conversation.title, limit: 60)" }
        return conversation.title.isEmpty ? "(no prompt)" : TerminalLine(conversation.title, limit: 80)
    }

    /// The local date and time of milliseconds of the Unix epoch.
    static func date(_ milliseconds: Int) -> String {
        var seconds = milliseconds / 1000
        var parts = tm()
        // A year that does not fit gives no date.
        guard localtime_r(&seconds, &parts) != nil else { return "?" }
        func digits(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(Int(parts.tm_year) + 1900)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday)) "
            + "\(digits(parts.tm_hour)):\(digits(parts.tm_min))"
    }
}
