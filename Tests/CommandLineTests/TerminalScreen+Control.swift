extension TerminalScreen {
    /// Continues a control sequence with a scalar.
    ///
    /// - Parameter begun: The sequence after its escape character.
    mutating func control(_ begun: String, _ scalar: Unicode.Scalar) {
        let text = begun + String(scalar)
        switch text.unicodeScalars.first {
        case "[":
            // Parameters precede the final character.
            if begun.isEmpty || 0x20...0x3F ~= scalar.value { return sequence = text }
            sequence = nil
            obey(String(text.dropFirst().dropLast()), scalar)
        case "]", "P", "X", "^", "_":
            // A title or another string, up to its terminator.
            guard scalar == "\u{7}" || text.hasSuffix("\u{1B}\\") else { return sequence = text }
            sequence = nil
            unknown.append(text)
        default:
            if 0x20...0x2F ~= scalar.value { return sequence = text }
            sequence = nil
            obey(escape: text)
        }
    }

    private mutating func obey(escape text: String) {
        switch text {
        case "7": saved = cursor
        case "8": cursor = saved
        case "D": index()
        case "M" where cursor.row > 0: cursor.row -= 1
        default: unknown.append(text)
        }
        extend()
    }

    private mutating func obey(_ parameters: String, _ final: Unicode.Scalar) {
        let words = parameters.split(separator: ";", omittingEmptySubsequences: false)
        let numbers = words.map { Int($0) ?? 0 }
        let count = max(numbers[0], 1)
        // A column after the last one counts as the last one.
        let column = min(cursor.column, size.columns - 1)
        switch final {
        case "A": cursor.row = max(cursor.row - count, 0)
        case "B": cursor.row = min(cursor.row + count, size.rows - 1)
        case "C": cursor.column = min(column + count, size.columns - 1)
        case "D": cursor.column = max(column - count, 0)
        case "G": cursor.column = min(count, size.columns) - 1
        case "H":
            cursor.row = min(count, size.rows) - 1
            cursor.column = min(max(numbers.count > 1 ? numbers[1] : 1, 1), size.columns) - 1
        case "J": erase(numbers[0])
        case "K" where numbers[0] == 0: eraseRow()
        case "K" where numbers[0] == 2: lines[cursorLine] = []
        case "h" where Self.knownModes.contains(parameters): modes.insert(parameters)
        case "l" where Self.knownModes.contains(parameters): modes.remove(parameters)
        case "m": style(numbers)
        default: unknown.append("[\(parameters)\(final)")
        }
        extend()
    }

    /// The visible cursor, and marked pastes.
    private static let knownModes: Set<String> = ["?25", "?2004"]

    private mutating func erase(_ part: Int) {
        switch part {
        case 0:
            eraseRow()
            for row in lines.indices.dropFirst(cursorLine + 1) { lines[row] = [] }
        case 2: for row in lines.indices.dropFirst(top) { lines[row] = [] }
        default: unknown.append("[\(part)J")
        }
    }

    private mutating func eraseRow() {
        var line = Array(lines[cursorLine].prefix(cursor.column))
        if line.count < lines[cursorLine].count, lines[cursorLine][line.count].text.isEmpty, !line.isEmpty {
            line[line.count - 1].text = " "
        }
        lines[cursorLine] = line
    }

    private mutating func style(_ numbers: [Int]) {
        for number in numbers {
            switch number {
            case 0: styles = []
            case 1...9: styles.append(number)
            case 30...37, 90...97: styles = styles.filter { $0 < 10 } + [number]
            default: unknown.append("[\(number)m")
            }
        }
    }
}
