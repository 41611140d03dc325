import Dispatch
import Glibc
import Synchronization
import ToolHost
import ToolJSON

/// Asks the person at the terminal.
enum Prompter {
    private static let queue = DispatchQueue(label: "toolhost.terminal")

    /// Whether there is somebody to ask.
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && Console.error.isTerminal }

    /// Reads a line, off the pool that the rest of the program runs on.
    ///
    /// - Returns: `nil` at the end of input.
    static func line(_ prompt: String) async -> String? {
        await line { Console.error.write(prompt) }
    }

    /// Asks a question on which something depends: what it is about, then its prompt.
    ///
    /// What was typed before the prompt is there cannot be an answer to it, and is thrown away.
    ///
    /// - Returns: `nil` where nothing was answered, or something else than was asked for.
    static func answer(_ prompt: String, about show: @escaping @Sendable () -> Void = {}) async -> Answer? {
        let reply = await line {
            show()
            tcflush(STDIN_FILENO, TCIFLUSH)
            Console.error.write(prompt)
        }
        return reply.flatMap(Answer.init)
    }

    /// What may be answered: a whole word or its first letter, since `yikes` is no yes.
    enum Answer {
        case yes, always

        fileprivate init?(_ line: String) {
            switch line.split(whereSeparator: \.isWhitespace).map({ $0.lowercased() }) {
            case ["y"], ["yes"]: self = .yes
            case ["a"], ["always"]: self = .always
            default: return nil
            }
        }
    }

    /// Asks one question at a time, whoever else wants to: what it is about and its prompt stand together.
    ///
    /// A task that is cancelled waits no longer, and leaves the line that is typed next to whoever asks next.
    private static func line(_ ask: @escaping @Sendable () -> Void) async -> String? {
        let input = LineInput()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async {
                    ask()
                    let line = input.read()
                    if line == nil { Console.error.endLine() }
                    continuation.resume(returning: line)
                }
            }
        } onCancel: {
            input.cancel()
        }
    }

    /// Asks about all calls of a batch at once.
    ///
    /// To say yes is to run these calls. To say always is to have the tool run unasked from then on; where its plugin
    /// lacks grants, to trust it.
    static let asker: GateAsker = { questions in
        let known = remembered.withLock(\.self)
        if questions.allSatisfy({ known.contains($0.tool.name) && $0.lacking.isEmpty }) {
            return questions.map { _ in .once }
        }
        let reply: GateReply =
            switch await answer("[y]es, this once / [a]lways / [n]o: ", about: { show(questions) }) {
            case .yes: .once
            case .always: .always
            case nil: .no
            }
        if reply == .always { remember(questions.map(\.tool)) }
        return questions.map { _ in reply }
    }

    /// The tools that run unasked in this run.
    private static let remembered = Mutex<Set<String>>([])

    private static func show(_ questions: [GateQuestion]) {
        let output = Console.error
        output.endLine()
        for question in questions {
            output.line(
                output.styled("Run \(question.call.name)?", .bold) + " "
                    + TerminalText.line(question.reason, limit: 500)
            )
            output.write(TerminalText(question.call.arguments.text(.pretty)).text + "\n")
            for phrase in question.lacking.phrases {
                output.line("It asks to \(TerminalText.line(phrase, limit: 500)).")
            }
            if question.lacking.canLeak { output.line("Beware: it could send what it reads to other computers.") }
            if !question.lacking.isEmpty {
                let values = question.tool.access?.withheld ?? []
                if !values.isEmpty {
                    let names = TerminalText.line(values.joined(separator: ", "), limit: 500)
                    output.line("With that it is given what is configured for it: \(names).")
                }
                output.line(
                    "Yes grants that until toolhost ends, and the next call asks again; always grants it for good."
                )
            }
        }
    }

    /// Has tools run unasked from now on, and in later runs as well: these, and no others of their names.
    private static func remember(_ tools: [RegisteredTool]) {
        remembered.withLock { $0.formUnion(tools.map(\.name)) }
        guard let path = AccessOptions.policyPath else { return }
        do throws(ConfigurationError) {
            var file = try PolicyFile(path: path)
            for tool in tools {
                try file.add(PolicyFile.Rule(tool: tool.name, plugin: tool.pluginFile, decision: .allow))
            }
        } catch {
            Console.error.note(error.message)
        }
    }

    /// Asks before each call, with all of its arguments.
    static let gate: ToolGate = { call, tool in
        guard isPossible else {
            return .deny(reason: "each call must be confirmed (--ask), and there is no terminal to ask at")
        }
        let reply = await answer("[y]es / [n]o: ") {
            Console.error.endLine()
            Console.error.line(Console.error.styled("Run \(call.name)?", .bold))
            Console.error.write(TerminalText(call.arguments.text(.pretty)).text + "\n")
        }
        return reply == .yes ? .allow : .deny(reason: "the user said no")
    }
}
