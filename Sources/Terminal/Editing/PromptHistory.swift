import Locks

/// The lines that were typed at a prompt, in this run and in earlier ones.
///
/// ```swift
/// let history = PromptHistory(path: stateDirectory + "/prompts")
/// ```
package final class PromptHistory: Sendable {
    private struct State {
        var lines: [LineText]?
        var byteCount = 0
    }

    private let file: HistoryFile?
    private let state = Lock(State())

    /// Creates a history, whose file is read at first use.
    ///
    /// - Parameter path: The absolute path of the file; nil for a history that ends with the program.
    package init(path: String?) { file = path.map(HistoryFile.init) }

    /// The lines, oldest first.
    package var lines: [LineText] { state.withLock { lines(&$0) } }

    /// Adds a line, and writes it to the file.
    ///
    /// An empty line, one that starts with a space and one that repeats the last line are not added.
    ///
    /// - Returns: False if the file cannot be written.
    @discardableResult
    package func add(_ line: LineText) -> Bool {
        state.withLock { state in
            var lines = lines(&state)
            guard let first = line.utf8.first, first != UInt8(ascii: " "), line != lines.last,
                line.utf8.count <= HistoryFile.maximumEntryBytes
            else { return true }
            state.lines = nil
            lines.append(line)
            state.byteCount += line.utf8.count
            var dropped = 0
            while lines.count - dropped > HistoryFile.maximumEntries || state.byteCount > HistoryFile.maximumBytes {
                state.byteCount -= lines[dropped].utf8.count
                dropped += 1
            }
            lines.removeFirst(dropped)
            state.lines = lines
            return file?.append(line) ?? true
        }
    }

    private func lines(_ state: inout State) -> [LineText] {
        if let lines = state.lines { return lines }
        let lines = file?.read() ?? []
        state.lines = lines
        state.byteCount = lines.reduce(0) { $0 + $1.utf8.count }
        return lines
    }
}
