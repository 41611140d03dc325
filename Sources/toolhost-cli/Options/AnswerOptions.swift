import ArgumentParser
import ToolAgent

/// The options of the answer for programs: its form, its format, the calls and the files of the prompt.
struct AnswerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The form of the answer: text without marks, markdown as the model wrote it, or json, a line for each event. \
            Default: rendered on a terminal, or else markdown.
            """,
            valueName: "form"
        )
    )
    var output: AnswerForm?
    @Flag(help: "Print the events of the chat as JSON lines; the same as --output json.") var json = false
    @Option(
        help: ArgumentHelp(
            "The format of the answer: json, or the file of a JSON schema. Tools are called before.",
            valueName: "json|file"
        )
    )
    var format: String?
    @Option(
        name: .customLong("tool-choice"),
        help: ArgumentHelp(
            "The calls: auto, none, required (at least one call), or the name of a tool to call. Default: auto.",
            valueName: "choice"
        )
    )
    var toolChoice: String?
    @Option(
        name: .customLong("file"),
        help: ArgumentHelp(
            "Text (at most 16 MiB), a picture or sound (at most 32 MiB) for the prompt; repeatable.",
            valueName: "file"
        )
    )
    var files: [String] = []

    /// True if standard output has only events.
    var printsEvents: Bool { json || output == .json }

    /// The choice of the calls.
    var choice: ToolChoice {
        switch toolChoice {
        case nil, "auto"?: .auto
        case "none"?: .none
        case "required"?: .required
        case let name?: .tool(name)
        }
    }

    /// Returns the number of options that read standard input.
    func inputReaders() -> Int { files.count { $0 == "-" } + (format == "-" ? 1 : 0) }

    func validate() throws {
        if json, let output, output != .json {
            throw ValidationError("Use either --json or --output \(output.rawValue).")
        }
        if toolChoice == "" { throw ValidationError("--tool-choice takes auto, none, required or the name of a tool.") }
    }
}

extension AnswerForm: ExpressibleByArgument {}
