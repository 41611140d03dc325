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
        await withCheckedContinuation { continuation in
            queue.async {
                Console.error.write(prompt)
                continuation.resume(returning: readLine())
            }
        }
    }

    /// Asks before each call, with all of its arguments.
    static let gate: ToolGate = { call, tool in
        guard isPossible else {
            return .deny(reason: "each call must be confirmed (--ask), and there is no terminal to ask at")
        }
        Console.error.endLine()
        Console.error.line(Console.error.styled("Run \(call.name)?", .bold))
        Console.error.write(call.arguments.text(.pretty) + "\n")
        let answer = await line("[y]es / [n]o: ") ?? ""
        return answer.lowercased().hasPrefix("y") ? .allow : .deny(reason: "the user said no")
    }
}
