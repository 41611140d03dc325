import Dispatch
import Glibc
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
    private static func line(_ ask: @escaping @Sendable () -> Void) async -> String? {
        await withCheckedContinuation { continuation in
            queue.async {
                ask()
                continuation.resume(returning: readLine())
            }
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
                Console.error.write(call.arguments.text(.pretty) + "\n")
                Console.error.write("[y]es / [n]o: ")
            } ?? ""
        return answer.lowercased().hasPrefix("y") ? .allow : .deny(reason: "the user said no")
    }
}
