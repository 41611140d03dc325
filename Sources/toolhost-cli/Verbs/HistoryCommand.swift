import ArgumentParser
import ToolHistory
import ToolJSON

/// The verb `history`.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List, search, export and delete the stored conversations.",
        usage: """
            toolhost history [list] [--limit <n>] [--json]
            toolhost history show [--json] <conversation>
            toolhost history search [--tool <name>] [--limit <n>] [--json] [<text>]
            toolhost history export [--markdown] [-o <file>] <conversation> ...
            toolhost history fork <conversation> [<name>]
            toolhost history rename <conversation> [<name>]
            toolhost history delete <conversation> ...
            toolhost history prune (--older-than <time> | --keep <n>)
            """,
        discussion: """
            A chat stores each conversation after each answer, except with --no-history. The number of a \
            conversation, its name or "last" stands for it. To continue one: toolhost chat --session NAME.

            "search" finds the messages that have all words of the text, the latest first; an asterisk after three or \
            more letters stands for any end of a word. With --tool, it searches only conversations that called the \
            tool; without a text, it lists the calls themselves. "export" prints JSON lines, or Markdown with \
            --markdown. "fork" copies a conversation, and "rename" without a name removes the name. "prune" deletes unnamed \
            conversations: those that have not changed for a time such as 30d, 12h or 90m, or all but the latest.

            The file is conversations.db in ~/.local/state/toolhost. It has at most 1 GiB: the oldest conversations, \
            unnamed ones first, make room for new ones.

            Exits with 1 if there is no such conversation, with 64 if a name or a text is not valid, and with 74 if the \
            file cannot be read or written.

            EXAMPLES:
              toolhost history
              toolhost history search "temperature london" --tool get_temperature
              toolhost history export last --markdown -o talk.md
              toolhost history rename last plans
              toolhost history prune --older-than 30d
            """
    )

    /// The actions of the verb.
    enum Action: String, CaseIterable, ExpressibleByArgument {
        case list, show, search, export, fork, rename, delete, prune

        /// The numbers of arguments that the action takes.
        var arguments: ClosedRange<Int> {
            switch self {
            case .list, .prune: 0...0
            case .show: 1...1
            case .search: 0...1
            case .export, .delete: 1...Int.max
            case .fork, .rename: 1...2
            }
        }
    }

    @Argument(help: "list, show, search, export, fork, rename, delete or prune.") var action = Action.list
    @Argument(help: ArgumentHelp("The conversation, the text or the name.", valueName: "argument"))
    var arguments: [String] = []
    @Option(help: ArgumentHelp("Only conversations that called the tool.", valueName: "name")) var tool: String?
    @Option(
        help: ArgumentHelp("The maximum number of rows: 1 to 1000000. Default: 20.", valueName: "count"),
        transform: NumberOption.integer(in: 1...1_000_000)
    )
    var limit: Int?
    @Flag(help: "Export Markdown.") var markdown = false
    @Option(name: [.short, .long], help: ArgumentHelp("Write the export to a new file.", valueName: "file"))
    var output: String?
    @Option(
        help: ArgumentHelp("Delete conversations that have not changed for a time: 30d, 12h, 90m.", valueName: "time"),
        transform: HistoryCommand.seconds
    )
    var olderThan: Int?
    @Option(
        help: ArgumentHelp("Delete all conversations but the latest: 0 to 1000000.", valueName: "count"),
        transform: NumberOption.integer(in: 0...1_000_000)
    )
    var keep: Int?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        let name = action.rawValue
        guard action.arguments.contains(arguments.count) else {
            let words =
                if arguments.isEmpty {
                    "needs a conversation: its number, its name, or last"
                } else if action.arguments.upperBound == 0 { "takes no argument" } else { "has too many arguments" }
            throw ValidationError("\"\(name)\" \(words).")
        }
        if action == .search, arguments.isEmpty, tool == nil {
            throw ValidationError("\"search\" needs a text or --tool.")
        }
        if action == .prune, (olderThan == nil) == (keep == nil) {
            throw ValidationError("\"prune\" needs either --older-than or --keep.")
        }
        let misplaced = [
            ("--tool", tool != nil, [.search]), ("--limit", limit != nil, [.list, .search]),
            ("--markdown", markdown, [.export]), ("--output", output != nil, [.export]),
            ("--older-than", olderThan != nil, [.prune]), ("--keep", keep != nil, [.prune]),
            ("--json", json, [.list, .show, .search]),
        ].first { $0.1 && !($0.2 as [Action]).contains(action) }
        if let misplaced { throw ValidationError("\"\(name)\" takes no \(misplaced.0).") }
    }

    func run() throws {
        let history = try ChatHistory.open()
        do {
            try run(history)
        } catch let error as HistoryError {
            throw CommandError(error)
        }
    }

    private func run(_ history: ConversationHistory) throws {
        switch action {
        case .list: show(try history.conversations(limit: limit ?? Self.rows))
        case .search: show(try history.search(arguments.first, tool: tool, limit: limit ?? Self.rows))
        case .show:
            let conversation = try history.conversation(arguments[0])
            show(conversation, try history.storedMessages(of: conversation.id))
        case .fork:
            let source = try history.conversation(arguments[0]).id
            Console.output.line("\(try history.fork(source, name: arguments.count > 1 ? arguments[1] : nil))")
        case .rename:
            let id = try history.conversation(arguments[0]).id
            try history.rename(id, to: arguments.count > 1 ? arguments[1] : nil)
        case .delete:
            var ids: [Int] = []
            for reference in arguments { ids.append(try history.conversation(reference).id) }
            try history.delete(ids)
        case .prune:
            var count = 0
            if let olderThan { count = try history.prune(olderThan: olderThan) }
            if let keep { count = try history.prune(keeping: keep) }
            Console.error.line("Deleted \(count.counted("conversation")).")
        case .export: try export(history)
        }
    }

    /// The default number of rows.
    private static let rows = 20

    /// Reads a time such as `30d`.
    @Sendable
    private static func seconds(_ text: String) throws -> Int {
        let units: [Character: Int] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), 0...1_000_000 ~= count,
            text.first?.isNumber == true
        else {
            throw ValidationError("expected a time such as 30d, 12h, 90m or 3600s.")
        }
        return count * unit
    }
}
