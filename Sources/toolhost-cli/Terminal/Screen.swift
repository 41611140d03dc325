import Glibc
import Locks
import Terminal

/// The destination of output: the terminal that standard output and standard error share, or a file or pipe of one.
final class Screen: Sendable {
    struct State {
        /// The layout of the current row.
        var layout = RowLayout()
        /// True at the start of a line, also in files and pipes.
        var isAtLineStart = true
        /// The rows of the progress area.
        var progress: [[StyledText]] = []
        /// True if the progress area is on the terminal.
        var isProgressDrawn = false
        /// The editor of the lines that are typed, while there is one.
        var editor: LineEditor?
        /// The number of the open question.
        var question: Int?
        var held = HeldOutput()
        fileprivate var questions = 0
    }

    /// The state, which is locked during each write, so that no two writers share a row.
    let state = Lock(State())

    /// Opens a question: from now on all other output waits.
    ///
    /// - Returns: The number of the question.
    func openQuestion() -> Int {
        state.withLock { state in
            Console.error.eraseProgress(&state)
            state.questions += 1
            state.question = state.questions
            return state.questions
        }
    }

    /// Closes a question, unless it is closed already, and writes the held output.
    func closeQuestion(_ question: Int) {
        state.withLock { state in
            if state.question == question { state.question = nil }
            if state.question == nil { Console.interrupt(&state) { Self.release(&$0) } }
        }
    }

    /// Closes a question without blocking: a write that is under way prevents it.
    ///
    /// The held output is written before the next output.
    func abandonQuestion(_ question: Int) {
        _ = state.withLockIfAvailable { state in
            if state.question == question { state.question = nil }
        }
    }

    /// Erases the progress area, leaves the open line and writes the held output, unless another thread is blocked in a
    /// write.
    func releaseIfFree() {
        for _ in 0..<50 {
            let isDone: Void? = state.withLockIfAvailable { state in
                Console.error.eraseProgress(&state)
                state.editor?.leaveLine()
                Self.release(&state)
            }
            if isDone != nil { return }
            // The holder of the lock may be blocked in a write, so this thread must not wait for it without a limit.
            usleep(1000)
        }
    }

    /// Writes the held output.
    static func release(_ state: inout State) {
        guard let (entries, dropped) = state.held.take() else { return }
        if dropped > 0 {
            let notice: TerminalLine = "… \(dropped.grouped) more lines were dropped while the question was open"
            Console.error.write(.line(notice), &state)
        }
        for entry in entries { entry.console.write(entry.piece, &state) }
    }
}
