@testable import Terminal

/// The screen of a terminal that interprets the sequences of the editor and of the progress area, and scrolls.
struct EmulatedScreen {
    private(set) var size: (rows: Int, columns: Int)
    private var cells: [[String]]
    private(set) var row = 0
    private(set) var column = 0
    private(set) var bells = 0
    /// The sequences that the editor must not write.
    private(set) var unknown: [String] = []
    private var sequence: String?
    private var saved = (row: 0, column: 0)

    init(rows: Int = 24, columns: Int = 80) {
        size = (rows, columns)
        cells = Array(repeating: [], count: rows)
    }

    /// The rows without the spaces at their end, up to the last one with text.
    var rows: [String] {
        var rows = cells.map { row in
            var row = row
            while row.last == " " { row.removeLast() }
            return row.joined()
        }
        while rows.last == "" { rows.removeLast() }
        return rows
    }

    /// The text of the cursor's row before the cursor.
    var beforeCursor: String { cells[row].prefix(column).joined() }

    /// Changes the size; rows keep their beginning, and are not broken anew.
    mutating func resize(rows: Int, columns: Int) {
        size = (rows, columns)
        cells = cells.map { Array($0.prefix(columns)) }
        while cells.count < rows { cells.append([]) }
        while cells.count > rows {
            cells.removeFirst()
            row = max(row - 1, 0)
        }
        column = min(column, columns - 1)
    }

    mutating func write(_ text: String) { for scalar in text.unicodeScalars { write(scalar) } }

    private mutating func write(_ scalar: Unicode.Scalar) {
        if let open = sequence {
            let text = open + String(scalar)
            guard text != "[", text != "7", text != "8", !(0x40...0x7E ~= scalar.value) else {
                sequence = text == "[" ? text : nil
                if text != "[" { obey(text) }
                return
            }
            sequence = text
            return
        }
        switch scalar {
        case "\u{1B}": sequence = ""
        case "\r": column = 0
        case "\n": lineFeed()
        case "\u{8}": column = max(column - 1, 0)
        case "\u{7}": bells += 1
        default: put(scalar)
        }
    }

    private mutating func lineFeed() {
        if row + 1 < size.rows { row += 1 } else { cells.append([]); cells.removeFirst() }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = TextWidth.onMostTerminals(scalar)
        if width == 0 || scalar == "\u{200D}" {
            if column > 0, cells[row].count >= column { cells[row][column - 1].unicodeScalars.append(scalar) }
            return
        }
        if column + width > size.columns {
            column = 0
            lineFeed()
        }
        while cells[row].count < column + width { cells[row].append(" ") }
        cells[row][column] = String(scalar)
        if width == 2 { cells[row][column + 1] = "" }
        column += width
    }

    private mutating func obey(_ text: String) {
        let number = Int(text.dropFirst().dropLast()) ?? 0
        switch text.last {
        case "m", "h", "l": break
        case "D" where text == "D": lineFeed()
        case "7": saved = (row, column)
        case "8": (row, column) = saved
        case "A": row = max(row - max(number, 1), 0)
        case "B": row = min(row + max(number, 1), size.rows - 1)
        case "H": (row, column) = (0, 0)
        case "K": cells[row] = Array(cells[row].prefix(column))
        case "J" where number == 2: cells = Array(repeating: [], count: size.rows)
        case "J":
            cells[row] = Array(cells[row].prefix(column))
            for index in cells.indices.dropFirst(row + 1) { cells[index] = [] }
        default: unknown.append(text)
        }
    }
}
