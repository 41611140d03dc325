import Terminal
import ToolHost

/// The rows that describe a plugin before it is trusted, and those of the question.
///
/// The rows next to the prompt name the plugin, the number of its requests and the widest ones, so that a long list does not
/// hide them.
struct TrustQuestion: Sendable {
    private let plugin: PluginReport
    private let access: PluginAccess
    private let keys: [String]

    /// - Parameter keys: The configuration keys whose values the plugin receives.
    init(_ plugin: PluginReport, _ access: PluginAccess, configured keys: [String]) {
        (self.plugin, self.access, self.keys) = (plugin, access, keys)
    }

    /// Asks at the terminal.
    func isAnsweredYes() async -> Bool {
        let answer = await Prompter.answer(
            details: { details(Console.error.size) },
            summary: { summary(columns: Console.error.size.columns) },
            explain: {
                for line in description where !Task.isCancelled { Console.error.ask(.line(line)) }
            }
        )
        return answer == .yes
    }

    /// The plugin and all of its requests.
    var description: [TerminalLine] {
        var lines: [TerminalLine] = [
            Console.error.styled("\(name)", .bold) + "  \(plugin.file, limit: 300)",
            "  tools: \(plugin.tools.joined(separator: ", "), limit: 1000)",
        ]
        lines += access.requestPhrases.map { "  asks to \($0)" }
        if access.requestPhrases.isEmpty { lines.append("  asks for no permissions") }
        if !keys.isEmpty {
            lines.append("  receives its configured values: \(keys.joined(separator: ", "), limit: 500)")
        }
        lines += access.rejections.map { "  is not granted: \($0, limit: 600)" }
        return lines + warnings
    }

    /// The rows next to the prompt.
    private func summary(columns: Int) -> [TerminalLine] {
        let count = access.requestPhrases.count
        var lines: [TerminalLine] = [
            Console.error.styled("Trust \(name)?", .bold),
            "  \(TerminalText.cut(plugin.file, columns: max(40, columns - 4)))",
        ]
        if count == 0 { return lines + ["  asks for no permissions"] + warnings }
        lines.append("  \(count.counted("request")), the widest of each kind:")
        lines += access.requested.union(access.unresolved).widestPhrases.map { phrase in
            "  asks to \(TerminalText.cut(phrase, columns: max(40, columns - 12)))"
        }
        return lines + warnings
    }

    /// The description, cut to the rows that the screen has besides the summary.
    private func details(_ size: (rows: Int, columns: Int)) -> [TerminalLine] {
        let columns = size.columns
        // One row is for the prompt, and one stays empty.
        var room = max(3, size.rows - summary(columns: columns).reduce(2) { $0 + rowCount($1, columns) })
        let lines = description
        var shown: [TerminalLine] = []
        for (index, line) in lines.enumerated() {
            let count = rowCount(line, columns)
            // One row is for the number of the remaining lines.
            guard count < room || count == room && index == lines.count - 1 else { break }
            room -= count
            shown.append(line)
        }
        let missing = lines.count - shown.count
        return missing == 0 ? shown : shown + ["  … \(missing.grouped) more lines"]
    }

    private var name: String {
        (plugin.name ?? "?") + (plugin.version.map { $0.isEmpty ? "" : " \($0)" } ?? "")
    }

    private var warnings: [TerminalLine] {
        var lines: [TerminalLine] = []
        if access.requested.canLeak {
            lines.append(
                Console.error.styled("  beware:", .yellow) + " it could send what it reads to other computers"
            )
        }
        if access.wasTrusted { lines.append("  It has changed since you trusted it.") }
        if !access.changedKeys.isEmpty {
            let keys = access.changedKeys.joined(separator: ", ")
            lines.append("  Its configuration has changed since you trusted it: \(keys, limit: 500)")
        }
        return lines
    }

    private func rowCount(_ line: TerminalLine, _ columns: Int) -> Int {
        line.rowCount(columns: columns)
    }
}
