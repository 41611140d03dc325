import ArgumentParser
import OllamaClient
import ToolAgent
import ToolHost
import ToolJSON

/// The verb `dispatch`.
struct DispatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "Run the calls of a model's response, and print the messages with the results.",
        usage: "toolhost dispatch [<options>] [<file>]",
        discussion: """
            Reads a response of Ollama's /api/chat or of OpenAI's /v1/chat/completions, the lines or events of a streamed \
            response, or only its message. The calls run in \
            parallel. The messages with their results, which continue the conversation, are printed as a JSON array in \
            the order of the calls. If the response was cut off, its calls do not run, and their results state the \
            reason. All calls beyond the limit have one result together. Exits with 0 once every call has a result.

            As in a chat, a message holds at most 60,000 characters of a result (the limit "result_characters" of the \
            configuration): its beginning, its end, and between them the number of omitted characters. --whole-results \
            prints results whole.

            EXAMPLES:
              curl -s localhost:11434/api/chat -d @request.json | toolhost dispatch
              toolhost dispatch answer.json --fail
              toolhost dispatch answer.json --json
            """
    )

    @Argument(help: ArgumentHelp("The response; - is standard input.", valueName: "file")) var file = "-"
    @OptionGroup var options: HostOptions
    @OptionGroup var deadline: DeadlineOption
    @OptionGroup var tracing: TraceOption
    @Flag(name: .customLong("whole-results"), help: "Do not shorten long results in the messages.")
    var keepsWholeResults = false
    @Flag(help: "Exit with 1 if any result is an error.") var fail = false
    @Flag(
        help: """
            Print a report: the messages, and for each call its status, its whole result and its coercions.
            """
    )
    var json = false

    func run() async throws {
        let settings = try options.file().limits
        let limit = try characterLimit(settings)
        let recorded = try recordedResponse(settings)
        for warning in recorded.warnings { Console.error.note("In the response, " + warning) }
        var results: [ToolResult]
        if let obstacle = recorded.obstacle, !recorded.calls.isEmpty {
            Console.error.line("toolhost: no call was run: \(obstacle)")
            results = recorded.refusals(because: obstacle)
        } else {
            let host = try await options.host(notes: .verbose, timeout: deadline.timeout)
            results = try await run(recorded.calls, in: host, try tracing.open())
            if let result = recorded.surplusResult { results.append(result) }
        }
        Console.output.json(Console.output.isTerminal ? .pretty : .compact) { writer in
            json ? writeReport(results, limit, to: &writer) : writeMessages(results, limit, to: &writer)
        }
        if results.contains(where: { $0.status == .cancelled }) { throw CommandError(.interrupted) }
        if fail, results.contains(where: { $0.status != .ok }) { throw CommandError(.toolError) }
    }

    private func run(_ calls: [ToolCall], in host: ToolHost, _ trace: ConversationTrace?) async throws -> [ToolResult] {
        defer { Recorders(writer: nil, trace: trace).finish() }
        return try await Interrupts.cancelling {
            trace?.observe(.reported(.toolCalls(calls)))
            let dispatch = host.dispatch(calls)
            if let trace {
                for await event in dispatch { trace.observe(.reported(.call(event))) }
            }
            return await dispatch.results
        }
    }

    /// Reads the response.
    ///
    /// Its bytes, which may be many, are freed before the calls run.
    private func recordedResponse(_ settings: JSONObject) throws -> RecordedResponse {
        var limits = ToolLimits()
        do {
            try limits.apply(settings)
            return try RecordedResponse(parsing: try InputFile.read(file), maximumCalls: limits.calls)
        } catch let error as ToolHostError {
            throw CommandError(.usage, escaping: error.message)
        } catch let error as OllamaError {
            throw CommandError(.server, escaping: error.advisedMessage)
        } catch let error as AgentError {
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

    private func writeReport(_ results: [ToolResult], _ limit: Int, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("messages")
        writeMessages(results, limit, to: &writer)
        writer.key("calls")
        writer.beginArray()
        for result in results {
            writer.nextElement()
            result.write(to: &writer)
        }
        writer.endArray()
        writer.endObject()
    }

    private func writeMessages(_ results: [ToolResult], _ limit: Int, to writer: inout JSONWriter) {
        writer.beginArray()
        for result in results {
            writer.nextElement()
            let findings = result.writeMessage(limit: limit, to: &writer)
            if let warning = findings.warning(about: "The result of \(result.call.name)") {
                Console.error.note(warning)
            }
        }
        writer.endArray()
    }
}
