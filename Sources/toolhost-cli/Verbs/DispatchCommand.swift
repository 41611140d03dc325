import ArgumentParser
import OllamaClient
import ToolAgent
import ToolHost
import ToolJSON

/// The verb `dispatch`.
struct DispatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "Run the calls in what Ollama answered, and print the messages to append.",
        discussion: """
            Reads a response of /api/chat, the lines of a streamed one, or an assistant message alone. Its calls run in \
            parallel; the tool messages are printed as a JSON array, in the order of the calls. Calls that were cut off \
            are answered without being run. Exits with 0 once every call has its answer.

            EXAMPLES:
              curl -s localhost:11434/api/chat -d @request.json | toolhost dispatch
              toolhost dispatch answer.json --fail
              toolhost dispatch answer.json --json
            """
    )

    @Argument(help: ArgumentHelp("The answer, or - for standard input.", valueName: "file")) var file = "-"
    @OptionGroup var options: HostOptions
    @Flag(help: "Exit with 1 if any answer is an error.") var fail = false
    @Flag(help: "Print a report instead: the messages, and for each call how it ended and what was coerced.") var json =
        false

    func run() async throws {
        let bytes = try InputFile.read(file)
        let recorded: RecordedAnswer
        do {
            recorded = try RecordedAnswer(parsing: bytes)
        } catch let error as OllamaError {
            throw CommandFailure(.server, TerminalText(error.message).text)
        } catch let error as RecordedAnswerError {
            throw CommandFailure(.invalidArguments, TerminalText(error.message).text)
        }
        for warning in recorded.warnings { Console.error.note("In the answer, " + warning) }
        let answers: [ToolAnswer]
        if let obstacle = recorded.obstacle, !recorded.calls.isEmpty {
            Console.error.line("toolhost: no call was run: \(obstacle)")
            answers = recorded.refusals(obstacle)
        } else {
            let host = try await options.host()
            answers = try await Interrupts.cancelling { await host.dispatch(recorded.calls) }
        }
        let messages = JSON.array(answers.map { $0.chatMessage().json })
        Console.output.json(
            json ? ["messages": messages, "calls": .array(answers.map(\.json))] : messages,
            Console.output.isTerminal ? .pretty : .compact
        )
        if answers.contains(where: { $0.status == .cancelled }) { throw CommandFailure(.interrupted) }
        if fail, answers.contains(where: { $0.status != .ok }) { throw CommandFailure(.toolError) }
    }
}
