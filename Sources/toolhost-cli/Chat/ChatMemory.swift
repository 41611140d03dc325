import Locks
import Terminal
import ToolHost

/// The text that a chat can show again: the last results and the last thinking.
final class ChatMemory: Sendable {
    private struct State {
        var results = RecentResults()
        var thinking: ThinkingText?
        var isFolded: Bool
    }

    private let state: Lock<State>

    init(isFolded: Bool = false) { state = Lock(State(isFolded: isFolded)) }

    /// True if thinking is shown as one line.
    var isFolded: Bool { state.withLock { $0.isFolded } }

    /// Adds the result of a call.
    ///
    /// - Returns: The rows that show its beginning.
    func add(_ result: ToolResult, columns: Int) -> [StyledText] {
        state.withLock { state in
            let number = state.results.add(result.call.name) { write in result.forEachTextPiece(write) }
            return state.results.preview(number, columns: columns)
        }
    }

    /// Returns a whole result, or nil if there is none with the number; the last one without a number.
    func result(_ number: Int?, columns: Int) -> [StyledText]? {
        state.withLock { state in
            (number ?? state.results.numbers.last).flatMap { state.results.whole($0, columns: columns) }
        }
    }

    /// The numbers of the results, oldest first.
    var numbers: [Int] { state.withLock { $0.results.numbers } }

    /// Keeps thinking that has ended.
    func keep(_ thinking: ThinkingText) { state.withLock { $0.thinking = thinking } }

    /// Folds or unfolds the thinking from now on.
    ///
    /// - Returns: The last thinking if it was folded.
    func fold(_ isFolded: Bool, columns: Int) -> [StyledText] {
        state.withLock { state in
            let wasFolded = state.isFolded
            state.isFolded = isFolded
            guard wasFolded, !isFolded, var thinking = state.thinking.take() else { return [] }
            thinking.columns = columns
            return thinking.unfolded()
        }
    }
}
