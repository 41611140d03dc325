import Locks
import Terminal

extension Console {
    /// Replaces the rows of the progress area.
    func showProgress(_ rows: [[StyledText]]) {
        screen.state.withLock { state in
            state.progress = rows
            drawProgress(&state)
        }
    }

    /// Removes the progress area and the open line, writes, and draws both again.
    static func interrupt(_ state: inout Screen.State, _ write: (inout Screen.State) -> Void) {
        error.eraseProgress(&state)
        if let editor = state.editor {
            editor.write { write(&state) }
        } else {
            write(&state)
        }
        error.drawProgress(&state)
    }

    /// Removes the progress area from the terminal, while the screen is locked.
    func eraseProgress(_ state: inout Screen.State) {
        guard state.isProgressDrawn else { return }
        raw(ProgressRows.erasure)
        state.isProgressDrawn = false
    }

    /// Draws the progress area, unless a question is open.
    private func drawProgress(_ state: inout Screen.State) {
        guard state.question == nil, state.isProgressDrawn || !state.progress.isEmpty else { return }
        raw(ProgressRows.drawing(state.progress, isAtLineStart: state.isAtLineStart, hasStyles: hasStyles))
        state.isProgressDrawn = !state.progress.isEmpty
    }

    /// Begins a row with the next output, because another program has written to the terminal.
    func beginRow() {
        screen.state.withLock { state in
            state.isAtLineStart = true
            state.layout.startRow()
        }
    }

    // MARK: - The editor

    /// The editor of the lines that are typed, or nil if there is none.
    var editor: LineEditor? { screen.state.withLock { $0.editor } }

    /// Sets the editor, whose open line other output interrupts; nil for none.
    func use(_ editor: LineEditor?) { screen.state.withLock { $0.editor = editor } }
}
