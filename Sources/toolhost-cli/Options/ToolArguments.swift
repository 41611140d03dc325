import ArgumentParser
import ToolHost
import ToolJSON

/// The arguments of a tool on the command line, for the verbs that call one tool.
struct ToolArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The arguments as a JSON object, or - for standard input.", valueName: "json"))
    var text: String?
    @Option(
        name: .customLong("arg"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("One argument: name=value, name:=JSON or name=@FILE; repeatable.", valueName: "name=value")
    )
    var single: [String] = []

    /// True if the command line has no arguments for the tool.
    var isEmpty: Bool { text == nil && single.isEmpty }

    /// Returns the options `--arg`.
    func singleArguments() throws(CommandError) -> [ArgumentOption] {
        var options: [ArgumentOption] = []
        for option in single {
            guard let argument = ArgumentOption(option) else {
                let text = TerminalLine(option.visible, limit: 80)
                throw CommandError(.usage, "--arg \(text): expected name=value or name:=JSON.")
            }
            options.append(argument)
        }
        let readers = options.count(where: \.readsStandardInput) + (text == "-" ? 1 : 0)
        guard readers <= 1 else { throw CommandError(.usage, "Standard input can be read only once.") }
        return options
    }

    /// Returns the arguments: the JSON value, with the members that the options `--arg` set.
    func value(_ single: [ArgumentOption], for tool: RegisteredTool) throws -> JSON {
        var values: JSONObject = [:]
        if let text {
            let bytes = text == "-" ? try InputFile.read("-") : Array(text.utf8)
            let document: JSONDocument
            do {
                document = try JSONDocument(parsing: bytes)
            } catch {
                let advice = "Give them as one JSON object, or one by one with --arg name=value."
                throw CommandError(.invalidArguments, "The arguments are not valid JSON: \(error). \(advice)")
            }
            for warning in document.warnings { Console.error.note("In the arguments, " + warning) }
            let json = document.value
            // Without --arg, the host decides how a value that is not an object is coerced.
            guard let object = json.object else {
                if single.isEmpty { return json }
                throw CommandError(.invalidArguments, "The arguments must be a JSON object to be joined with --arg.")
            }
            values = object
        }
        return .object(try single.apply(to: values, in: tool.parameters))
    }
}
