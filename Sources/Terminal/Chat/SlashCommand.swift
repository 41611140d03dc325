import ToolJSON

/// A command with its arguments, as it is typed at the prompt of a chat.
package enum SlashCommand: Equatable, Sendable {
    case help
    case tools
    case tool(String, isOn: Bool)
    case model(String?)
    case system(String?)
    /// One of ``SlashVerb/thinking``, or nil to show the present amount.
    case think(String?)
    /// A key and a value with `=` between them, or nil to show the options.
    case option(String?)
    case new
    case save(String)
    case load(String)
    case history(String?)
    case undo
    case retry
    /// The text with which the editor begins.
    case edit(String)
    case image(String)
    case show(Int?)
    case stats(isOn: Bool?)
    case context
    case exit

    /// Parses a line.
    ///
    /// A command begins with a typed slash and a word of letters. So `/usr/bin is full`, pasted text and a line that begins
    /// with a space are prompts.
    ///
    /// - Returns: Nil if the line is a prompt.
    /// - Throws: ``SlashCommandError`` if the command is unknown, or its arguments do not fit.
    package init?(parsing line: LineText) throws(SlashCommandError) {
        guard line.pasted.first?.lowerBound != 0 else { return nil }
        let text = line.string
        if ["exit", "quit"].contains(text.trimmed) {
            self = .exit
            return
        }
        guard text.first == "/" else { return nil }
        let word = text.dropFirst().prefix { !$0.isWhitespace }
        guard !word.isEmpty, word == "?" || word.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        let argument = text.dropFirst(1 + word.count).trimmed
        guard let verb = Self.verb(word.lowercased()) else {
            let names = SlashVerb.allCases.map { "/" + $0.rawValue }
            let question = NearNames.question("/" + word, among: names)
            throw SlashCommandError(message: "Unknown command \"/\(word)\".\(question) /help lists the commands.")
        }
        self = try Self.command(verb, argument)
    }

    private static func verb(_ word: String) -> SlashVerb? {
        switch word {
        case "bye", "quit": .exit
        case "clear": .new
        case "?": .help
        default: SlashVerb(rawValue: word)
        }
    }

    private static func command(_ verb: SlashVerb, _ argument: String) throws(SlashCommandError) -> SlashCommand {
        let value = argument.isEmpty ? nil : argument
        let misfit = SlashCommandError(message: "Usage: \(verb.usage)")
        switch (verb, value) {
        case (.help, nil): return .help
        case (.tools, nil): return .tools
        case (.new, nil): return .new
        case (.undo, nil): return .undo
        case (.retry, nil): return .retry
        case (.context, nil): return .context
        case (.exit, nil): return .exit
        case (.model, _): return .model(value)
        case (.system, _): return .system(value)
        case (.history, _): return .history(value)
        case (.option, _): return .option(value)
        case (.edit, _): return .edit(argument)
        case (.stats, nil): return .stats(isOn: nil)
        case (.stats, let word?):
            guard ["on", "off"].contains(word) else { throw misfit }
            return .stats(isOn: word == "on")
        case (.save, let name?): return .save(name)
        case (.load, let name?): return .load(name)
        case (.image, let path?): return .image(path.withoutQuotes)
        case (.show, nil): return .show(nil)
        case (.show, let number?):
            guard let number = Int(number) else { throw misfit }
            return .show(number)
        case (.think, _):
            guard let value, !SlashVerb.thinking.contains(value) else { return .think(value) }
            let question = NearNames.question(value, among: SlashVerb.thinking)
            let words = SlashVerb.thinking.joined(separator: ", ")
            throw SlashCommandError(message: "/think takes one of: \(words).\(question)")
        case (.tool, let words?):
            let parts = words.split(whereSeparator: \.isWhitespace)
            guard parts.count == 2, ["on", "off"].contains(parts[1]) else { throw misfit }
            return .tool(String(parts[0]), isOn: parts[1] == "on")
        case (.help, _), (.tools, _), (.new, _), (.undo, _), (.retry, _), (.context, _), (.exit, _), (.save, nil),
            (.load, nil), (.image, nil), (.tool, nil):
            throw misfit
        }
    }

    // MARK: - Completion

    /// Returns the words that can stand at the end of a text: commands, and the arguments of some of them.
    ///
    /// - Parameters:
    ///   - text: The text before the cursor.
    ///   - tools: The names of the tools.
    ///   - models: Returns the names of the models; called only if they are needed.
    package static func completion(of text: String, tools: [String], models: () -> [String]) -> Completion {
        guard text.first == "/" else { return .none }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let last = words.last.map(String.init) ?? ""
        let candidates: [String] =
            switch (words.count, words[0]) {
            case (1, _): SlashVerb.allCases.map { "/" + $0.rawValue }
            case (2, "/tool"): tools
            case (3, "/tool"), (2, "/stats"): ["on", "off"]
            case (2, "/think"): SlashVerb.thinking
            case (2, "/model"): models()
            default: []
            }
        return Completion(replacing: last.count, with: candidates.filter { $0.hasPrefix(last) })
    }
}

extension StringProtocol {
    /// The text without white space at both ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension String {
    /// The text without the quotation marks around it, with which a terminal inserts the path of a dropped file.
    fileprivate var withoutQuotes: String {
        guard count > 1, let first, first == last, first == "\"" || first == "'" else { return self }
        return String(dropFirst().dropLast())
    }
}
