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
            Arguments are a JSON object, or - to read one from standard input, or single ones with --arg: name=value is \
            typed by the tool's schema, name:=JSON is taken as JSON. The result goes to standard output, and the exit \
            code tells how the call ended.

            EXAMPLES:
              toolhost call get_temperature '{"city": "London"}'
              toolhost call add --arg a=1 --arg b=2
              echo '{"a": 1, "b": 2}' | toolhost call add -
            """
    )

    @Argument(help: "The tool's name.") var tool: String
    @Argument(help: ArgumentHelp("The arguments, or - for standard input.", valueName: "json")) var arguments: String?
    @Option(
        name: .customLong("arg"),
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("One argument.", valueName: "name=value")
    )
    var single: [String] = []
    @OptionGroup var options: HostOptions
    @Flag(help: "Print the whole answer as JSON.") var json = false
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the first picture or other data, or else the text, to a file.", valueName: "file")
    )
    var output: String?
    @Flag(name: [.short, .long], help: "Also tell the time it took and what was coerced, on standard error.")
    var verbose = false

    func run() async throws {
        // What the user typed is an answer.
        let host = try await options.host { $0.policy?.areCallsTyped = true }
        let tool = try host.requiredTool(named: tool)
        let call = ToolCall(name: tool.name, arguments: try values())
        let answer = try await Interrupts.cancelling {
            await host.dispatch([call]) { event in
                guard case .progress(_, let fraction, let message) = event, Console.error.isTerminal else { return }
                let percent = fraction.map { "\(Int($0 * 100)) % " } ?? ""
                let line: TerminalLine = "  \(percent)\(message, limit: 100)"
                Console.error.line(Console.error.styled(line, .dim), as: .progress(0))
            }.first
        }
        guard let answer else { throw CommandFailure(.pluginFailed, "The call got no answer.") }
        if verbose {
            for line in answer.coercions.lines { Console.error.line(line) }
            Console.error.line("\(tool.name): \(answer.status.rawValue) in \(answer.duration.brief)")
        }
        for note in answer.notes { Console.error.note(note) }
        try print(answer)
        if answer.status != .ok { throw CommandFailure(ExitStatus(answer.status)) }
    }

    private func values() throws -> JSON {
        var values: JSONObject = [:]
        if let arguments {
            let bytes = arguments == "-" ? try InputFile.read("-") : Array(arguments.utf8)
            let document: JSONDocument
            do {
                document = try JSONDocument(parsing: bytes)
            } catch {
                let advice = "Give them as one JSON object, or one by one with --arg name=value."
                throw CommandFailure(.invalidArguments, "The arguments are not valid JSON: \(error). \(advice)")
            }
            for warning in document.warnings { Console.error.note("In the arguments, " + warning) }
            let json = document.value
            // Without single ones the tool's host decides what other things than objects mean.
            guard let object = json.object else {
                if single.isEmpty { return json }
                throw CommandFailure(.invalidArguments, "The arguments must be a JSON object to be joined with --arg.")
            }
            values = object
        }
        for option in single {
            guard let argument = ArgumentOption(option) else {
                let text = TerminalLine(option, limit: 80)
                throw CommandFailure(.usage, "--arg \(text): expected name=value or name:=JSON.")
            }
            values[argument.name] = try argument.value()
        }
        return .object(values)
    }

    private func print(_ answer: ToolAnswer) throws {
        if json { return Console.output.json(.pretty) { answer.write(to: &$0) } }
        guard answer.status == .ok else { return showError(answer) }
        if let output { return try write(answer, to: output) }
        answer.forEachTextPiece { Console.output.write($0) }
        Console.output.endLine()
    }

    /// Shows the text of a tool that failed, in lines of its own.
    private func showError(_ answer: ToolAnswer) {
        answer.forEachTextPiece { Console.error.quote(TerminalText($0).text) }
        Console.error.endLine()
    }

    private func write(_ answer: ToolAnswer, to path: String) throws {
        guard let file = fopen(path, "wbe") else {
            throw CommandFailure(.inputOutput, "\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
        // Only closing the file tells for certain that it was written.
        func write(_ bytes: [UInt8]) { fwrite(bytes, 1, bytes.count, file) }
        if let data = answer.parts.first(where: { !$0.isText }) {
            write(data.bytes)
        } else {
            answer.forEachTextPiece { write(Array($0.utf8)) }
        }
        let isWritten = ferror(file) == 0
        guard fclose(file) == 0, isWritten else {
            throw CommandFailure(.inputOutput, "\(path) could not be written: \(String(cString: strerror(errno))).")
        }
    }
}
