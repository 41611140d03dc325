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
        abstract: "Talk to a model that can call the tools.",
        discussion: """
            With a prompt it answers and exits; without one it reads prompts from the terminal, or a whole one from \
            standard input. The answer goes to standard output; thinking, calls and results go to standard error. \
            Ctrl-C cancels the answer, and a second one exits.

            Text on standard input is sent before the prompt. If standard input is open but sends nothing for a second, \
            the prompt is sent without it, and standard error says so; in a script that needs its standard input for \
            something else, add </dev/null.

            The model is the one of -m, else of TOOLHOST_MODEL, else the loaded one that can call tools. The server is \
            the one of OLLAMA_HOST, else this machine. -m rehearsal needs no server: it starts a stand-in that is no \
            language model, picks tools by the words of the prompt, and lets a tool be tried in the whole loop.

            EXAMPLES:
              toolhost chat -m qwen3 "What is the temperature in New York and London?"
              toolhost chat -m qwen3 --think high --tools 'get_*'
              git diff | toolhost chat -m qwen3 "Summarize this change."
              toolhost chat -m rehearsal "What is (11434+12341)*412?"
            """
    )

    @Argument(help: "The prompt, or - for standard input.") var prompt: String?
    @Option(name: [.short, .long], help: "The model.") var model: String?
    @Option(
        help: ArgumentHelp(
            "Think before answering: true, false, low, medium, high or max; true without a level.",
            valueName: "level"
        )
    )
    var think: String?
    @Flag(name: .customLong("no-stream"), help: "Wait for whole messages.") var doesNotStream = false
    @Option(name: .customLong("tools"), help: ArgumentHelp("Offer only the tools of such names.", valueName: "glob"))
    var globs: [String] = []
    @Option(help: ArgumentHelp("What comes before the conversation.", valueName: "text")) var system: String?
    @Option(name: .customLong("image"), help: ArgumentHelp("A picture for the prompt.", valueName: "file"))
    var images: [String] = []
    @Option(
        name: .customLong("option"),
        help: ArgumentHelp("An option of Ollama's, temperature=0 say.", valueName: "key=value")
    )
    var modelOptions: [String] = []
    @Option(
        help: ArgumentHelp("The tokens that the model can read at once.", valueName: "tokens"),
        transform: NumberOption.integer(in: ServerRange.contextLength)
    )
    var numCtx: Int?
    @Option(
        help: ArgumentHelp(
            "Keep the model loaded for so long: 5m, 1h30m, seconds; 0 unloads it at once, -1 keeps it.",
            valueName: "time"
        )
    )
    var keepAlive: String?
    @Option(
        help: ArgumentHelp("The maximum number of messages with calls for a prompt.", valueName: "count"),
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
            configuration.policy?.asksForEachCall = true
            if Prompter.isPossible { configuration.asker = CallPrompter.singleAsker }
        }
        try filter.check(host)
        let name = model ?? ProcessEnvironment.all["TOOLHOST_MODEL"].flatMap { $0.isEmpty ? nil : $0 }
        let rehearsal = name == RehearsalServer.model ? try RehearsalServer() : nil
        if rehearsal != nil {
            Console.error.line(
                "This is a rehearsal: a stand-in picks tools by the words of the prompt. It is not a language model."
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
            throw CommandError(.server, escaping: error.message + hint + advice)
        } catch let error as AgentError {
            throw CommandError(.server, escaping: error.message)
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
        if let rounds { configuration.rounds = rounds }
        configuration.system = system
        configuration.think = think.flatMap(ThinkLevel.init)
        configuration.streams = !doesNotStream
        configuration.keepAlive = keepAlive.flatMap(KeepAlive.init)
        configuration.options = try ModelOption.values(modelOptions, contextLength: numCtx)
        if !globs.isEmpty { configuration.offers = { [filter] tool in filter.includes(tool.name) } }
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
                "The prompt is empty. Give one with text, or none at all to type prompts at the terminal."
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
        Console.error.line("\(agent.tools.count) tools. Ctrl-D ends.")
        while let text = await Prompter.line("> ") {
            guard text.contains(where: { !$0.isWhitespace }) else { continue }
            do {
                try await respond(agent, text, pictures, isOnly: false)
            } catch let error as OllamaError where error.code != .connectionFailed {
                // The conversation is still whole, and the next prompt may do better.
                Console.error.line("toolhost: \(error.message)")
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
            try await agent.respond(to: prompt) { display.show($0) }
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
