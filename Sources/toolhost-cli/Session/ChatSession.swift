import Glibc
import OllamaClient
import Terminal
import ToolAgent
import ToolHistory
import ToolHost
import ToolJSON

/// A chat at a terminal: prompts and commands, one after the other, until the user leaves.
///
/// It is used by one task.
final class ChatSession {
    let server: ModelServer
    let host: ToolHost
    let memory: ChatMemory
    /// True if the model stays when another conversation is loaded.
    let keepsModel: Bool
    var configuration: AgentConfiguration
    var agent: Agent
    var history: ChatHistory
    /// The files for the next prompt.
    var attachments: [Attachment] = []
    /// The last prompt, if it has no reply and is not in the conversation.
    var failedPrompt: ChatMessage?
    var responder: ChatResponder
    /// The editor of the lines, while it has the terminal.
    private var editor: LineEditor?
    /// The prompts of this chat and of earlier ones.
    let prompts: PromptHistory
    private let models: ModelNames
    /// The tools that the user has switched on or off.
    private var switches: [String: Bool] = [:]
    private let includesTool: (@Sendable (RegisteredTool) -> Bool)?
    /// True until the model has responded.
    private var isLoading: Bool

    /// Creates a session, which begins with the conversation of an agent.
    init(
        _ agent: Agent,
        server: ModelServer,
        host: ToolHost,
        history: ChatHistory,
        responder: ChatResponder,
        keepsModel: Bool
    ) {
        (self.agent, self.server, self.host, self.history) = (agent, server, host, history)
        (configuration, includesTool) = (agent.configuration, agent.configuration.includesTool)
        self.keepsModel = keepsModel
        isLoading = agent.configuration.learnsContextSize
        var responder = responder
        memory = ChatMemory(isFolded: responder.hidesThinking)
        responder.memory = memory
        self.responder = responder
        prompts = PromptHistory(path: history.isStored ? UserPaths.directory(.state).map { $0 + "/prompts" } : nil)
        models = ModelNames(server)
    }

    /// Reads prompts and commands, and answers them.
    ///
    /// - Throws: ``CommandError`` if the user leaves with Ctrl-C.
    func run() async throws(CommandError) {
        let console = Console.error
        openEditor()
        defer { closeEditor() }
        console.rows(await banner())
        if let number = history.conversation { showConversation(number) }
        for file in attachments { console.line("Attached: \(file.title)") }
        if editor == nil { return await readLines() }
        // Ctrl-C at an empty prompt leaves at the second time.
        var isLeaving = false
        while let editor {
            console.endLine()
            switch await editor.read(request()) {
            case .line(let line):
                isLeaving = false
                guard await handle(line) else { return }
            case .editorRequested(let line):
                isLeaving = false
                await edit(line.string)
            case .interrupted where isLeaving:
                throw CommandError(.interrupted)
            case .interrupted:
                isLeaving = true
                console.line("Ctrl-C again or Ctrl-D leaves the chat.")
            case .endOfInput, .cancelled:
                return
            }
        }
    }

    /// Takes the terminal to read lines.
    func openEditor() {
        let console = Console.error
        if console.isTerminal {
            editor = LineEditor(hasStyles: console.hasStyles, history: prompts) { console.beginRow() }
        }
        console.use(editor)
        Interrupts.use(editor)
    }

    /// Restores the terminal, for another program or the end of the chat.
    func closeEditor() {
        editor?.close()
        Interrupts.use(nil)
        Console.error.use(nil)
        editor = nil
    }

    /// Reads lines without an editor, if standard error is no terminal.
    private func readLines() async {
        while true {
            Console.error.endLine()
            Console.error.write("> ")
            guard let text = readLine(), await handle(LineText(text)) else { break }
        }
        Console.error.endLine()
    }

    private func request() -> LineRequest {
        let (models, tools, home) = (models, host.tools.map(\.name), ProcessEnvironment.all["HOME"])
        return LineRequest(Console.error.styled("> ", .bold).text) { text in
            let command = SlashCommand.completion(of: text, tools: tools, models: models.load)
            return command.words.isEmpty ? PathCompletion.completion(of: text, home: home) : command
        }
    }

    /// Handles a line that was typed.
    ///
    /// - Returns: False to leave the chat.
    @discardableResult
    func handle(_ line: LineText) async -> Bool {
        do throws(SlashCommandError) {
            if let command = try SlashCommand(parsing: line) {
                if command == .exit { return false }
                await run(command)
                return true
            }
        } catch {
            Console.error.line("\(error.message)")
            return true
        }
        let text = line.string
        guard text.contains(where: { !$0.isWhitespace }) else { return true }
        let pending = attachments
        do throws(CommandError) {
            for path in line.typedPaths { try attach(word: path) }
        } catch {
            attachments = pending
            Console.error.line("toolhost: \(error.message)")
            return true
        }
        let files = attachments
        attachments = []
        await respond(to: ChatMessage(prompt: text, attachments: files))
        return true
    }

    /// Sends a prompt; errors are shown, and the chat goes on.
    func respond(to prompt: ChatMessage) async {
        let count = agent.messages.count
        failedPrompt = nil
        let wasLoading = isLoading
        isLoading = false
        do {
            try await responder.respond(to: prompt, agent, history, isLoading: wasLoading)
            // A prompt that was cancelled before any reply would be sent again with the next one.
            if agent.messages.last?.role == .user { failedPrompt = try? agent.undo() }
        } catch {
            isLoading = wasLoading
            // A prompt without a reply is not in the conversation.
            if agent.messages.count <= count { failedPrompt = prompt }
            await show(error, about: agent.model)
        }
    }

    /// Shows an error that does not end the chat.
    func show(_ error: any Error, about model: String) async {
        let message: String
        switch error {
        case let error as CommandError: return Console.error.line("toolhost: \(error.message)")
        case let error as OllamaError:
            message = error.advisedMessage + (await ModelChoice.advice(about: error, model, server))
        case let error as AgentError: message = error.advisedMessage
        case is CancellationError: message = "cancelled"
        default: message = "\(error)"
        }
        Console.error.line(escaping: "toolhost: " + message)
    }

    // MARK: - The agent

    /// Continues with an agent of the present configuration.
    ///
    /// - Throws: `AgentError` if the messages cannot be continued; nothing changes then.
    func restart(model: String? = nil, messages: [ChatMessage]? = nil) throws(AgentError) {
        agent = try Agent(
            model: model ?? agent.model,
            client: server.chatModel,
            host: host,
            messages: messages ?? agent.messages,
            configuration: configuration
        )
        isLoading = configuration.learnsContextSize
    }

    /// Offers a tool to the model, or no longer.
    func setTool(_ name: String, isOn: Bool) throws(AgentError) {
        switches[name] = isOn
        let (switches, base) = (switches, includesTool)
        configuration.includesTool = { tool in switches[tool.name] ?? base?(tool) ?? true }
        try restart()
    }

    // MARK: - Words

    private func banner() async -> [StyledText] {
        ChatBanner(
            model: agent.model,
            server: server.endpoint.url,
            contextLength: await contextLength(),
            toolCount: agent.tools.count
        ).text(columns: Console.error.size.columns, hint: "/help lists the commands. Ctrl-D leaves.")
    }

    /// Returns the size of the context window: the configured one, or that of the loaded model.
    private func contextLength() async -> Int? {
        if let size = configuration.options["num_ctx"]?.int { return size }
        guard configuration.learnsContextSize else { return nil }
        let (server, model) = (server, agent.model)
        let request = Task { try? await server.contextLength(of: model) }
        // The banner must not wait for a slow server.
        let timer = Task {
            try? await Task.sleep(for: .seconds(1))
            request.cancel()
        }
        defer { timer.cancel() }
        return await request.value
    }

    /// Shows which conversation is continued.
    func showConversation(_ number: Int) {
        let prompt = agent.lastPrompt?.content.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? ""
        let count = agent.messages.count.counted("message")
        Console.error.line("Conversation \(number), \(count). The last prompt: \(prompt, limit: 100)")
    }
}
