import ToolHost
import ToolJSON

/// The rows of a question about calls, which fit the screen whatever the calls and grants are.
///
/// The arguments come first, cut with their size told. The rows next to the prompt name the tools, the number of calls
/// and the widest grants. The most dangerous part comes first everywhere, so that it is never cut.
struct QuestionLayout: Sendable {
    /// The questions, the ones with the widest grants first.
    private let questions: [GateQuestion]
    private let rows: Int
    private let columns: Int
    private let offersAlways: Bool

    /// - Parameter offersAlways: True if the user may answer *always*.
    init(_ questions: [GateQuestion], offersAlways: Bool, size: (rows: Int, columns: Int)) {
        self.questions = questions.enumerated().sorted { left, right in
            let (first, second) = (left.element.permissions, right.element.permissions)
            if first.isWider(than: second) { return true }
            return !second.isWider(than: first) && left.offset < right.offset
        }.map(\.element)
        self.offersAlways = offersAlways
        (rows, columns) = (size.rows, size.columns)
    }

    // MARK: - Next to the prompt

    /// The rows next to the prompt.
    var summary: [TerminalLine] {
        let lacking = questions.map(\.lacking).reduce(PluginPermissions()) { $0.union($1) }
        let granted = questions.compactMap { $0.tool.access?.granted }.reduce(PluginPermissions()) { $0.union($1) }
        var lines = [Console.error.styled(title, .bold), reasons]
        lines += lacking.widestPhrases.map { "  asks to \(cut($0, rows: 1, taken: 10))" }
        if !granted.isEmpty {
            let phrases = granted.widestPhrases.map { TerminalText.cut($0, columns: 60) }
            lines.append("  may \(phrases.joined(separator: "; "))")
        }
        if questions.contains(where: { !$0.isConfined }) {
            lines.append("  may do whatever you may: nothing confines it here")
        }
        if questions.contains(where: { $0.permissions.canLeak }) {
            lines.append("  Beware: it could send what it reads to other computers.")
        }
        guard !lacking.isEmpty else { return lines }
        let values = questions.flatMap { $0.tool.access?.withheld ?? [] }
        if !values.isEmpty {
            let names = cut(values.joined(separator: ", "), rows: 1, taken: 42)
            lines.append("  With a yes it is given what is configured for it: \(names)")
        }
        lines.append("  Yes grants this until toolhost ends, and later calls ask again.")
        if offersAlways { lines.append("  Always grants it for good.") }
        return lines
    }

    /// The tools with the number of their calls, such as `Run danger x 3, write_file?`.
    private var title: TerminalLine {
        var names: [String] = []
        var counts: [String: Int] = [:]
        for name in questions.map(\.call.name) {
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
        for question in questions where !reasons.contains(question.reason) && reasons.count < 8 {
            reasons.append(question.reason)
        }
        let plugins = Set(questions.map { $0.tool.pluginFile ?? "" }).count
        let text = reasons.map { String($0.unicodeScalars.prefix(500)) }.joined(separator: "; ")
        if questions.count == 1 { return "  because \(cut(text, rows: 2, taken: 10))" }
        let counted = "\(questions.count) calls of \(plugins.counted("plugin"))"
        return "  \(counted), because \(cut(text, rows: 2, taken: 40))"
    }

    // MARK: - The arguments

    /// The rows above the summary: the calls with their arguments, as far as the screen has room.
    var details: [TerminalLine] {
        let taken = summary.reduce(0) { $0 + $1.rowCount(columns: columns) }
        // One row is for the prompt, and one stays empty.
        let room = max(3, rows - taken - 2)
        if questions.count == 1, let question = questions.first { return arguments(of: question, rows: min(room, 12)) }
        if questions.count <= room {
            let each = min(room / questions.count, 4)
            return questions.flatMap { arguments(of: $0, rows: each) }
        }
        let shown = questions.prefix(room - 1).flatMap { arguments(of: $0, rows: 1) }
        return shown + ["  … \((questions.count - room + 1).grouped) more calls"]
    }

    private func arguments(of question: GateQuestion, rows: Int) -> [TerminalLine] {
        let name = question.call.name
        let text = question.call.arguments.text()
        if rows > 3, text.utf8.count < rows * columns {
            let lines = question.call.arguments.text(.pretty).split(separator: "\n")
            let isFitting = lines.allSatisfy { line in
                TerminalText(line, keepsLines: false).text.unicodeScalars.reduce(0) { $0 + TextWidth.of($1) }
                    < columns - 4
            }
            if lines.count < rows, isFitting { return ["  \(name)"] + lines.map { "  \($0)" } }
        }
        // A name can be nearly as long as a row.
        return ["  \(cut("\(name) \(text)", rows: rows, taken: 2))"]
    }

    /// Text that fits into so many rows, of which some columns are taken.
    private func cut(_ text: String, rows: Int, taken: Int) -> TerminalLine {
        // A wide scalar may leave one column of a row empty.
        TerminalText.cut(text, columns: max(40, rows * (columns - 5) - taken))
    }

    // MARK: - In full

    /// Writes the calls and the permissions of their plugins in full, until the caller is cancelled.
    func showAll(_ input: LineInput) {
        let console = Console.error
        for question in questions {
            console.ask(.line(console.styled("\(question.call.name)", .bold)))
            var rest = question.call.arguments.text(.pretty).unicodeScalars[...]
            while !rest.isEmpty {
                if input.isCancelled { return }
                console.ask(.quoted(String(rest.prefix(4096)), nil))
                rest = rest.dropFirst(4096)
            }
        }
        var files: Set<String> = []
        for question in questions {
            guard let file = question.tool.pluginFile, files.insert(file).inserted else { continue }
            console.ask(.line("\(file)"))
            for phrase in question.lacking.phrases { console.ask(.line("  asks to \(phrase)")) }
            for phrase in question.tool.access?.granted.phrases ?? [] { console.ask(.line("  may \(phrase)")) }
        }
    }
}

extension GateQuestion {
    /// The permissions of the plugin, those that a yes grants included.
    fileprivate var permissions: PluginPermissions { (tool.access?.granted ?? PluginPermissions()).union(lacking) }

    /// True if the kernel holds the plugin to its permissions, and for a tool of the program.
    fileprivate var isConfined: Bool {
        guard tool.pluginFile != nil else { return true }
        return tool.sandbox.map { $0.files && $0.network && $0.systemCalls } ?? false
    }
}
