import Terminal
import ToolHost

extension ToolResult {
    /// Shows the text of a failed call, on separate lines, and then the remedy.
    func showFailure() {
        forEachTextPiece { Console.error.quote(TerminalText($0).text) }
        Console.error.endLine()
        if let remedy { Console.error.line("\(remedy.sentence, limit: TerminalLine.limit)") }
    }
}
