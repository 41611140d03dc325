import Foundation

/// The screen of a terminal: it obeys the output of a program, breaks rows and scrolls.
///
/// It knows the control sequences that the program writes. All others are recorded and have no effect, so a test can check
/// that there were none. ``Pyte`` checks it where that emulator is installed.
struct TerminalScreen {
    /// A column of a row.
    struct Cell {
        /// The character; empty for the second column of a wide one.
        var text: String
        /// The numbers of its styles, such as 1 for bold and 2 for dim.
        var styles: [Int] = []
    }

    private(set) var size: (rows: Int, columns: Int)
    /// All rows since the start; the screen begins at `top`.
    var lines: [[Cell]] = [[]]
    var top = 0
    /// The cursor on the screen.
    ///
    /// Its column is that after the last one once a row is full.
    var cursor = (row: 0, column: 0)
    var saved = (row: 0, column: 0)
    var styles: [Int] = []
    /// The modes that are set, such as `?2004` for marked pastes.
    var modes: Set<String> = []
    /// The control characters and sequences that have no effect.
    var unknown: [String] = []
    private(set) var bells = 0
    /// The control sequence so far.
    var sequence: String?
    /// The bytes of an incomplete character.
    private var incomplete: [UInt8] = []

    init(rows: Int = 24, columns: Int = 80) { size = (rows, columns) }

    /// Creates the screen after some output, whose line breaks begin a row.
    init(_ text: String, rows: Int = 24, columns: Int = 80) {
        self.init(rows: rows, columns: columns)
        write(text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
    }

    // MARK: - Rows

    /// The text of all rows since the start, up to the last one with text.
    var allRows: [String] {
        let end = lines.lastIndex { !$0.isEmpty } ?? -1
        return lines[...end].map(Self.text)
    }

    /// The rows on the screen, up to the last one with text.
    var rows: ArraySlice<String> { allRows.dropFirst(top) }

    /// The last row on the screen that is not blank.
    var lastRow: String { rows.last { $0.contains { $0 != " " } } ?? "" }

    /// The number of the cursor's row since the start.
    var cursorLine: Int { top + cursor.row }

    /// The row of the cursor.
    var cursorRow: String { Self.text(lines[cursorLine][...]) }

    /// The text before the cursor in its row.
    var beforeCursor: String { Self.text(lines[cursorLine].prefix(cursor.column)) }

    /// Returns all rows, also those above the screen, that begin in the first column with a text.
    func rows(beginningWith text: String) -> [String] { allRows.filter { $0.hasPrefix(text) } }

    /// Returns true if a row on the screen contains a text.
    func contains(_ text: String) -> Bool { rows.contains { $0.contains(text) } }

    /// Returns the styles of the first row on the screen with a text, at the beginning of the text.
    func styles(of text: String) -> [Int]? {
        for line in lines.dropFirst(top) {
            // The second column of a wide character has no text.
            let column = line.indices.first { !line[$0].text.isEmpty && Self.text(line[$0...]).hasPrefix(text) }
            if let column { return line[column].styles }
        }
        return nil
    }

    private static func text(_ line: some Sequence<Cell>) -> String { line.map(\.text).joined() }

    // MARK: - Output

    /// Writes a piece of output, which may end inside of a character or a control sequence.
    mutating func write(_ bytes: some Sequence<UInt8>) {
        incomplete += bytes
        let end = incomplete.count - Self.cutLength(incomplete)
        let text = String(decoding: incomplete[..<end], as: UTF8.self)
        incomplete.removeFirst(end)
        // The C library knows the widths of characters in a locale with UTF-8 only.
        let locale = uselocale(Self.locale)
        defer { uselocale(locale) }
        for scalar in text.unicodeScalars { write(scalar) }
    }

    // Never changed or freed.
    private nonisolated(unsafe) static let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil)

    /// The function `wcwidth` of the C library, which Swift does not import.
    private static let width: @convention(c) (wchar_t) -> Int32 = unsafeBitCast(
        dlsym(nil, "wcwidth"),
        to: (@convention(c) (wchar_t) -> Int32).self
    )

    /// Returns the number of bytes at the end that begin a character without completing it.
    private static func cutLength(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return needed > length ? length : 0
        }
        return 0
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        if let begun = sequence { return control(begun, scalar) }
        switch scalar {
        case "\u{1B}": sequence = ""
        case "\u{7}": bells += 1
        case "\u{8}": cursor.column = max(min(cursor.column, size.columns - 1) - 1, 0)
        case "\t": cursor.column = min(cursor.column / 8 * 8 + 8, size.columns - 1)
        case "\n": index()
        case "\r": cursor.column = 0
        default: put(scalar)
        }
    }

    /// Moves the cursor a row down, and scrolls at the last row.
    mutating func index() {
        if cursor.row + 1 < size.rows { cursor.row += 1 } else { top += 1 }
        extend()
    }

    /// Adds empty rows up to the cursor.
    mutating func extend() { while lines.count <= cursorLine { lines.append([]) } }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = Int(Self.width(wchar_t(bitPattern: scalar.value)))
        guard width >= 0, scalar.value != 0 else { return unknown.append(String(scalar)) }
        if width == 0 {
            var column = min(cursor.column, lines[cursorLine].count) - 1
            while column > 0, lines[cursorLine][column].text.isEmpty { column -= 1 }
            if column >= 0 { lines[cursorLine][column].text.unicodeScalars.append(scalar) }
            return
        }
        if cursor.column + width > size.columns {
            cursor.column = 0
            index()
        }
        let (row, column) = (cursorLine, cursor.column)
        while lines[row].count < column + width { lines[row].append(Cell(text: " ")) }
        // The other half of a wide character that is overwritten becomes a space.
        if lines[row][column].text.isEmpty, column > 0 { lines[row][column - 1].text = " " }
        if lines[row].count > column + width, lines[row][column + width].text.isEmpty {
            lines[row][column + width].text = " "
        }
        lines[row][column] = Cell(text: String(scalar), styles: styles)
        if width == 2 { lines[row][column + 1] = Cell(text: "", styles: styles) }
        cursor.column += width
    }

    // MARK: - Size

    /// Changes the size.
    ///
    /// Rows are cut at the new margin, and not broken again.
    mutating func resize(rows: Int, columns: Int) {
        size = (rows, columns)
        for row in lines.indices.dropFirst(top) { lines[row] = Array(lines[row].prefix(columns)) }
        if cursor.row >= rows {
            top += cursor.row - rows + 1
            cursor.row = rows - 1
        }
        cursor.column = min(cursor.column, columns - 1)
    }
}
