/// Breaks text into the rows of a terminal while the text arrives.
///
/// The rows do not depend on the boundaries of the pieces. A word is written as it arrives; only a word that begins near the
/// end of a row waits until it is complete, because it may belong to the next row.
struct RowWriter {
    /// The usual start of each row, which no text of a model or a plugin takes the place of.
    static let margin = [Glyph](safe: "  ")
    /// The number of columns that stands for rows of any length.
    static let unlimited = 1 << 16

    /// The number of columns of the terminal.
    var columns: Int
    /// True to break anywhere and to keep all spaces; false to break at spaces.
    var isVerbatim = false
    /// The start of each row.
    let margin: [Glyph]
    /// The start of the next row.
    var first: [Glyph]
    /// The start of the rows after a break.
    var rest: [Glyph]

    private var output = StyledBuffer()
    /// The filled columns of the current row, or nil if nothing of it is written.
    private var column: Int?
    /// The columns at which the content of the current row begins.
    private var contentColumn = 0
    private var spaces = 0
    private var spaceStyle: TextStyle = []
    private var isInWord = false
    /// The word that waits for its end, with the column of its beginning.
    private var held: (word: [Glyph], start: Int)?

    /// - Parameter columns: The number of columns of the terminal, or nil for a file, whose rows have no margin and any
    ///   length.
    init(columns: Int?) {
        self.columns = columns ?? Self.unlimited
        margin = columns == nil ? [] : Self.margin
        (first, rest) = (margin, margin)
    }

    /// The maximum number of columns of a row.
    ///
    /// Terminals behave differently once the last column is filled, so it stays empty.
    var limit: Int { max(columns, 10) - 1 }

    /// Removes and returns the text that is ready.
    mutating func take() -> [StyledText] { output.take() }

    /// Writes a glyph.
    mutating func append(_ glyph: Glyph) {
        if column == nil { startRow(first) }
        if isVerbatim {
            let isTab = glyph.scalar == "\t"
            let count = isTab ? 4 - ((column ?? 0) - contentColumn) % 4 : 1
            for _ in 0..<count { put(isTab ? Glyph(" ", glyph.style) : glyph) }
        } else if glyph.scalar == " " || glyph.scalar == "\t" {
            endWord()
            spaces += 1
            spaceStyle = glyph.style
        } else if Self.breaksEverywhere(glyph.scalar) {
            endWord()
            appendToWord(glyph)
            endWord()
        } else {
            appendToWord(glyph)
        }
    }

    /// Ends the row.
    ///
    /// A row without text has its start only, without trailing spaces.
    mutating func endRow() {
        if column == nil {
            let end = (first.lastIndex { $0.scalar != " " } ?? -1) + 1
            startRow(Array(first[..<end]))
        }
        endWord()
        output.append(Glyph("\n"))
        (column, spaces) = (nil, 0)
    }

    /// Writes a complete row that fits the terminal.
    mutating func fullRow(_ glyphs: [Glyph]) {
        for glyph in glyphs { output.append(glyph) }
        output.append(Glyph("\n"))
    }

    // MARK: - Words

    private mutating func appendToWord(_ glyph: Glyph) {
        if !isInWord {
            isInWord = true
            let column = column ?? 0
            if column == contentColumn { spaces = min(spaces, limit / 2) }
            // The spaces at a break disappear.
            if column + spaces + glyph.width > limit, column > contentColumn { breakRow() }
            let start = (self.column ?? 0) + spaces
            if start > limit - min(32, limit / 2), start > contentColumn {
                held = ([], start)
            } else {
                writeSpaces()
            }
        }
        guard let start = held?.start, var word = held?.word else { return put(glyph) }
        held = nil
        word.append(glyph)
        if start + word.width > limit {
            breakRow()
            for glyph in word { put(glyph) }
        } else {
            held = (word, start)
        }
    }

    private mutating func endWord() {
        isInWord = false
        guard let (word, _) = held else { return }
        held = nil
        writeSpaces()
        for glyph in word { put(glyph) }
    }

    private mutating func writeSpaces() {
        for _ in 0..<spaces { put(Glyph(" ", spaceStyle)) }
        spaces = 0
    }

    /// Returns true for scripts without spaces between their words.
    private static func breaksEverywhere(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x2E80 && (scalar.value < 0xA4D0 || 0x20000...0x3FFFF ~= scalar.value)
    }

    // MARK: - Rows

    private mutating func put(_ glyph: Glyph) {
        if (column ?? 0) + glyph.width > limit { breakRow() }
        output.append(glyph)
        column = (column ?? 0) + glyph.width
    }

    private mutating func breakRow() {
        output.append(Glyph("\n"))
        spaces = 0
        startRow(rest, isCut: true)
    }

    /// Writes the start of a row, which leaves at least half of the row to its content.
    ///
    /// - Parameter isCut: True to cut anything; false to drop spaces only, and never a marker.
    private mutating func startRow(_ start: [Glyph], isCut: Bool = false) {
        column = 0
        for glyph in start {
            if (column ?? 0) + glyph.width > limit / 2, isCut || glyph.scalar == " " { continue }
            put(glyph)
        }
        contentColumn = column ?? 0
    }
}
