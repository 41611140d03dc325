import ArgumentParser
import Glibc
import OllamaClient
import ToolAgent
import ToolHost
import ToolJSON

/// The verb `chat`.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Chat with a model that can call the tools.",
        usage: "toolhost chat [<options>] [<prompt>]",
        discussion: """
            With a prompt, chat prints the answer and exits. Without one, it reads prompts from the terminal, or one \
            prompt from standard input. The answer goes to standard output; thinking, calls and results go to standard \
            error. Ctrl-C cancels the answer, and a second Ctrl-C exits.

            Text on standard input is sent before the prompt. If standard input is open but sends nothing for a second, \
            the prompt is sent without it, with a message on standard error. In a script that needs its standard input \
            for something else, add </dev/null.

            The model is that of -m or of TOOLHOST_MODEL, or else the first loaded model that can call tools. The server \
            is that of OLLAMA_HOST, or else this machine. -m rehearsal needs no server: it starts a stand-in that \
            chooses tools by the words of the prompt. It is not a language model, but it shows whether a tool works in a \
            chat.

            Exits with 7 if the server or the model fails, and with 130 if the answer is cancelled.

            EXAMPLES:
              toolhost chat -m qwen3 "What is the temperature in New York and London?"
              toolhost chat -m qwen3 --think high --tools 'get_*'
              git diff | toolhost chat -m qwen3 "Summarize this change."
              toolhost chat -m rehearsal "What is (11434+12341)*412?"
            """
    )

    @Argument(help: "The prompt, or - for standard input.") var prompt: String?
    @Option(name: [.short, .long], help: "The model. Default: TOOLHOST_MODEL, or a loaded model.") var model: String?
    @Option(
        help: ArgumentHelp(
            "Think before answering: true, false, low, medium, high or max. Without a level: true.",
            valueName: "level"
        )
    )
    var think: String?
    @Flag(name: .customLong("no-stream"), help: "Print the answer once it is complete.") var doesNotStream = false
    @Option(
        name: .customLong("tools"),
        help: ArgumentHelp("Offer only tools whose names match; repeatable.", valueName: "glob")
    )
    var globs: [String] = []
    @Option(help: ArgumentHelp("The system prompt.", valueName: "text")) var system: String?
    @Option(
        name: .customLong("image"),
        help: ArgumentHelp("A picture for the prompt, at most 32 MiB; repeatable.", valueName: "file")
    )
    var images: [String] = []
    @Option(
        name: .customLong("option"),
        help: ArgumentHelp("A model option of Ollama, such as temperature=0; repeatable.", valueName: "key=value")
    )
    var modelOptions: [String] = []
    @Option(
        help: ArgumentHelp("The size of the context window: 1 to 2147483647.", valueName: "tokens"),
        transform: NumberOption.integer(in: ServerRange.contextLength)
    )
    var numCtx: Int?
    @Option(
        help: ArgumentHelp(
            "Keep the model loaded for a time: 5m, 1h30m or seconds; 0 unloads it at once, -1 never.",
            valueName: "time"
        )
    )
    var keepAlive: String?
    @Option(
        help: ArgumentHelp("The maximum number of rounds of calls: 1 to 1000000. Default: 32.", valueName: "count"),
        transform: NumberOption.integer(in: AgentConfiguration.roundsRange)
    )
    var rounds: Int?
    @Flag(help: "Ask before each call.") var ask = false
    @OptionGroup var options: HostOptions
    @OptionGroup var deadline: DeadlineOption

    func validate() throws {
        if let think, ThinkLevel(think) == nil {
            let question = NearNames.question(think, among: ["true", "false", "low", "medium", "high", "max"])
            throw ValidationError("--think takes true, false, low, medium, high or max.\(question)")
        }
        if let keepAlive, KeepAlive(keepAlive) == nil {
            throw ValidationError("--keep-alive takes a time like 5m or 1h30m, seconds, 0 or -1.")
        }
    }

    func run() async throws {
        var configuration = try agentConfiguration()
        let pictures = try images.map { try InputFile.read($0, limit: 32 << 20) }
        let prompt = try wholePrompt()
        let notes: HostOptions.Notes = prompt.text == nil ? .all : .verbose
        let host = try await options.host(notes: notes, timeout: deadline.timeout) { configuration in
            guard ask else { return }
            configuration.authorization.policy.confirmation = .everyCall
            if Prompter.isPossible { configuration.authorization.asker = CallPrompter.singleAsker }
        }
        try filter.check(host)
        let name = model ?? ProcessEnvironment.all["TOOLHOST_MODEL"].flatMap { $0.isEmpty ? nil : $0 }
        let rehearsal = name == RehearsalServer.model ? try RehearsalServer() : nil
        if rehearsal != nil {
            Console.error.line(
                "This is a rehearsal: a stand-in chooses tools by the words of the prompt. It is not a language model."
            )
        }
        let client =
            if let rehearsal { OllamaClient(endpoint: rehearsal.endpoint) } else {
                OllamaClient(environment: ProcessEnvironment.all)
            }
        Console.error.warn(about: client.endpoint)
        do {
            let chosen: String = if let name { name } else { try await ModelChoice.loaded(client) }
            if rehearsal == nil, name == nil { Console.error.line("Model: \(chosen, limit: 100)") }
            configuration.learnsContextSize = rehearsal == nil
            let agent = Agent(model: chosen, client: client, host: host, configuration: configuration)
            try await converse(agent, prompt.text, pictures)
            if prompt.isIncomplete, InputFile.hasInput { warnOfLateInput() }
        } catch let error as OllamaError {
            let hint = error.code == .connectionFailed ? " Or try the tools without a model: -m rehearsal." : ""
            let advice = await ModelChoice.advice(about: error, name, client)
            throw CommandError(.server, escaping: error.advisedMessage + hint + advice)
        } catch let error as AgentError {
            throw CommandError(.server, escaping: error.advisedMessage)
        }
    }

    private var filter: ToolFilter { ToolFilter(patterns: globs) }

    private func agentConfiguration() throws -> AgentConfiguration {
        var configuration = AgentConfiguration()
        let limits = try options.file().limits
        do {
            try configuration.apply(limits)
        } catch {
            throw CommandError(.usage, escaping: error.message)
        }
        if let rounds { configuration.maximumRounds = rounds }
        configuration.system = system
        configuration.think = think.flatMap(ThinkLevel.init)
        configuration.streams = !doesNotStream
        configuration.keepAlive = keepAlive.flatMap(KeepAlive.init)
        configuration.options = try ModelOption.values(modelOptions, contextLength: numCtx)
        if !globs.isEmpty { configuration.includesTool = { [filter] tool in filter.includes(tool.name) } }
        return configuration
    }

    /// Reads the prompt.
    ///
    /// - Returns: The prompt with the text of standard input before it, or nil if prompts are typed at the terminal; and
    ///   true if standard input may still send something.
    private func wholePrompt() throws(CommandError) -> (text: String?, isIncomplete: Bool) {
        func isEmpty(_ text: String) -> Bool { !text.contains { !$0.isWhitespace } }
        guard let prompt, prompt != "-" else {
            if prompt == nil, isatty(STDIN_FILENO) == 1 { return (nil, false) }
            let text = try InputFile.prompt()
            guard !isEmpty(text) else {
                throw CommandError(
                    .usage,
                    "The prompt is empty: standard input has no text. Write some to it, or give the prompt as an argument."
                )
            }
            return (text, false)
        }
        guard !isEmpty(prompt) else {
            throw CommandError(
                .usage,
                "The prompt is empty. Give a prompt with text, or omit it to type prompts at the terminal."
            )
        }
        // Standard input that was read as a picture is at its end.
        let (input, isSilent) = try images.contains("-") ? (nil, false) : InputFile.textBesidePrompt()
        guard let input else { return (prompt, isSilent) }
        return (input + (input.utf8.last == UInt8(ascii: "\n") ? "\n" : "\n\n") + prompt, false)
    }

    private func warnOfLateInput() {
        Console.error.line(
            """
            warning: standard input sent data after the prompt was sent, so the model did not read it. Save the data to \
            a file, and ask again with <FILE
            """
        )
    }

    private func converse(_ agent: Agent, _ prompt: String?, _ pictures: [[UInt8]]) async throws {
        var pictures = pictures
        if let prompt { return try await respond(agent, prompt, pictures, isOnly: true) }
        Console.error.line("\(agent.tools.count) tools. Ctrl-D exits.")
        while let text = await Prompter.line("> ") {
            guard text.contains(where: { !$0.isWhitespace }) else { continue }
            do {
                try await respond(agent, text, pictures, isOnly: false)
            } catch let error as OllamaError where error.code != .connectionFailed {
                // The conversation can still be continued, and the next prompt may succeed.
                Console.error.line("toolhost: \(error.advisedMessage)")
            }
            pictures = []
        }
        Console.error.endLine()
    }

    private func respond(_ agent: Agent, _ text: String, _ pictures: [[UInt8]], isOnly: Bool) async throws {
        let display = ChatDisplay()
        let prompt = ChatMessage(role: .user, content: text, images: pictures)
        defer { display.finish() }
        let outcome = try await Interrupts.cancelling {
            let response = agent.respond(to: prompt)
            for try await event in response { display.show(event) }
            return try await response.outcome
        }
        display.finish()
        switch outcome.reason {
        case .answered:
            break
        case .roundLimit:
            Console.error.line("toolhost: stopped calling after \(outcome.rounds) rounds (--rounds)")
        case .cancelled:
            Console.error.line("toolhost: cancelled")
            if isOnly { throw CommandError(.interrupted) }
        case .truncated:
            Console.error.line("toolhost: the answer was cut off at its length limit (--option num_predict=N)")
            if isOnly { throw CommandError(.server) }
        case .emptyAnswer:
            Console.error.line("toolhost: the model gave no answer")
            if isOnly { throw CommandError(.server) }
        }
    }
}
