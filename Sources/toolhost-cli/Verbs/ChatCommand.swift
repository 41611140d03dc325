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

            At the terminal, /help lists the commands of a chat, @FILE in a prompt attaches a file, and Ctrl-C returns to \
            the prompt. Ctrl-D leaves.

            Text on standard input is sent before the prompt. If standard input is open but sends nothing for a second, \
            the prompt is sent without it, with a message on standard error. In a script that needs its standard input \
            for something else, add </dev/null.

            The model is that of -m, of TOOLHOST_MODEL or of the configuration (toolhost config set model NAME), or else \
            the first loaded model that can call tools (with --api openai, the only model of the server). The server is that of OLLAMA_HOST, or else this machine. \
            With --api openai, it is a server with /v1/chat/completions, such as those of llama.cpp, LM Studio and vLLM: \
            that of OPENAI_BASE_URL, or else http://127.0.0.1:8080/v1. OPENAI_API_KEY is its key. \
            -m rehearsal needs no server: it starts a stand-in that chooses tools by the words of the prompt. It is not a \
            language model, but it shows whether a tool works in a chat.

            Conversations are stored, except with --no-history; toolhost history lists them. --continue and --session \
            continue one, with its model unless -m names another one.

            --json prints a JSON object for each event on a line: first "start" with the version of the form, last "end" \
            with the exit code, the text and an error. The schema of the lines is in share/toolhost/Documentation/Schemas.

            Exits with 7 if the server or the model fails or the answer does not fit --format, and with 130 if the answer \
            is cancelled.

            EXAMPLES:
              toolhost chat -m qwen3 "What is the temperature in New York and London?"
              toolhost chat -m qwen3 --think high --tools 'get_*'
              toolhost chat -m qwen3 --file notes.txt --format schema.json "Summarize this."
              git diff | toolhost chat -m qwen3 "Summarize this change."
              OPENAI_BASE_URL=http://127.0.0.1:1234/v1 toolhost chat --api openai
              toolhost chat -m rehearsal "What is (11434+12341)*412?"
            """
    )

    @Argument(help: "The prompt, or - for standard input.") var prompt: String?
    @Option(name: [.short, .long], help: "The model. Default: TOOLHOST_MODEL, the configured or a loaded one.")
    var model: String?
    @Option(
        help: ArgumentHelp(
            "The protocol of the server: ollama or openai. Default: the configured one, or ollama.",
            valueName: "protocol"
        )
    )
    var api: ModelAPI?
    @Option(
        help: ArgumentHelp(
            "Think before answering: true, false, low, medium, high or max. Without a level: true.",
            valueName: "level"
        )
    )
    var think: String?
    @Flag(name: .customLong("hide-thinking"), help: "Show only how long the model thinks.") var hidesThinking = false
    @Flag(name: .customLong("stats"), help: "Show tokens and times after each answer.") var showsStatistics = false
    @Flag(name: .customLong("no-stream"), help: "Print the answer once it is complete.") var doesNotStream = false
    @Option(
        name: .customLong("tools"),
        help: ArgumentHelp("Offer only tools whose names match; repeatable.", valueName: "glob")
    )
    var globs: [String] = []
    @Option(
        help: ArgumentHelp(
            "Let the model search for tools instead of offering all: auto (if they fill the window), always or never.",
            valueName: "mode"
        )
    )
    var toolSearch: String?
    @Option(help: ArgumentHelp("The system prompt.", valueName: "text")) var system: String?
    @Option(
        name: .customLong("image"),
        help: ArgumentHelp("A picture for the prompt, at most 32 MiB; repeatable.", valueName: "file")
    )
    var images: [String] = []
    @Option(
        name: .customLong("option"),
        help: ArgumentHelp("A model option, such as temperature=0; repeatable.", valueName: "key=value")
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
    @OptionGroup var answer: AnswerOptions
    @OptionGroup var recording: RecordingOptions
    @OptionGroup var session: HistoryOptions
    @OptionGroup var options: HostOptions
    @OptionGroup var deadline: DeadlineOption

    func validate() throws {
        if let think, ThinkLevel(think) == nil {
            let question = NearNames.question(think, among: ["true", "false", "low", "medium", "high", "max"])
            throw ValidationError("--think takes true, false, low, medium, high or max.\(question)")
        }
        if let toolSearch, ToolSearchMode(rawValue: toolSearch) == nil {
            let question = NearNames.question(toolSearch, among: ToolSearchMode.allCases.map(\.rawValue))
            throw ValidationError("--tool-search takes auto, always or never.\(question)")
        }
        if let keepAlive, KeepAlive(keepAlive) == nil {
            throw ValidationError("--keep-alive takes a time like 5m or 1h30m, seconds, 0 or -1.")
        }
        if answer.printsEvents, hidesThinking || showsStatistics {
            throw ValidationError("The events have thinking and statistics: omit --hide-thinking and --stats.")
        }
        guard recording.replay == nil || !hasOptionsOfNewChat else {
            throw ValidationError("--replay shows a recorded chat: omit the prompt and the options of a new one.")
        }
    }

    /// True if an option has no meaning for a recorded chat.
    private var hasOptionsOfNewChat: Bool {
        let values = [
            prompt, model, think, system, keepAlive, answer.format, answer.toolChoice, session.session,
            recording.record,
            recording.tracing.path,
        ]
        let lists = [globs, images, modelOptions, answer.files, options.plugins]
        let numbers = [numCtx, rounds]
        return api != nil || values.contains { $0 != nil } || lists.contains { !$0.isEmpty }
            || numbers.contains { $0 != nil }
            || doesNotStream || showsStatistics || ask || session.continues || session.history != nil
            || deadline.timeout != nil
    }

    func run() async throws {
        let events = answer.printsEvents ? EventLines() : nil
        do {
            if let path = recording.replay { try await replay(path, events) } else { try await chat(events) }
        } catch let error as CommandError {
            events?.finish(exitCode: error.exit.rawValue, error: error.message.text)
            throw error
        } catch {
            events?.finish(exitCode: Self.exitCode(for: error).rawValue, error: Self.message(for: error))
            throw error
        }
        events?.finish(exitCode: ExitStatus.done.rawValue)
    }

    private func chat(_ events: EventLines?) async throws {
        let file = try options.file()
        let settings: ChatSettings
        do throws(ToolHostError) {
            settings = try ChatSettings(file.chatDefaults)
        } catch {
            throw CommandError(.usage, error)
        }
        let readers = answer.inputReaders() + images.count { $0 == "-" } + (prompt == "-" ? 1 : 0)
        guard readers <= 1 || answer.inputReaders() == 0 else {
            throw CommandError(.usage, "Standard input can be read only once.")
        }
        let format = try answer.format.map { name throws(CommandError) in try AnswerFormat(named: name) }
        var configuration = try agentConfiguration(file.limits, settings)
        configuration.format = format?.json
        let recorders = try recording.recorders()
        defer { recorders.finish() }
        recorders.observe(&configuration)
        let history = try ChatHistory(
            continues: session.continues,
            session: session.session,
            isStored: session.history ?? settings.isStored
        )
        let attachments = try Attachment.read(answer.files, pictures: images)
        let prompt = try wholePrompt()
        if events != nil, prompt.text == nil {
            throw CommandError(.usage, "--json needs a prompt, as an argument or on standard input.")
        }
        let notes: HostOptions.Notes = prompt.text == nil ? .all : .verbose
        let host = try await options.host(notes: notes, timeout: deadline.timeout) { configuration in
            guard ask else { return }
            configuration.authorization.policy.confirmation = .everyCall
            if Prompter.isPossible { configuration.authorization.asker = CallPrompter.singleAsker }
        }
        try filter.check(host)
        let variable = ProcessEnvironment.all["TOOLHOST_MODEL"].flatMap { $0.isEmpty ? nil : $0 }
        let name = model ?? history.model ?? variable ?? settings.model
        let rehearsal = name == RehearsalServer.model ? try RehearsalServer() : nil
        if rehearsal != nil {
            Console.error.line(
                "This is a rehearsal: a stand-in chooses tools by the words of the prompt. It is not a language model."
            )
        }
        let server =
            if let rehearsal { ModelServer.ollama(OllamaClient(endpoint: rehearsal.endpoint)) } else {
                ModelServer(api ?? settings.api)
            }
        Console.error.warn(about: server.endpoint)
        let responder = ChatResponder(
            format: format,
            form: format == nil ? answer.output : .markdown,
            events: events,
            hidesThinking: hidesThinking,
            showsStatistics: showsStatistics
        )
        do {
            let chosen: String = if let name { name } else { try await ModelChoice.loaded(server) }
            if rehearsal == nil, name == nil, prompt.text != nil { Console.error.line("Model: \(chosen, limit: 100)") }
            configuration.learnsContextSize = rehearsal == nil
            // The stand-in chooses a tool by the words of the prompt, and these tools serve no prompt.
            configuration.offersResultReading = rehearsal == nil
            configuration.toolSearch = rehearsal == nil ? configuration.toolSearch : .never
            let agent = try Agent(
                model: chosen,
                client: server.chatModel,
                host: host,
                messages: history.messages,
                configuration: configuration
            )
            try answer.check(agent, host)
            events?.begin(agent, server: server.endpoint)
            if let text = prompt.text {
                var message = ChatMessage(prompt: text, attachments: attachments)
                if prompt.hasInput { message.outsideSources.append("standard input") }
                try await responder.respond(to: message, agent, history, isLoading: configuration.learnsContextSize)
            } else {
                let session = ChatSession(
                    agent,
                    server: server,
                    host: host,
                    history: history,
                    responder: responder,
                    keepsModel: model != nil || rehearsal != nil
                )
                session.attachments = attachments
                try await session.run()
            }
            if prompt.isIncomplete, InputFile.hasInput { warnOfLateInput() }
        } catch let error as OllamaError {
            let hint = error.code == .connectionFailed ? " Or try the tools without a model: -m rehearsal." : ""
            let advice = await ModelChoice.advice(about: error, name, server)
            throw CommandError(.server, escaping: error.advisedMessage + hint + advice)
        } catch let error as AgentError {
            throw CommandError(.server, escaping: error.advisedMessage)
        }
    }

    private var filter: ToolFilter { ToolFilter(patterns: globs) }

    private func agentConfiguration(_ limits: JSONObject, _ settings: ChatSettings) throws -> AgentConfiguration {
        var configuration = AgentConfiguration()
        do {
            try configuration.apply(limits)
        } catch {
            throw CommandError(.usage, escaping: error.message)
        }
        if let rounds { configuration.maximumRounds = rounds }
        // An empty prompt replaces the configured one.
        configuration.system = (system ?? settings.system).flatMap { $0.isEmpty ? nil : $0 }
        configuration.think = think.flatMap(ThinkLevel.init) ?? settings.think
        configuration.toolChoice = answer.choice
        configuration.toolSearch = toolSearch.flatMap(ToolSearchMode.init) ?? .automatic
        configuration.streams = !doesNotStream
        configuration.keepAlive = keepAlive.flatMap(KeepAlive.init) ?? settings.keepAlive
        configuration.options = try ModelOption.values(modelOptions, contextLength: numCtx)
        for (key, value) in settings.options where configuration.options[key] == nil {
            configuration.options[key] = value
        }
        if !globs.isEmpty {
            configuration.includesTool = { [filter] tool in filter.includes(tool.name) }
        } else if !settings.tools.isEmpty {
            configuration.includesTool = { tool in settings.tools.isOn(tool.name) }
        }
        return configuration
    }

    /// Reads the prompt.
    ///
    /// Text of standard input beside a prompt can come from anyone, as that of an attached file.
    ///
    /// - Returns: The prompt with the text of standard input before it, or nil if prompts are typed at the terminal;
    ///   true if there is such text; and true if standard input may still send something.
    private func wholePrompt() throws(CommandError) -> (text: String?, hasInput: Bool, isIncomplete: Bool) {
        func isEmpty(_ text: String) -> Bool { !text.contains { !$0.isWhitespace } }
        guard let prompt, prompt != "-" else {
            if prompt == nil, isatty(STDIN_FILENO) == 1 { return (nil, false, false) }
            let text = try InputFile.prompt()
            guard !isEmpty(text) else {
                throw CommandError(
                    .usage,
                    "The prompt is empty: standard input has no text. Write some to it, or give the prompt as an argument."
                )
            }
            return (text, false, false)
        }
        guard !isEmpty(prompt) else {
            throw CommandError(
                .usage,
                "The prompt is empty. Give a prompt with text, or omit it to type prompts at the terminal."
            )
        }
        // Standard input that was read for an option is at its end.
        let isRead = images.contains("-") || answer.inputReaders() > 0
        let (input, isSilent) = try isRead ? (nil, false) : InputFile.textBesidePrompt()
        guard let input else { return (prompt, false, isSilent) }
        let shown = TextNeutraliser.neutralised(input).text
        return (shown + (shown.utf8.last == UInt8(ascii: "\n") ? "\n" : "\n\n") + prompt, true, false)
    }

    private func warnOfLateInput() {
        Console.error.line(
            """
            warning: standard input sent data after the prompt was sent, so the model did not read it. Save the data to \
            a file, and ask again with <FILE
            """
        )
    }
}
