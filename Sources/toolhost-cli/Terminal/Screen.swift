import Glibc
import Synchronization

/// The screen that standard output and standard error share where both are terminals, or one of them otherwise.
final class Screen: Sendable {
    struct State {
        /// The layout of the current row.
        var layout = RowLayout()
        /// True at the start of a line, in files and pipes as well.
        var isAtLineStart = true
        /// The number of the question that is open.
        var question: Int?
        var held = HeldOutput()
        fileprivate var questions = 0
    }

    /// The state, locked while something is written, so that no two writers share a row.
    let state = Mutex(State())

    /// Opens a question: from now on all other output waits.
    ///
    /// - Returns: The number of the question.
    func openQuestion() -> Int {
        state.withLock { state in
            state.questions += 1
            state.question = state.questions
            return state.questions
        }
    }

    /// Closes a question, unless it is closed already, and writes what has waited.
    func closeQuestion(_ question: Int) {
        state.withLock { state in
            if state.question == question { state.question = nil }
            if state.question == nil { Self.release(&state) }
        }
    }

    /// Closes a question, unless somebody is writing right now; what has waited is written before the next output.
    func abandonQuestion(_ question: Int) {
        _ = state.withLockIfAvailable { state in
            if state.question == question { state.question = nil }
        }
    }

    /// Writes what waits, unless somebody is stuck in a write.
    func releaseIfFree() {
        for _ in 0..<50 {
            if state.withLockIfAvailable({ Self.release(&$0) }) != nil { return }
            usleep(1000)
        }
    }

    /// Writes what has waited.
    static func release(_ state: inout State) {
        guard let (entries, dropped) = state.held.take() else { return }
        if dropped > 0 {
            let notice: TerminalLine = "… \(dropped.grouped) more lines were dropped while the question was open"
            Console.error.write(.line(notice), &state)
        }
        for entry in entries { entry.console.write(entry.piece, &state) }
    }
}
