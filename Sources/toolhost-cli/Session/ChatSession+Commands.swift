import OllamaClient
import Terminal
import ToolAgent
import ToolHistory
import ToolHost
import ToolJSON

extension ChatSession {
    /// Runs a command; errors are shown, and the chat goes on.
    func run(_ command: SlashCommand) async {
        var model = agent.model
        if case .model(let name?) = command { model = name }
        do {
            try await perform(command)
        } catch let error as HistoryError {
            await show(CommandError(error), about: model)
        } catch {
            await show(error, about: model)
        }
    }

    private func perform(_ command: SlashCommand) async throws {
        switch command {
        case .help: showHelp()
        case .tools: showTools()
        case .tool(let name, let isOn):
            _ = try host.requiredTool(named: name)
            try setTool(name, isOn: isOn)
            Console.error.line("\(name) is \(isOn ? "on" : "off"), \(agent.tools.count.counted("tool")) in all.")
        case .model(let name): try await changeModel(name)
        case .system(let text): try changeSystem(text)
        case .think(let word): try changeThinking(word)
        case .option(let option): try changeOption(option)
        case .new: try begin()
        case .save(let name): try await save(name)
        case .load(let name): try await load(name)
        case .history(let text): try showHistory(text)
        case .undo: try await undo()
        case .retry: try await retry()
        case .edit(let text): await edit(text)
        case .image(let path): try attach(picture: path)
        case .show(let number): showResult(number)
        case .stats(let isOn):
            responder.showsStatistics = isOn ?? responder.showsStatistics
            Console.error.line("Statistics are \(responder.showsStatistics ? "shown after each answer" : "not shown").")
        case .context: Console.error.line(agent.contextUsage.line)
        // The loop that reads the lines leaves the chat.
        case .exit: break
        }
    }

    // MARK: - Lists

    private func showHelp() {
        let keys = [
            ("@FILE", "In a prompt: attach the file."), ("\"\"\"", "Begin or end a prompt of several lines."),
            ("Alt-Enter", "Begin another line."), ("Tab", "Complete a command, a tool, a model or a path."),
            ("Up, Down, Ctrl-R", "Recall or search earlier prompts."),
            ("Ctrl-C", "Cancel the answer or the line; twice: leave."),
            ("Ctrl-D", "Leave the chat."),
        ]
        show(SlashVerb.allCases.map { ($0.usage, $0.summary) } + keys)
    }

    private func showTools() {
        let offered = Set(agent.tools.map(\.name))
        if host.tools.isEmpty { return Console.error.line("There are no tools; see toolhost doctor.") }
        show(
            host.tools.map { tool in
                let summary = tool.description.split(separator: "\n").first.map(String.init) ?? ""
                return (tool.name, (offered.contains(tool.name) ? "on   " : "off  ") + summary)
            }
        )
    }

    /// Shows names in bold with a text after each.
    private func show(_ entries: [(name: String, text: String)]) {
        let console = Console.error
        let width = min(entries.map(\.name.count).max() ?? 0, 32)
        console.lines(
            entries.map { entry in
                let name = entry.name + String(repeating: " ", count: max(0, width - entry.name.count))
                return "  " + console.styled(escaping: name, .bold) + "  \(entry.text, limit: 200)"
            }
        )
    }

    private func showHistory(_ text: String?) throws {
        let (history, console) = (try ChatHistory.open(), Console.error)
        let lines =
            if let text {
                HistoryLines.lines(try history.search(text, tool: nil, limit: 10), on: console)
            } else {
                HistoryLines.lines(try history.conversations(limit: 10), on: console)
            }
        if lines.isEmpty { return console.line("Nothing is stored\(text == nil ? "" : " with these words").") }
        console.lines(lines)
    }

    private func showResult(_ number: Int?) {
        let console = Console.error
        if let rows = memory.result(number, columns: console.size.columns) { return console.rows(rows) }
        let numbers = memory.numbers
        guard let first = numbers.first, let last = numbers.last else { return console.line("There are no results.") }
        console.line("There is no such result. The results are \(first) to \(last).")
    }

    // MARK: - The model

    private func changeModel(_ name: String?) async throws {
        guard let name, name != agent.model else {
            return Console.error.line("The model is \(agent.model, limit: 100). /model NAME changes it.")
        }
        let server = server
        let capabilities = try await Interrupts.cancelling { try await server.capabilities(of: name) }
        try restart(model: name)
        Console.error.line("The model is \(name, limit: 100).")
        if capabilities?.tools == false, !agent.tools.isEmpty {
            Console.error.line("warning: this model cannot call tools")
        }
    }

    private func changeSystem(_ text: String?) throws {
        var messages = agent.messages
        guard let text else {
            guard let prompt = messages.first, prompt.role == .system else {
                return Console.error.line("There is no system prompt. /system TEXT sets one.")
            }
            Console.error.quote(prompt.content)
            return Console.error.endLine()
        }
        let isRemoved = text == "none"
        if isRemoved, messages.first?.role == .system { messages.removeFirst() }
        configuration.system = isRemoved ? nil : text
        try restart(messages: messages)
        Console.error.line(isRemoved ? "The system prompt is removed." : "The system prompt is set.")
    }

    private func changeOption(_ text: String?) throws {
        let console = Console.error
        guard let text else {
            let options = configuration.options
            if options.isEmpty { return console.line("The model has its own options. /option KEY=VALUE sets one.") }
            return console.lines(options.map { "  \($0.key, limit: 80) = \($0.value.text(upTo: 200).text)" })
        }
        let (key, value) = try ModelOption.value(text, of: "/option")
        let isRemoved = value == ""
        // A bare nil would be JSON's null.
        configuration.options[key] = isRemoved ? JSON?.none : value
        try restart()
        console.line("\(key, limit: 80) is \(isRemoved ? "removed" : "set").")
    }

    private func changeThinking(_ word: String?) throws {
        let console = Console.error
        switch word {
        case "show"?:
            console.rows(memory.fold(false, columns: console.size.columns))
            console.line("Thinking is shown.")
        case "hide"?:
            _ = memory.fold(true, columns: console.size.columns)
            console.line("Thinking is hidden. /think show shows it, also the last one.")
        case let level?:
            configuration.think = ThinkLevel(level == "on" ? "true" : level == "off" ? "false" : level)
            try restart()
            console.line("Thinking is set to \(level).")
        case nil:
            let level =
                switch configuration.think {
                case nil: "what the model does by default"
                case .on?: "on"
                case .off?: "off"
                case .level(let level)?: level
                }
            console.line("Thinking is set to \(level), and is \(memory.isFolded ? "hidden" : "shown").")
        }
    }
}
