import Terminal
import ToolHost
import ToolJSON

/// The rows of a question about calls, which fit the screen for any calls and permissions.
///
/// The arguments come first, cut with a note of their size. The rows next to the input name the tools, the number of calls
/// and the widest permissions. The most dangerous part comes first everywhere, so that it is never cut.
struct QuestionLayout: Sendable {
    /// The prompts, those with the widest permissions first.
    private let prompts: [AuthorizationPrompt]
    private let rows: Int
    private let columns: Int
    private let rules: [PolicyFile.Rule]

    /// - Parameter rules: The rules that the answer *always* adds; empty if it is not offered.
    init(_ prompts: [AuthorizationPrompt], rules: [PolicyFile.Rule], size: (rows: Int, columns: Int)) {
        self.prompts = prompts.enumerated().sorted { left, right in
            let (first, second) = (left.element.permissions, right.element.permissions)
            if first.isWider(than: second) { return true }
            return !second.isWider(than: first) && left.offset < right.offset
        }.map(\.element)
        self.rules = rules
        (rows, columns) = (size.rows, size.columns)
    }

    // MARK: - Next to the input

    /// The rows next to the input.
    var summary: [TerminalLine] {
        let plugins = prompts.compactMap(\.request.plugin)
        let missing = prompts.map(\.missing).reduce(PluginPermissions()) { $0.union($1) }
        let granted = plugins.map(\.access.granted).reduce(PluginPermissions()) { $0.union($1) }
        var lines = [Console.error.styled(title, .bold), reasons]
        lines += missing.widestPhrases.map { "  asks to \(cut($0, rows: 1, taken: 10))" }
        if !granted.isEmpty {
            let phrases = granted.widestPhrases.map { TerminalText.cut($0, columns: 60) }
            lines.append("  may \(phrases.joined(separator: "; "))")
        }
        if plugins.contains(where: { !$0.isEnforced }) {
            lines.append("  may do everything that you may: it is not confined")
        }
        if prompts.contains(where: { $0.permissions.canLeak }) {
            lines.append("  Beware: it could send what it reads to other computers.")
        }
        guard !missing.isEmpty else { return lines + always }
        let values = plugins.flatMap(\.access.withheldKeys)
        if !values.isEmpty {
            let names = cut(values.joined(separator: ", "), rows: 1, taken: 42)
            lines.append("  With a yes it receives its configured values: \(names)")
        }
        lines.append("  Yes grants this until toolhost exits, and later calls ask again.")
        if !rules.isEmpty { lines.append("  Always grants it permanently.") }
        return lines + always
    }

    /// The row with the rule that *always* adds.
    private var always: [TerminalLine] {
        guard let first = rules.first else { return [] }
        let count = rules.count > 1 ? " and \(rules.count - 1) more" : ""
        return ["  Always adds the rule: allow \(cut(first.words, rows: 1, taken: 40))\(count)"]
    }

    /// The tools with the number of their calls, such as `Run danger x 3, write_file?`.
    private var title: TerminalLine {
        var names: [String] = []
        var counts: [String: Int] = [:]
        for name in prompts.map(\.request.toolName) {
            if counts[name] == nil { names.append(name) }
            counts[name, default: 0] += 1
        }
        var text = ""
        var shown = 0
        for name in names {
            let count = counts[name] ?? 1
            let entry = (shown > 0 ? ", " : "") + name + (count > 1 ? " x \(count)" : "")
            if shown > 0, text.utf8.count + entry.utf8.count > 2 * columns - 40 { break }
            text += entry
            shown += 1
        }
        if names.count > shown { text += " and \((names.count - shown).counted("more tool"))" }
        return "Run \(text)?"
    }

    private var reasons: TerminalLine {
        var reasons: [String] = []
        for prompt in prompts where !reasons.contains(prompt.reason) && reasons.count < 8 {
            reasons.append(prompt.reason)
        }
        let plugins = Set(prompts.map { $0.request.plugin?.file ?? "" }).count
        let text = reasons.map { String($0.unicodeScalars.prefix(500)) }.joined(separator: "; ")
        if prompts.count == 1 { return "  because \(cut(text, rows: 2, taken: 10))" }
        let counted = "\(prompts.count) calls of \(plugins.counted("plugin"))"
        return "  \(counted), because \(cut(text, rows: 2, taken: 40))"
    }

    // MARK: - The arguments

    /// The rows above the summary: the calls with their arguments, as far as the screen has room.
    var details: [TerminalLine] {
        let taken = summary.reduce(0) { $0 + $1.rowCount(columns: columns) }
        // One row is for the input, and one stays empty.
        let room = max(3, rows - taken - 2)
        if prompts.count == 1, let prompt = prompts.first { return arguments(of: prompt, rows: min(room, 12)) }
        if prompts.count <= room {
            let each = min(room / prompts.count, 4)
            return prompts.flatMap { arguments(of: $0, rows: each) }
        }
        let shown = prompts.prefix(room - 1).flatMap { arguments(of: $0, rows: 1) }
        return shown + ["  … \((prompts.count - room + 1).grouped) more calls"]
    }

    private func arguments(of prompt: AuthorizationPrompt, rows: Int) -> [TerminalLine] {
        let name = prompt.request.toolName
        let text = prompt.request.arguments.text()
        if rows > 3, text.utf8.count < rows * columns {
            let lines = prompt.request.arguments.text(.pretty).split(separator: "\n")
            let isFitting = lines.allSatisfy { line in
                TerminalText(String(line), keepsLines: false).text.unicodeScalars.reduce(0) { $0 + TextWidth.of($1) }
                    < columns - 4
            }
            if lines.count < rows, isFitting { return ["  \(name)"] + lines.map { "  \($0)" } }
        }
        // A name can be nearly as long as a row.
        return ["  \(cut("\(name) \(text)", rows: rows, taken: 2))"]
    }

    /// Returns a text cut to a number of rows, of which some columns are already used.
    private func cut(_ text: String, rows: Int, taken: Int) -> TerminalLine {
        // A wide scalar may leave one column of a row empty.
        TerminalText.cut(text, columns: max(40, rows * (columns - 5) - taken))
    }

    // MARK: - In full

    /// Writes the calls, the permissions of their plugins and the rules in full, until the task is cancelled.
    func explain() {
        let console = Console.error
        for prompt in prompts {
            console.ask(.line(console.styled("\(prompt.request.toolName)", .bold)))
            var rest = prompt.request.arguments.text(.pretty).unicodeScalars[...]
            while !rest.isEmpty {
                if Task.isCancelled { return }
                console.ask(.quoted(String(rest.prefix(4096)), []))
                rest = rest.dropFirst(4096)
            }
        }
        var files: Set<String> = []
        for plugin in prompts.compactMap(\.request.plugin) where files.insert(plugin.file).inserted {
            console.ask(.line("\(plugin.file)"))
            for phrase in plugin.missing.phrases { console.ask(.line("  asks to \(phrase)")) }
            for phrase in plugin.access.granted.phrases { console.ask(.line("  may \(phrase)")) }
        }
        let sources = Set(prompts.flatMap(\.request.context.outsideSources)).sorted()
        for source in sources { console.ask(.line("  the model has read text from \(source)")) }
        for rule in rules { console.ask(.line("  Always adds the rule: allow \(rule.words)")) }
    }
}

extension AuthorizationPrompt {
    /// The permissions of the plugin, including those that a yes grants.
    fileprivate var permissions: PluginPermissions {
        (request.plugin?.access.granted ?? PluginPermissions()).union(missing)
    }
}
