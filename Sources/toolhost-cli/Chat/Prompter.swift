import Glibc
import Terminal
import ToolHost

/// Asks the user at the terminal, one question at a time.
enum Prompter {
    private static let turn = QuestionTurn()

    /// True if there is a terminal with a user to ask.
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && Console.error.isTerminal }

    /// An answer to a question: a whole word or its first letter, because `yikes` must not count as yes.
    enum Answer: String, Sendable {
        case yes, no, always, explain

        fileprivate init?(_ line: String, among choices: [Answer]) {
            let words = line.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
            let found = choices.first { choice in
                choice.words.contains { words == [$0] || words == [String($0.prefix(1))] }
            }
            guard let found else { return nil }
            self = found
        }

        /// The words for the answer; "show" is the former word for an explanation.
        private var words: [String] { self == .explain ? ["explain", "show"] : [rawValue] }

        /// The answer in a prompt, such as `[y]es`.
        fileprivate var label: TerminalLine {
            switch self {
            case .yes: "[y]es"
            case .no: "[n]o"
            case .always: "[a]lways"
            case .explain: "[e]xplain"
            }
        }
    }

    /// Asks a question with consequences, until the answer is clear.
    ///
    /// From its first row to its answer nothing else is written: other output waits in a bounded buffer, and its writers do
    /// not. Keys that were typed before the prompt was drawn are no answer to it; in a chat they go to the next prompt.
    ///
    /// - Parameters:
    ///   - choices: The answers beside an explanation.
    ///   - details: The rows that come first, written once.
    ///   - summary: The rows next to the prompt, repeated before each prompt.
    ///   - explain: Writes everything in full; nil if there is no more to write.
    /// - Returns: ``Answer/no`` also at the end of input, or if the task was cancelled; never ``Answer/explain``.
    static func answer(
        _ choices: [Answer] = [.yes, .no],
        details: @escaping @Sendable () -> [TerminalLine] = { [] },
        summary: @escaping @Sendable () -> [TerminalLine] = { [] },
        explain: (@Sendable () -> Void)? = nil
    ) async -> Answer {
        await turn.take()
        defer { turn.give() }
        let console = Console.error
        let shared = console.editor
        let own = shared == nil ? LineEditor(hasStyles: console.hasStyles) : nil
        defer {
            // A single command reads no further lines, so its editor closes with the question.
            own?.close()
            if own != nil { console.use(nil) }
        }
        guard !Task.isCancelled, let editor = shared ?? own else { return .no }
        if let own { console.use(own) }
        let question = console.openQuestion()
        defer { console.closeQuestion(question) }
        return await withTaskCancellationHandler {
            await answer(editor, choices, details: details, summary: summary, explain: explain)
        } onCancel: {
            console.abandonQuestion(question)
        }
    }

    private static func answer(
        _ editor: LineEditor,
        _ choices: [Answer],
        details: @Sendable () -> [TerminalLine],
        summary: @Sendable () -> [TerminalLine],
        explain: (@Sendable () -> Void)?
    ) async -> Answer {
        let console = Console.error
        let choices = explain == nil ? choices : choices + [.explain]
        let prompt = choices.map(\.label).joined(separator: " ") + ": "
        console.ask(.filled(details()))
        while !Task.isCancelled {
            console.ask(.filled(summary()))
            switch await editor.read(LineRequest(prompt.text, .answer)) {
            case .line(let line):
                switch Answer(line.string, among: choices) {
                case .explain?: explain?()
                case let answer?: return answer
                case nil:
                    let words = choices.map(\.rawValue).joined(separator: ", ")
                    console.ask(.line("Answer with one of these words or its first letter: \(words)."))
                }
            case .interrupted:
                // The key was no signal, because a line was open.
                Interrupts.handle()
                return .no
            case .endOfInput, .cancelled, .editorRequested:
                return .no
            }
        }
        return .no
    }
}
