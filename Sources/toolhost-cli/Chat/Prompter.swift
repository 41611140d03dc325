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
        let answer = await line { ask(questions) } ?? ""
        let reply: GateReply =
            switch answer.lowercased().first {
            case "y": .once
            case "a": .always
            default: .no
            }
        if reply == .always { remember(questions.map(\.tool.name)) }
        return questions.map { _ in reply }
    }

    /// The tools that run unasked in this run.
    private static let remembered = Mutex<Set<String>>([])

    private static func ask(_ questions: [GateQuestion]) {
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
        output.write("[y]es, this once / [a]lways / [n]o: ")
    }

    private static func remember(_ tools: [String]) {
        remembered.withLock { $0.formUnion(tools) }
        guard let path = AccessOptions.policyPath else { return }
        do throws(ConfigurationError) {
            var file = try PolicyFile(path: path)
            for tool in Set(tools).sorted() { try file.add(PolicyFile.Rule(tool: tool, decision: .allow)) }
        } catch {
            Console.error.note(error.message)
        }
    }

    /// Asks before each call, with all of its arguments.
    static let gate: ToolGate = { call, tool in
        guard isPossible else {
            return .deny(reason: "each call must be confirmed (--ask), and there is no terminal to ask at")
        }
        let answer =
            await line {
                Console.error.endLine()
                Console.error.line(Console.error.styled("Run \(call.name)?", .bold))
                Console.error.write(TerminalText(call.arguments.text(.pretty)).text + "\n")
                Console.error.write("[y]es / [n]o: ")
            } ?? ""
        return answer.lowercased().hasPrefix("y") ? .allow : .deny(reason: "the user said no")
    }
}
