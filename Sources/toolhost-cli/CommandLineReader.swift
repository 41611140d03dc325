import ArgumentParser
import ToolJSON

/// A reader of command lines, on which values may begin with a dash and names may be mistyped.
enum CommandLineReader {
    /// Parses the arguments of the program.
    ///
    /// - Throws: An error of the parser, such as a request for help, or ``CommandError`` for an unknown verb or option.
    static func command(_ arguments: [String]) throws -> any ParsableCommand {
        let arguments = ThinkOption.expanded(arguments)
        // The description of a verb, which most command lines do not need, takes the parser some milliseconds.
        if arguments.first != "help", arguments.prefix(while: { $0 != "--" }).allSatisfy(isPlain) {
            do {
                return try Toolhost.parseAsRoot(arguments)
            } catch let error where Toolhost.exitCode(for: error).isSuccess {
                throw error
            } catch {
                // The second reading below has a better message.
            }
        }
        return try Toolhost.parseAsRoot(try arranged(arguments))
    }

    /// Returns true if the parser cannot mistake the argument: `word`, `--word`, `--word=text`, `-x`.
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
            // The parser adds these options; the name of one begins with three dashes.
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
