/// The result of reading a line.
package enum LineResult: Equatable, Sendable {
    /// The line, without a line break at its end and without the quotes of a block.
    case line(LineText)
    /// Ctrl-G: the line is to be edited in another program.
    case editorRequested(LineText)
    /// Ctrl-C on an empty line, or in a question.
    case interrupted
    /// Ctrl-D on an empty line, or the terminal is closed.
    case endOfInput
    /// The task was cancelled.
    case cancelled
}
