import ToolJSON

/// The layout of a prompt and a line in the rows of a terminal.
///
/// Each row but the first begins with a margin, so that no pasted text can look like a question or a prompt. If there are
/// more rows than the terminal has, those around the cursor are shown.
struct LineLayout {
    /// The prompt: text of the program, whose only escape sequences are styles.
    var prompt: String
    var size: (rows: Int, columns: Int)
    /// True if styles are wanted.
    var hasStyles = true
    /// True if the terminal breaks the rows, because it cannot move its cursor.
    var isPlain = false

    private static let listRows = 5

    /// Returns the rows of the state of a line.
    func frame(_ line: LineStateMachine) -> LineFrame {
        var head = wrapped(line.search.map { Self.prompt(of: $0, columns: columns) } ?? prompt)
        let prompt = head.removeLast()
        let margin = String(repeating: " ", count: min(Self.width(prompt), 2))
        let buffer = line.buffer
        let (starts, cursorRow) = rowStarts(buffer, Self.width(prompt), margin.utf8.count)
        let list = listRows(line.listedWords)
        let room = isPlain ? .max : max(size.rows - list.count - 1, 1)
        if head.count + starts.count > room { head = [] }
        let first = max(min(cursorRow - room / 2, starts.count - room), 0)
        var frame = LineFrame(rows: head)
        for row in first..<min(room, starts.count - first) + first {
            let start = row == 0 ? prompt : margin
            let end = row + 1 < starts.count ? starts[row + 1] : buffer.bytes.count
            if row == cursorRow {
                frame.cursorRow = frame.rows.count
                frame.cursorPrefix = start + text(buffer, starts[row]..<buffer.cursor, Self.width(start))
            }
            frame.rows.append(start + text(buffer, starts[row]..<end, Self.width(start)))
        }
        frame.rows += list
        return frame
    }

    /// Returns the rows of a prompt, which may be wider than the terminal; the line begins in the last one.
    private func wrapped(_ prompt: String) -> [String] {
        if prompt.utf8.count < columns / 2 { return [prompt] }
        var rows: [String] = []
        var row = ""
        for word in prompt.split(separator: " ", omittingEmptySubsequences: false) {
            // Room is left for at least one wide character after the prompt.
            if !row.isEmpty, Self.width(row) + Self.width(String(word)) + 3 > columns {
                rows.append(row)
                row = "  "
            }
            row += word + " "
        }
        row.removeLast()
        return rows + [row]
    }

    // MARK: - Rows

    /// The number of columns that are used.
    ///
    /// Terminals behave differently once the last one is filled, so it stays empty.
    private var columns: Int { isPlain ? .max : max(size.columns, 8) - 1 }

    /// Returns the offsets at which rows begin, and the row of the cursor.
    private func rowStarts(_ buffer: EditBuffer, _ prompt: Int, _ margin: Int) -> (starts: [Int], cursorRow: Int) {
        var starts = [0]
        var column = prompt
        var offset = 0
        var cursorRow = 0
        while offset < buffer.bytes.count {
            let end = buffer.characterEnd(offset)
            // Most lines are ASCII, and may have megabytes.
            let isShort = end == offset + 1
            let isBreak = isShort && buffer.bytes[offset] == 0x0A
            let isASCII = isShort && 0x20..<0x7F ~= buffer.bytes[offset]
            var width = isBreak ? 0 : isASCII ? 1 : Self.width(shown(buffer, offset..<end, column))
            if column + width > columns, column > margin {
                starts.append(offset)
                column = margin
                if buffer.bytes[offset] == 0x09 { width = 8 - margin }
            }
            // After a change, the cursor may be inside a character, which is shown before it.
            if offset <= buffer.cursor { cursorRow = starts.count - 1 }
            column += width
            offset = end
            if isBreak {
                starts.append(offset)
                column = margin
            }
        }
        if buffer.cursor == buffer.bytes.count { cursorRow = starts.count - 1 }
        return (starts, cursorRow)
    }

    private func text(_ buffer: EditBuffer, _ range: Range<Int>, _ start: Int) -> String {
        var text = ""
        var (offset, column) = (range.lowerBound, start)
        while offset < range.upperBound {
            let run = buffer.plainEnd(offset, before: range.upperBound)
            if run > offset {
                text += String(decoding: buffer.bytes[offset..<run], as: UTF8.self)
                column += run - offset
                offset = run
                continue
            }
            let end = buffer.characterEnd(offset)
            if end > offset + 1 || buffer.bytes[offset] != 0x0A {
                let shown = shown(buffer, offset..<end, column)
                text += shown
                column += Self.width(shown)
            }
            offset = end
        }
        return text
    }

    // MARK: - Characters

    /// Returns the text for a character or a folded paste, which is not a line break.
    private func shown(_ buffer: EditBuffer, _ range: Range<Int>, _ column: Int) -> String {
        let byte = buffer.bytes[range.lowerBound]
        if range.count == 1, 0x20..<0x7F ~= byte { return String(Unicode.Scalar(byte)) }
        if let fold = buffer.fold(from: range.lowerBound) {
            let size = fold.foldedBreaks.map { $0 > 0 ? "\($0 + 1) lines" : "\(fold.range.count) bytes" } ?? ""
            // A name that is cut still fits a narrow terminal.
            let name = String("[\(size) pasted]".prefix(columns - 2))
            return hasStyles ? "\u{1B}[2m\(name)\u{1B}[0m" : name
        }
        if byte == 0x09 { return String(repeating: " ", count: 8 - column % 8) }
        let character = String(decoding: buffer.bytes[range], as: UTF8.self)
        var shown = Self.isEmoji(character) ? character : TerminalText(character, keepsLines: false).text
        // A mark without a letter would join the character before it, and vanish when that is written again.
        if let first = shown.unicodeScalars.first, TextWidth.onMostTerminals(first) == 0 { shown = "\u{25CC}" + shown }
        // Any number of marks may follow a letter.
        return Self.width(shown) <= columns - 2 ? shown : Self.fitting(shown, columns: columns - 2)
    }

    /// True for a sequence of emoji, in which joiners have a visible effect.
    private static func isEmoji(_ character: String) -> Bool {
        let scalars = character.unicodeScalars
        guard scalars.count <= 16, let first = scalars.first, first.value >= 0x2000, first.properties.isEmoji else {
            return false
        }
        return scalars.allSatisfy { $0.value == 0x200D || !$0.isHidden } && scalars.last?.value != 0x200D
    }

    /// Returns the number of columns of safe text, whose escape sequences are styles.
    static func width(_ text: String) -> Int {
        var width = 0
        var isEscape = false
        for scalar in text.unicodeScalars {
            if isEscape || scalar == "\u{1B}" {
                isEscape = scalar != "m"
            } else {
                width += TextWidth.of(scalar)
            }
        }
        return width
    }

    // MARK: - Other rows

    private static func prompt(of search: HistorySearch, columns: Int) -> String {
        let query = TerminalText(search.query, keepsLines: false).text
        let name = search.hasFailed ? "no match" : "search"
        // Most of the row is for the match.
        let room = max(columns / 2 - name.utf8.count - 4, 4)
        return "(\(name): \(fitting(query, columns: room))) "
    }

    /// Returns the last part of a text that fits into a number of columns.
    private static func fitting(_ text: String, columns: Int) -> String {
        var rest = text.unicodeScalars[...]
        while width(String(rest)) > columns, !rest.isEmpty { rest.removeFirst() }
        return String(rest)
    }

    /// Returns the rows with the words of a completion.
    private func listRows(_ words: [String]) -> [String] {
        if words.isEmpty || isPlain { return [] }
        var rows: [String] = [""]
        var shown = 0
        for word in words {
            let word = Self.fitting(TerminalText(word, keepsLines: false).text, columns: columns - 2)
            if Self.width(rows[rows.count - 1]) + Self.width(word) + 2 > columns {
                guard rows.count < min(Self.listRows, max(size.rows / 2, 1)) else { break }
                rows.append("")
            }
            rows[rows.count - 1] += "  " + word
            shown += 1
        }
        let more = words.count - shown
        if more > 0 { rows.append(Self.fitting("  … \(more) more", columns: columns)) }
        return rows.filter { !$0.isEmpty }
    }
}
