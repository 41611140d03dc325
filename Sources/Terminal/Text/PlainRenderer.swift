/// Renders plain text of a model or a plugin for a terminal while it arrives, in one style and with a margin before each row.
///
/// Hidden characters are visible. The output does not depend on the boundaries of the pieces.
package struct PlainRenderer {
    private var rows: RowWriter
    private var reader = SafeReader()
    private let style: TextStyle
    private var isInLine = false
    /// The number of empty lines that are not written; none are written before and after the text.
    private var emptyLines: Int?

    /// Creates a renderer.
    ///
    /// - Parameters:
    ///   - columns: The number of columns of the terminal.
    ///   - isVerbatim: True to keep all spaces and to break anywhere; false to break at spaces.
    package init(columns: Int, style: TextStyle = [], isVerbatim: Bool = false) {
        rows = RowWriter(columns: columns)
        rows.isVerbatim = isVerbatim
        self.style = style
    }

    /// The number of columns of the terminal, which may change at any time.
    package var columns: Int {
        get { rows.columns }
        set { rows.columns = newValue }
    }

    /// Renders the next piece of the text.
    ///
    /// - Returns: The text to write now.
    package mutating func append(_ text: String) -> [StyledText] {
        var reader = reader
        reader.read(text) { read($0) }
        self.reader = reader
        return rows.take()
    }

    /// Renders the rest, and ends the last row.
    package mutating func finish() -> [StyledText] {
        var reader = reader
        reader.finish { read($0) }
        if isInLine { rows.endRow() }
        (self.reader, isInLine, emptyLines) = (reader, false, nil)
        return rows.take()
    }

    private mutating func read(_ scalar: Unicode.Scalar) {
        if scalar == "\n" {
            if isInLine { rows.endRow() } else if let count = emptyLines { emptyLines = min(count + 1, 2) }
            isInLine = false
            return
        }
        for _ in 0..<(emptyLines ?? 0) where !isInLine { rows.fullRow([]) }
        (isInLine, emptyLines) = (true, 0)
        rows.append(Glyph(scalar, style))
    }
}
