extension MarkdownRenderer {
    /// Begins the block of the current line.
    mutating func begin(_ start: LineStart) {
        self.start = start
        if let fence, start.quotes < fence.quotes { self.fence = nil }
        if start.block != .row || start.quotes != table?.start.quotes { endTable() }
        if start.block == .blank { return addBlankLine(start) }
        writeBlankLine(before: start)
        canBeginCode = start.block == .code && fence == nil
        switch start.block {
        case .bullet, .number, .code: break
        default: if start.indent == 0 { listIndent = nil }
        }
        switch start.block {
        case .blank: break
        case .text: beginText()
        case .heading(let level):
            inline.style = level == 1 ? [.bold, .underline] : .bold
            beginText(dropping: inline.keepsMarkers ? 0 : level)
        case .bullet:
            listIndent = start.indent + 2
            beginText([Glyph("•"), Glyph(" ")], dropping: 1)
        case .number(let length):
            listIndent = start.indent + length + 1
            let marker = line[start.content..<start.content + length].map { Glyph($0) }
            beginText(marker + [Glyph(" ")], dropping: length)
        case .rule:
            let prefix = prefix(of: start)
            // Some terminals give a line two columns, and a file has no columns.
            let length = max(1, (min(rows.limit, 100) - prefix.width) / 2)
            (rows.first, rows.rest, rows.isVerbatim) = (prefix, prefix, true)
            for _ in 0..<length { rows.append(Glyph("─", .dim)) }
            rows.endRow()
            mode = .mark
        case .fence: mode = .fence
        case .fenceEnd:
            fence = nil
            mode = .mark
        case .code: beginCode()
        case .row:
            line.removeFirst(start.content)
            self.start?.content = 0
            mode = .row
            if table == nil { table = MarkdownTable(start: self.start ?? start, keepsMarkers: inline.keepsMarkers) }
        }
    }

    // MARK: - Text

    /// Begins a line of text with a marker in place of its first scalars.
    mutating func beginText(_ marker: [Glyph] = [], dropping count: Int = 0) {
        guard let start else { return }
        mode = .text
        rows.isVerbatim = false
        rows.first = prefix(of: start) + marker
        rows.rest = prefix(of: start) + marker.map { _ in Glyph(" ") }
        if case .heading = start.block {} else { inline.style = [] }
        let rest = line[(start.content + count)...].drop { $0 == " " || $0 == "\t" }
        line = []
        for scalar in rest { Self.write(scalar, &inline, &rows) }
    }

    /// The start of a row: the margin, a bar for each quotation mark, and the indentation.
    func prefix(of start: LineStart) -> [Glyph] {
        let bars = (0..<min(start.quotes, 4)).flatMap { _ in [Glyph("│", .dim), Glyph(" ")] }
        return rows.margin + bars + Array(repeating: Glyph(" "), count: min(start.indent, rows.limit / 3))
    }

    // MARK: - Blank lines

    private mutating func addBlankLine(_ start: LineStart) {
        if fence == nil {
            blank = start.quotes
            canBeginCode = true
        } else {
            rows.fullRow([])
        }
    }

    /// Writes one row for the blank lines before a line.
    private mutating func writeBlankLine(before start: LineStart) {
        if let blank, hasOutput {
            var quotes = start
            (quotes.quotes, quotes.indent) = (min(blank, start.quotes), 0)
            rows.first = quotes.quotes == 0 ? [] : prefix(of: quotes)
            rows.endRow()
        }
        (blank, hasOutput) = (nil, true)
    }

    // MARK: - Code

    private mutating func beginCode() {
        guard let start else { return }
        mode = .code
        rows.isVerbatim = true
        rows.first = prefix(of: start) + RowWriter.margin
        rows.rest = rows.first
        let rest = line[start.content...]
        line = []
        for scalar in rest { rows.append(Glyph(scalar)) }
    }

    /// Begins a fenced code block, whose first line is complete.
    mutating func beginFence() {
        guard let start, let mark = line[start.content...].first else { return }
        let label = line[start.content...].drop { $0 == mark }
        // A line with backticks on both sides is a code span.
        guard mark == "~" || !label.contains("`") else {
            beginText()
            return Self.endText(&inline, &rows)
        }
        let count = line.count - start.content - label.count
        fence = LineStart.Fence(mark: mark, count: count, indent: start.indent, quotes: start.quotes)
        guard label.contains(where: { $0 != " " }) else { return }
        rows.isVerbatim = false
        rows.first = prefix(of: start)
        rows.rest = rows.first
        for scalar in label.drop(while: { $0 == " " }) { rows.append(Glyph(scalar, .dim)) }
        rows.endRow()
    }

    // MARK: - Tables

    /// Adds the current line to the table.
    mutating func addRow() {
        guard var table, let start else { return }
        self.table = nil
        steps += line.count
        if !table.add(line) {
            // The line before is no header, so it is text. This line may be a header.
            endUnconfirmed(table)
            table = MarkdownTable(start: start, keepsMarkers: inline.keepsMarkers)
            _ = table.add(line)
        }
        if table.isFull { table.write(to: &rows, prefix: prefix(of: table.start)) }
        self.table = table
    }

    /// Writes the table, whose last row is complete.
    mutating func endTable() {
        guard var table else { return }
        self.table = nil
        steps += table.size
        if table.isConfirmed {
            table.write(to: &rows, prefix: prefix(of: table.start))
        } else {
            endUnconfirmed(table)
        }
    }

    private mutating func endUnconfirmed(_ table: MarkdownTable) {
        let saved = (start, line, mode)
        (start, line) = (table.start, table.firstLine)
        if !line.isEmpty {
            beginText()
            Self.endText(&inline, &rows)
        }
        (start, line, mode) = saved
    }
}
