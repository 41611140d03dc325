import ArgumentParser
import Glibc
import SystemPackage
import Terminal
import ToolHost
import ToolJSON
import ToolSchema

/// The verb `call`.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call one tool, without a model.",
        usage: "toolhost call [<options>] <tool> [<json>]",
        discussion: """
            The arguments are a JSON object, - to read the object from standard input, or single values with --arg, \
            which replace members of the object. The result goes to standard output. The exit code is the status of the \
            call, such as 0 for success and 1 for an error of the tool; toolhost --help lists all codes.

            --arg name=value is converted to the type that the schema declares, and --arg name:=JSON is a JSON value. \
            a.b=1 sets b in the object a, unless the schema has a parameter a.b; /a/b=1 does the same with a JSON \
            pointer. name=@FILE is the text of a file (UTF-8, at most 16 MiB), name=@- the text of standard input, and \
            name=@@text the text "@text". In a script, do not put untrusted text into name=VALUE, because a text that \
            begins with @ reads a file. Pass it as JSON with :=, or with @-.

            EXAMPLES:
              toolhost call get_temperature '{"city": "London"}'
              toolhost call add --arg a=1 --arg b=-2
              toolhost call write_file --arg path=notes.txt --arg content=@draft.txt
              echo '{"a": 1, "b": 2}' | toolhost call add -
            """
    )

    @Argument(help: "The name of the tool.") var tool: String
    @OptionGroup var arguments: ToolArguments
    @OptionGroup var options: HostOptions
    @OptionGroup var deadline: DeadlineOption
    @Flag(help: "Print the whole result with all of its parts as JSON.") var json = false
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "If the call succeeds, write the first picture or other data, or else the text, to this file.",
            valueName: "file"
        )
    )
    var output: String?

    func run() async throws {
        let single = try arguments.singleArguments()
        try output.map(checkOutput)
        let host = try await options.host(notes: .ofTool(tool), timeout: deadline.timeout)
        let tool = try host.requiredTool(named: tool)
        let call = ToolCall(name: tool.name, arguments: try arguments.value(single, for: tool), origin: .user)
        if deadline.timeout != nil, let own = tool.timeout {
            Console.error.note("--timeout has no effect: \(tool.name) sets its own deadline, \(own.brief).")
        }
        let results = try await Interrupts.cancelling {
            let dispatch = host.dispatch([call])
            if Console.error.isTerminal { for await event in dispatch { showProgress(event) } }
            return await dispatch.results
        }
        guard let result = results.first else { throw CommandError(.pluginFailed, "The call has no result.") }
        if options.isVerbose {
            for line in result.coercions.lines { Console.error.line(line) }
            Console.error.line("\(tool.name): \(result.status.rawValue) in \(result.duration.brief)")
        }
        for note in result.notes { Console.error.note(note) }
        try print(result)
        if result.status != .ok { throw CommandError(ExitStatus(result.status)) }
    }

    private func showProgress(_ event: DispatchEvent) {
        guard case .progress(let fraction, let message) = event.kind else { return }
        let percent = fraction.map { "\(Int($0 * 100)) % " } ?? ""
        let line: TerminalLine = "  \(percent)\(message, limit: 100)"
        Console.error.line(Console.error.styled(line, .dim), as: .progress(0))
    }

    private func print(_ result: ToolResult) throws(CommandError) {
        var failure: CommandError?
        if let output, result.status == .ok {
            do throws(CommandError) { try write(result, to: output) } catch { failure = error }
        }
        if json {
            Console.output.json(.pretty) { result.write(to: &$0, withParts: true) }
        } else if result.status != .ok {
            result.showFailure()
        } else if output == nil || failure != nil {
            // The tool has run, so a result that could not be written to the file must not be lost.
            result.forEachTextPiece { Console.output.write($0) }
            Console.output.endLine()
        }
        if let failure { throw failure }
    }

    /// Checks that the output file can be written, before the tool runs and its result is lost.
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

    private func write(_ result: ToolResult, to path: String) throws(CommandError) {
        guard let file = fopen(path, "wbe") else { throw Self.failure(path, errno) }
        // Only closing the file shows that it was written.
        func write(_ bytes: [UInt8]) { fwrite(bytes, 1, bytes.count, file) }
        if let data = result.parts.first(where: { !$0.isText }) {
            write(data.bytes)
        } else {
            result.forEachTextPiece { write(Array($0.utf8)) }
        }
        let isWritten = ferror(file) == 0
        guard fclose(file) == 0, isWritten else { throw Self.failure(path, errno) }
    }

    private static func failure(_ path: String, _ code: Int32) -> CommandError {
        let reason = Errno(rawValue: code).description
        return CommandError(.inputOutput, "\(path.visible, limit: 400) cannot be written: \(reason).")
    }
}
