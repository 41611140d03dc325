import ArgumentParser
import ToolJSON

/// Reads a command line, on which values may begin with a dash and names may be mistyped.
enum CommandLineReader {
    /// The command of a line.
    ///
    /// - Throws: An error of the parser, help among them, or ``CommandError`` for a verb or an option that does not
    ///   exist.
    static func command(_ arguments: [String]) throws -> any ParsableCommand {
        let arguments = ThinkOption.expanded(arguments)
        // The description of a verb takes the parser some milliseconds, and most lines need none.
        if arguments.first != "help", arguments.prefix(while: { $0 != "--" }).allSatisfy(isPlain) {
            do {
                return try Toolhost.parseAsRoot(arguments)
            } catch let error where Toolhost.exitCode(for: error).isSuccess {
                throw error
            } catch {
                // Read again below, for a better message.
            }
        }
        return try Toolhost.parseAsRoot(try arranged(arguments))
    }

    /// True for what the parser takes for an option or a value only if it is one: `word`, `--word`, `--word=text`, `-x`.
    private static func isPlain(_ argument: String) -> Bool {
        guard argument.hasPrefix("-"), argument != "-" else { return !argument.isEmpty }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].utf8
        func isLetter(_ byte: UInt8?) -> Bool {
            byte.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 } ?? false
        }
        guard argument.hasPrefix("--") else { return argument.utf8.count == 2 && isLetter(name.last) }
        return parts.last?.isEmpty == false && isLetter(name.dropFirst(2).first)
            && name.dropFirst(3).allSatisfy { isLetter($0) || $0 == UInt8(ascii: "-") }
    }

    private static func arranged(_ arguments: [String]) throws(CommandError) -> [String] {
        guard let first = arguments.first else { return arguments }
        let verbs = Toolhost.configuration.subcommands
        let names = verbs.compactMap { $0.configuration.commandName }
        if first.hasPrefix("-") {
            // Options that the parser has at each root, one of them with a name that begins with three dashes.
            let known = ["--help", "--version", "-h"]
            let hidden = ["--generate-completion-script", "--experimental-dump-help", "---completion"]
            if known.contains(first) || hidden.contains(where: first.hasPrefix) { return arguments }
            throw failure("option \(first)", NearNames.question(first, among: known) + " Options follow the verb.", nil)
        }
        let verb = first == "help" ? arguments.dropFirst().first { !$0.hasPrefix("-") } ?? first : first
        guard let command = verbs.first(where: { $0.configuration.commandName == verb }) else {
            if verb == "help" { return arguments }
            let question = NearNames.question(verb, among: names + ["help"])
            throw failure("verb \"\(verb)\"", question + " The verbs are: \(names.joined(separator: ", ")).", nil)
        }
        if first == "help" { return arguments }
        do {
            return [first] + (try CommandGrammar(command).arranged(arguments.dropFirst()))
        } catch {
            throw failure("option \(error.name)", error.advice, verb)
        }
    }

    private static func failure(_ subject: String, _ advice: String, _ verb: String?) -> CommandError {
        let verb = verb.map { $0 + " " } ?? ""
        return CommandError(
            .usage,
            "Unknown \(subject, limit: 200).\(advice, limit: 1000) See toolhost \(verb)--help."
        )
    }
}
