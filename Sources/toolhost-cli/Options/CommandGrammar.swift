import ArgumentParser
import ToolJSON

/// The options and flags of a verb, which distinguish options from values that begin with a dash.
///
/// The parser reads every argument with a dash as an option, and one dash as several short options: it finds `-h` in
/// `-40 degrees Celsius in Fahrenheit?`. With this grammar, an argument with a dash is an option only if the verb has it,
/// or if it looks like a mistyped one: `--word`, a dash and one letter, or a short option with its value glued to it
/// (`-mNAME`). All other arguments are values.
struct CommandGrammar {
    private struct Option {
        let takesValue: Bool
        /// True if any next argument is the value, also one that is an option.
        let takesAnything: Bool
    }

    /// An argument that looks like an option and is not one of the verb's options.
    struct UnknownOption: Error {
        /// The option with its dashes.
        let name: String
        /// A question about the option that was probably meant, or other advice; "" without advice.
        let advice: String
    }

    private enum Meaning {
        case value
        /// Flags, and possibly an option that takes a value.
        case options(flags: [String], last: String?, value: String?)
        case unknown(UnknownOption)
    }

    private var options = ["--version": Option(takesValue: false, takesAnything: false)]

    init(_ command: any ParsableCommand.Type) {
        // The parser provides no other description of a command.
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

    /// Returns the arguments in an order and form that the parser reads correctly: options first, then values.
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
                // The parser would read the `--` below as the value; without it, the parser reports a missing value.
                if value == nil, options[name]?.takesAnything == true { return arranged + [name] }
                // In the other cases the parser reports a missing value as well. It reads `--name=` as an option without one.
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
        // The option needs a value, so only `--word` and `-word` with one dash too few are mistyped options here.
        case .unknown(let unknown): return !unknown.name.hasPrefix("--") && options["-" + unknown.name] == nil
        case .options: return false
        }
    }

    private func meaning(of argument: String) -> Meaning {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard argument.hasPrefix("-"), let name = parts.first, name != "-" else { return .value }
        let value = parts.count == 2 ? parts[1] : nil
        if options[name]?.takesValue == true { return .options(flags: [], last: name, value: value) }
        if name.contains(where: \.isWhitespace) { return .value }
        if name.hasPrefix("--") {
            if options[name] != nil { return flags([name], value, argument) }
            let word = name.dropFirst(2)
            let isWord = word.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
            return isWord && word.first?.isLetter == true ? unknown(name) : .value
        }
        // Flags, and possibly an option that takes a value: the next argument, or the text after an equals sign.
        let letters = name.dropFirst().map { "-\($0)" }
        let leading = Array(letters.prefix { options[$0]?.takesValue == false })
        let next = letters.dropFirst(leading.count).first
        let last = next.flatMap { options[$0] == nil ? nil : $0 }
        if let last, letters.count == leading.count + 1 { return .options(flags: leading, last: last, value: value) }
        if options["-" + name] != nil { return unknown(name) }
        if value?.contains(where: \.isWhitespace) == true { return .value }
        if next == nil { return flags(leading, value, argument) }
        if last != nil {
            let end = argument.index(argument.startIndex, offsetBy: leading.count + 2)
            let question = "Did you mean \"\(argument[..<end]) \(argument[end...])\"?"
            return .unknown(UnknownOption(name: argument, advice: " \(question) If it is a value, write -- before it."))
        }
        return letters.count == 1 && name.last?.isLetter == true ? unknown(name) : .value
    }

    /// Returns the meaning of flags, which take no value.
    private func flags(_ names: [String], _ value: String?, _ argument: String) -> Meaning {
        guard value != nil, let last = names.last else { return .options(flags: names, last: nil, value: nil) }
        return .unknown(UnknownOption(name: argument, advice: " \(last) takes no value."))
    }

    private func unknown(_ name: String) -> Meaning {
        .unknown(UnknownOption(name: name, advice: NearNames.question(name, among: options.keys.sorted())))
    }
}
