import ArgumentParser
import ToolJSON

/// The options and flags of a verb, to tell values that begin with a dash from them.
///
/// The parser takes every argument with a dash for an option, and one dash for several short options: it finds `-h` in
/// `-40 degrees Celsius in Fahrenheit?`. Here an argument with a dash is an option only if the verb has it, or if it looks
/// like a mistyped one: `--word`, or a dash and one letter. Everything else is a value.
struct CommandGrammar {
    private struct Option {
        let takesValue: Bool
        /// True if the next argument is the value whatever it looks like.
        let takesAnything: Bool
    }

    /// An option with its dashes, as a verb does not have it.
    struct UnknownOption: Error {
        let name: String
        /// A question about the option that was probably meant, or nothing.
        let question: String
    }

    private enum Meaning {
        case value
        /// Flags, and possibly an option that takes a value.
        case options(flags: [String], last: String?, value: String?)
        case unknown(UnknownOption)
    }

    private var options = ["--version": Option(takesValue: false, takesAnything: false)]

    init(_ command: any ParsableCommand.Type) {
        // The only description of a command that the parser gives.
        let description = try? JSON(parsing: command._dumpHelp())
        for argument in description?[pointer: "/command/arguments"]?.array ?? [] {
            for name in argument["names"]?.array ?? [] {
                options[(name["kind"] == "long" ? "--" : "-") + (name["name"]?.string ?? "")] = Option(
                    takesValue: argument["kind"] == "option",
                    takesAnything: argument["parsingStrategy"] == "unconditional"
                )
            }
        }
    }

    /// The arguments in an order and form that the parser reads as they are meant: options first, then values.
    func arranged(_ arguments: some Sequence<String>) throws(UnknownOption) -> [String] {
        var (arranged, values): ([String], [String]) = ([], [])
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                values += rest
                break
            }
            switch meaning(of: argument) {
            case .value: values.append(argument)
            case .unknown(let option): throw option
            case .options(let flags, let name, var value):
                arranged += flags
                guard let name else { continue }
                if value == nil, let next = rest.first, isValue(next, of: name) { value = rest.popFirst() }
                // Without a value the parser reports that it is missing. It reads `--name=` as an option without one.
                let isJoined = value?.hasPrefix("-") == true
                arranged += isJoined ? ["\(name)=\(value ?? "")"] : [name] + (value.map { [$0] } ?? [])
            }
        }
        return arranged + (values.isEmpty ? [] : ["--"] + values)
    }

    private func isValue(_ argument: String, of option: String) -> Bool {
        if options[option]?.takesAnything == true { return true }
        switch meaning(of: argument) {
        case .value: return argument != "--"
        // Here one letter is no mistyped option: a value is missing without it.
        case .unknown: return argument.count == 2
        case .options: return false
        }
    }

    private func meaning(of argument: String) -> Meaning {
        guard argument.hasPrefix("-"), argument != "-" else { return .value }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        if let option = options[name] {
            guard option.takesValue else { return .options(flags: [argument], last: nil, value: nil) }
            return .options(flags: [], last: name, value: parts.count == 2 ? parts[1] : nil)
        }
        if name.contains(where: \.isWhitespace) { return .value }
        if name.hasPrefix("--") {
            let word = name.dropFirst(2)
            let isWord = word.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
            return isWord && word.first?.isLetter == true ? unknown(name) : .value
        }
        let letters = name.dropFirst().map { "-\($0)" }
        let cluster = letters.compactMap { options[$0] }
        if parts.count == 1, cluster.count == letters.count, !cluster.dropLast().contains(where: \.takesValue) {
            let takesValue = cluster.last?.takesValue == true
            return .options(
                flags: takesValue ? letters.dropLast() : letters,
                last: takesValue ? letters.last : nil,
                value: nil
            )
        }
        let word = name.dropFirst()
        if letters.count == 1, parts.count == 1, word.first?.isLetter == true { return unknown(name) }
        // One dash too few, or the space too few that other programs do without: neither is meant as a value.
        if options["--" + word] != nil { return unknown(name) }
        let value = argument.dropFirst(2)
        if let first = letters.first, options[first]?.takesValue == true, !value.allSatisfy(\.isLetter) {
            return .unknown(UnknownOption(name: argument, question: " Did you mean \"\(first) \(value)\"?"))
        }
        return .value
    }

    private func unknown(_ name: String) -> Meaning {
        .unknown(UnknownOption(name: name, question: NearNames.question(name, among: options.keys.sorted())))
    }
}
