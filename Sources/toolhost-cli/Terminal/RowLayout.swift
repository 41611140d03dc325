import Terminal

/// The rows of safe text on a terminal, which this program breaks and the terminal never does.
///
/// Only this program writes in the first column of a terminal. Every row that a text is broken into begins with two
/// spaces, and so does every row of text that is quoted as a whole. A question begins in the first column, so no text of
/// a plugin or a model can look like one.
struct RowLayout {
    /// The way in which text is broken into rows.
    enum Style {
        /// Text is broken at a space if there is one, otherwise anywhere.
        case words
        /// Text is broken anywhere, so that the number of rows follows from the number of columns.
        case filled
        /// Like `words`, with the margin before each row, the first one and those after line breaks included.
        case quoted
    }

    /// The start of each row that does not begin with the program's own words.
    private static let margin = Array("  ".unicodeScalars)

    /// The columns that are filled in the current row.
    private var column = 0
    /// The part of the current row that is not written yet.
    private var row: [Unicode.Scalar] = []
    /// The place in that part after its last space, and the column there.
    private var space: (place: Int, column: Int)?

    /// Starts a new row.
    mutating func startRow() { (column, row, space) = (0, [], nil) }

    /// Lays out text that continues in the current row.
    ///
    /// - Parameters:
    ///   - text: Safe text. Escape sequences in it are styles and take no columns.
    ///   - width: The number of columns of the terminal.
    /// - Returns: The text to write.
    mutating func rows(of text: String, _ style: Style, width: Int) -> String {
        // Terminals behave differently once the last column is filled, so it stays empty.
        let width = max(width, 10) - 1
        var rows = String.UnicodeScalarView()
        var isEscape = false
        for scalar in text.unicodeScalars {
            if isEscape || scalar == "\u{1B}" {
                isEscape = scalar != "m"
                row.append(scalar)
                continue
            }
            if scalar == "\n" {
                rows.append(contentsOf: row + [scalar])
                startRow()
                continue
            }
            if column == 0, style == .quoted {
                row += Self.margin
                column = Self.margin.count
            }
            let count = scalar == "\t" ? 8 - column % 8 : TextWidth.of(scalar)
            if column + count > width { rows.append(contentsOf: breakRow(style, room: width - count)) }
            if scalar == "\t" {
                let count = min(count, width - column)
                row += Array(repeating: " ", count: count)
                column += count
            } else {
                row.append(scalar)
                column += count
            }
            if scalar == " " || scalar == "\t" { space = (row.count, column) }
        }
        rows.append(contentsOf: row)
        // Written text cannot move to the next row.
        (row, space) = ([], nil)
        return String(rows)
    }

    /// Ends the current row.
    ///
    /// The text after its last space moves to the next row if it fits there.
    private mutating func breakRow(_ style: Style, room: Int) -> [Unicode.Scalar] {
        var (end, columns) = (row.count, 0)
        if style != .filled, let space, Self.margin.count + column - space.column <= room {
            (end, columns) = (space.place, column - space.column)
        }
        let ended = row[..<end] + ["\n"]
        row = Self.margin + row[end...]
        column = Self.margin.count + columns
        space = nil
        return Array(ended)
    }
}

extension TerminalLine {
    /// The number of rows that the line takes in a question.
    func rowCount(columns: Int) -> Int {
        var layout = RowLayout()
        return 1 + layout.rows(of: text, .filled, width: columns).count { $0 == "\n" }
    }
}
