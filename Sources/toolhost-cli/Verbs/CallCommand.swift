import ArgumentParser
import Glibc
import ToolHost
import ToolJSON
import ToolSchema

/// The verb `call`.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call one tool by hand, without a model.",
        discussion: """
            Arguments are a JSON object, or - to read one from standard input, or single ones with --arg, which replace \
            those of the object. The result goes to standard output, and the exit code tells how the call ended.

            --arg name=value is typed by the tool's schema, and --arg name:=JSON is JSON. a.b=1 sets b in the object a, \
            unless the schema has a parameter a.b; /a/b=1 is the same as a JSON pointer. name=@FILE is the text of a \
            file (UTF-8, at most 16 MiB), name=@- that of standard input, and name=@@text is "@text". In a script, do not \
            put text of others into name=VALUE: if it begins with @, it reads a file. Pass it as JSON with :=, or with @-.

            EXAMPLES:
              toolhost call get_temperature '{"city": "London"}'
              toolhost call add --arg a=1 --arg b=-2
              toolhost call write_file --arg path=notes.txt --arg content=@draft.txt
              echo '{"a": 1, "b": 2}' | toolhost call add -
            """
    )

    @Argument(help: "The tool's name.") var tool: String
    @Argument(help: ArgumentHelp("The arguments, or - for standard input.", valueName: "json")) var arguments: String?
    @Option(
        name: .customLong("arg"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("One argument: name=value, name:=JSON or name=@FILE.", valueName: "name=value")
    )
    var single: [String] = []
    @OptionGroup var options: HostOptions
    @OptionGroup var deadline: DeadlineOption
    @Flag(help: "Print the whole result as JSON, including all of its parts.") var json = false
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Write the first picture or other data, or else the text, to a file, if the call succeeds.",
            valueName: "file"
        )
    )
    var output: String?

    func run() async throws {
        let single = try singleArguments()
        try output.map(checkOutput)
        // What the user typed is an answer.
        let host = try await options.host(notes: .ofTool(tool), timeout: deadline.timeout) {
            $0.policy?.areCallsTyped = true
        }
        let tool = try host.requiredTool(named: tool)
        let call = ToolCall(name: tool.name, arguments: try values(single, for: tool))
        if deadline.timeout != nil, let own = tool.timeout {
            Console.error.note("--timeout has no effect: \(tool.name) sets its own deadline, \(own.brief).")
        }
        let answer = try await Interrupts.cancelling {
            await host.dispatch([call]) { event in
                guard case .progress(_, let fraction, let message) = event, Console.error.isTerminal else { return }
                let percent = fraction.map { "\(Int($0 * 100)) % " } ?? ""
                let line: TerminalLine = "  \(percent)\(message, limit: 100)"
                Console.error.line(Console.error.styled(line, .dim), as: .progress(0))
            }.first
        }
        guard let answer else { throw CommandError(.pluginFailed, "The call got no answer.") }
        if options.isVerbose {
            for line in answer.coercions.lines { Console.error.line(line) }
            Console.error.line("\(tool.name): \(answer.status.rawValue) in \(answer.duration.brief)")
        }
        for note in answer.notes { Console.error.note(note) }
        try print(answer)
        if answer.status != .ok { throw CommandError(ExitStatus(answer.status)) }
    }

    private func singleArguments() throws(CommandError) -> [ArgumentOption] {
        var options: [ArgumentOption] = []
        for option in single {
            guard let argument = ArgumentOption(option) else {
                let text = TerminalLine(option.visible, limit: 80)
                throw CommandError(.usage, "--arg \(text): expected name=value or name:=JSON.")
            }
            options.append(argument)
        }
        let readers = options.count(where: \.readsStandardInput) + (arguments == "-" ? 1 : 0)
        guard readers <= 1 else { throw CommandError(.usage, "Standard input can be read only once.") }
        return options
    }

    private func values(_ single: [ArgumentOption], for tool: RegisteredTool) throws -> JSON {
        var values: JSONObject = [:]
        if let arguments {
            let bytes = arguments == "-" ? try InputFile.read("-") : Array(arguments.utf8)
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

    private func print(_ answer: ToolResult) throws(CommandError) {
        var failure: CommandError?
        if let output, answer.status == .ok {
            do throws(CommandError) { try write(answer, to: output) } catch { failure = error }
        }
        if json {
            Console.output.json(.pretty) { answer.write(to: &$0, withParts: true) }
        } else if answer.status != .ok {
            showError(answer)
        } else if output == nil || failure != nil {
            // The tool has run, so a result that the file could not take is not lost.
            answer.forEachTextPiece { Console.output.write($0) }
            Console.output.endLine()
        }
        if let failure { throw failure }
    }

    /// Shows the text of a tool that failed, in lines of its own.
    private func showError(_ answer: ToolResult) {
        answer.forEachTextPiece { Console.error.quote(TerminalText($0).text) }
        Console.error.endLine()
    }

    /// Refuses a file that cannot be written before the tool has run and its result is lost.
    private func checkOutput(_ path: String) throws(CommandError) {
        if path == "-" {
            throw CommandError(.usage, "-o -: expected a file; the text goes to standard output without -o.")
        }
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = stat()
        var code: Int32 = 0
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            code = EISDIR
        } else if access(path, F_OK) != 0, path.isEmpty || access(directory, W_OK | X_OK) != 0 {
            code = errno
        } else if access(path, F_OK) == 0, access(path, W_OK) != 0 {
            code = errno
        }
        if code != 0 { throw Self.failure(path, code) }
    }

    private func write(_ answer: ToolResult, to path: String) throws(CommandError) {
        guard let file = fopen(path, "wbe") else { throw Self.failure(path, errno) }
        // Only closing the file tells for certain that it was written.
        func write(_ bytes: [UInt8]) { fwrite(bytes, 1, bytes.count, file) }
        if let data = answer.parts.first(where: { !$0.isText }) {
            write(data.bytes)
        } else {
            answer.forEachTextPiece { write(Array($0.utf8)) }
        }
        let isWritten = ferror(file) == 0
        guard fclose(file) == 0, isWritten else { throw Self.failure(path, errno) }
    }

    private static func failure(_ path: String, _ code: Int32) -> CommandError {
        let reason = String(cString: strerror(code))
        return CommandError(.inputOutput, "\(path.visible, limit: 400) cannot be written: \(reason).")
    }
}
