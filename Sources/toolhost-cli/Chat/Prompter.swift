import Dispatch
import Glibc
import ToolHost

/// Asks the user at the terminal, one question at a time.
enum Prompter {
    private static let queue = DispatchQueue(label: "toolhost.terminal")

    /// True if there is a terminal with a user to ask.
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && Console.error.isTerminal }

    /// An answer to a question: a whole word or its first letter, because `yikes` must not count as yes.
    enum Answer: String, Sendable {
        case yes, always, show, no

        fileprivate init?(_ line: String, among choices: [Answer]) {
            let words = line.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
            let found = choices.first { words == [$0.rawValue] || words == [String($0.rawValue.prefix(1))] }
            guard let found else { return nil }
            self = found
        }
    }

    /// Reads a line on the thread of the terminal, so that it does not block the rest of the program.
    ///
    /// - Returns: Nil at the end of input, or if the task was cancelled.
    static func line(_ prompt: TerminalLine) async -> String? {
        await onTerminal(nil) { input in
            Console.error.prompt(prompt)
            return read(input)
        }
    }

    /// Asks a question with consequences, until the answer is clear.
    ///
    /// From its first row to its answer nothing else is written: other output waits in a bounded buffer, and its writers do
    /// not. Lines that were typed before the prompt are discarded, because they cannot be an answer to it.
    ///
    /// - Parameters:
    ///   - prompt: The prompt. It names the choices, and ends with `[n]o: `.
    ///   - details: The rows that come first, written once.
    ///   - summary: The rows next to the prompt, repeated before each prompt.
    ///   - showAll: Writes everything in full, at the answer *show*; nil if there is no such answer.
    /// - Returns: ``Answer/no`` also at the end of input, or if the task was cancelled; never ``Answer/show``.
    static func answer(
        _ prompt: TerminalLine,
        _ choices: [Answer] = [.yes, .no],
        details: @escaping @Sendable () -> [TerminalLine] = { [] },
        summary: @escaping @Sendable () -> [TerminalLine] = { [] },
        showAll: (@Sendable (LineInput) -> Void)? = nil
    ) async -> Answer {
        let console = Console.error
        let choices = showAll == nil ? choices : choices + [.show]
        return await onTerminal(.no) { input in
            guard input.openQuestion() else { return .no }
            defer { input.closeQuestion() }
            console.ask(.filled(details()))
            while true {
                console.ask(.filled(summary()))
                tcflush(STDIN_FILENO, TCIFLUSH)
                console.prompt(prompt)
                guard let line = read(input) else { return .no }
                switch Answer(line, among: choices) {
                case .show?: showAll?(input)
                case let answer?: return answer
                case nil:
                    let words = choices.map(\.rawValue).joined(separator: ", ")
                    console.ask(.line("Answer with one of these words or its first letter: \(words)."))
                }
            }
        }
    }

    private static func read(_ input: LineInput) -> String? {
        let line = input.read()
        if line == nil { Console.error.ask(.lineEnd) } else { Console.error.lineWasTyped() }
        return line
    }

    /// Asks once no other question is open.
    ///
    /// A task that is cancelled stops waiting, and the line that is typed next goes to the next question.
    private static func onTerminal<Value: Sendable>(
        _ otherwise: Value,
        _ ask: @escaping @Sendable (LineInput) -> Value
    ) async -> Value {
        let input = LineInput()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: input.isCancelled ? otherwise : ask(input)) }
            }
        } onCancel: {
            input.cancel()
        }
    }
}
