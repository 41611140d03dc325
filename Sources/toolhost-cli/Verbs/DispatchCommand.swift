import ArgumentParser
import OllamaClient
import ToolAgent
import ToolHost
import ToolJSON

/// The verb `dispatch`.
struct DispatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "Run the calls of a response of Ollama, and print the messages to append.",
        discussion: """
            Reads a response of /api/chat, the lines of a streamed one, or an assistant message alone. Its calls run in \
            parallel; the tool messages are printed as a JSON array, in the order of the calls. Calls that were cut off \
            are answered without being run, and all calls beyond the limit get one result together. Exits with 0 once \
            every call has its result.

            As in a chat, a message holds at most 60,000 characters of a result (the limit "result_characters" of the \
            configuration): its beginning and its end, and between them the number of the characters left out. \
            --whole-results prints all of them.

            EXAMPLES:
              curl -s localhost:11434/api/chat -d @request.json | toolhost dispatch
              toolhost dispatch answer.json --fail
              toolhost dispatch answer.json --json
            """
    )

    @Argument(help: ArgumentHelp("The response, or - for standard input.", valueName: "file")) var file = "-"
    @OptionGroup var options: HostOptions
    @OptionGroup var deadline: DeadlineOption
    @Flag(name: .customLong("whole-results"), help: "Do not shorten long results in the messages.")
    var keepsWholeResults = false
    @Flag(help: "Exit with 1 if any result is an error.") var fail = false
    @Flag(
        help: """
            Print a report instead: the messages, and for each call how it ended, its whole result, and what was coerced.
            """
    )
    var json = false

    func run() async throws {
        let settings = try options.file().limits
        let limit = try characterLimit(settings)
        let recorded = try read(settings)
        for warning in recorded.warnings { Console.error.note("In the answer, " + warning) }
        var answers: [ToolResult]
        if let obstacle = recorded.obstacle, !recorded.calls.isEmpty {
            Console.error.line("toolhost: no call was run: \(obstacle)")
            answers = recorded.refusals(obstacle)
        } else {
            let host = try await options.host(notes: .verbose, timeout: deadline.timeout)
            answers = try await Interrupts.cancelling { await host.dispatch(recorded.calls) }
            if let answer = recorded.surplusAnswer { answers.append(answer) }
        }
        Console.output.json(Console.output.isTerminal ? .pretty : .compact) { writer in
            json ? writeReport(answers, limit, to: &writer) : writeMessages(answers, limit, to: &writer)
        }
        if answers.contains(where: { $0.status == .cancelled }) { throw CommandError(.interrupted) }
        if fail, answers.contains(where: { $0.status != .ok }) { throw CommandError(.toolError) }
    }

    /// Reads the answer.
    ///
    /// Its bytes, which may be many, are not kept while the calls run.
    private func read(_ settings: JSONObject) throws -> RecordedResult {
        var limits = ToolLimits()
        do {
            try limits.apply(settings)
            return try RecordedResult(parsing: try InputFile.read(file), maximumCalls: limits.calls)
        } catch let error as ToolHostError {
            throw CommandError(.usage, escaping: error.message)
        } catch let error as OllamaError {
            throw CommandError(.server, escaping: error.message)
        } catch let error as RecordedResultError {
            throw CommandError(.invalidArguments, escaping: error.message)
        }
    }

    /// Returns the maximum number of characters of a result in a message.
    private func characterLimit(_ settings: JSONObject) throws(CommandError) -> Int {
        var configuration = AgentConfiguration()
        do throws(ToolHostError) {
            try configuration.apply(settings)
        } catch {
            throw CommandError(.usage, escaping: error.message)
        }
        return keepsWholeResults ? .max : configuration.resultCharacters
    }

    private func writeReport(_ answers: [ToolResult], _ limit: Int, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("messages")
        writeMessages(answers, limit, to: &writer)
        writer.key("calls")
        writer.beginArray()
        for answer in answers {
            writer.nextElement()
            answer.write(to: &writer)
        }
        writer.endArray()
        writer.endObject()
    }

    private func writeMessages(_ answers: [ToolResult], _ limit: Int, to writer: inout JSONWriter) {
        writer.beginArray()
        for answer in answers {
            writer.nextElement()
            answer.writeMessage(limit: limit, to: &writer)
        }
        writer.endArray()
    }
}
