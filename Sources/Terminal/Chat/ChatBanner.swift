/// The first lines of a chat: the model, the server, the size of the context window, and the number of tools.
package struct ChatBanner {
    /// The name of the model, which is untrusted.
    package var model: String
    /// The address of the server, which is untrusted.
    package var server: String
    /// The size of the context window in tokens, or nil if it is unknown.
    package var contextLength: Int?
    package var toolCount: Int

    package init(model: String, server: String, contextLength: Int?, toolCount: Int) {
        (self.model, self.server) = (model, server)
        (self.contextLength, self.toolCount) = (contextLength, toolCount)
    }

    /// Returns the text to write: one row, or several rows on a narrow terminal.
    ///
    /// - Parameter hint: The program's own words on a second row, such as the command for help.
    package func text(columns: Int, hint: String = "") -> [StyledText] {
        var rows = RowWriter(columns: columns)
        rows.first = []
        func write(_ text: String, _ style: TextStyle = []) {
            for scalar in text.unicodeScalars { rows.append(Glyph(scalar, style)) }
        }
        // The program's own word comes first, so that no name looks like a line of the program.
        write("Model ")
        write(TerminalText.oneLine(model, limit: 100), .bold)
        write(" at " + TerminalText.oneLine(server, limit: 200))
        if let contextLength { write(" · context \(contextLength.grouped) tokens") }
        write(" · \(toolCount.grouped) tool\(toolCount == 1 ? "" : "s")")
        rows.endRow()
        if !hint.isEmpty {
            write(hint, .dim)
            rows.endRow()
        }
        return rows.take()
    }
}
