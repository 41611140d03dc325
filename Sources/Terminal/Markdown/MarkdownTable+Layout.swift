extension MarkdownTable {
    /// The minimum width of a column that is narrower than its text.
    private static let narrowest = 6
    /// The maximum number of scalars of the name of a column before a cell, except in the first row.
    private static let nameLimit = 40
    /// The columns of ` │ `, whose line is wide on some terminals.
    private static let gap = 4

    /// Writes the rows that wait, after the header if it is not written yet.
    mutating func write(to writer: inout RowWriter, prefix: [Glyph]) {
        let room = writer.limit - prefix.width
        let isFirst = layout == nil
        let layout = fitting(room)
        self.layout = layout
        switch layout {
        case .columns(let widths):
            if isFirst {
                writeRow(header, widths, room, prefix, &writer)
                let line = widths.map { String(repeating: "─", count: $0) }.joined(separator: "─┼─")
                writer.fullRow(prefix + Array(safe: line, .dim))
            }
            for row in rows { writeRow(row, widths, room, prefix, &writer) }
        case .records:
            for (index, row) in rows.enumerated() {
                let isFirst = isFirst && index == 0
                if !isFirst { writer.fullRow([]) }
                writeRecord(row, isFirst, prefix, &writer)
            }
            if rows.isEmpty, isFirst { writeRecord(header.map { _ in [] }, true, prefix, &writer) }
        }
        (rows, size) = ([], 0)
    }

    /// Returns the layout for a number of columns, which remains the same as long as it fits.
    private func fitting(_ room: Int) -> Layout {
        let available = room - Self.gap * (header.count - 1)
        switch layout {
        case .columns(let widths)? where widths.reduce(0, +) <= available: return .columns(widths)
        case .records?: return .records
        default: break
        }
        let widths = header.indices.map { index in
            rows.reduce(max(1, header[index].width)) { max($0, $1[index].width) }
        }
        // The widest columns become narrower until all of them fit.
        var most = min(available, widths.max() ?? 1)
        while most >= 1, widths.reduce(0, { $0 + min($1, most) }) > available { most -= 1 }
        if most < 1 || most < Self.narrowest && widths.contains(where: { $0 > most }) { return .records }
        return .columns(widths.map { min($0, most) })
    }

    // MARK: - Columns

    private func writeRow(
        _ cells: [[Glyph]],
        _ widths: [Int],
        _ room: Int,
        _ prefix: [Glyph],
        _ writer: inout RowWriter
    ) {
        let columns = zip(cells, widths).map { Self.wrapped($0, $1) }
        let free = room - widths.reduce(0, +) - Self.gap * (widths.count - 1)
        for index in 0..<max(1, columns.map(\.count).max() ?? 1) {
            let lines = columns.map { index < $0.count ? $0[index] : [] }
            // Columns are aligned for most terminals, unless the row would be too wide for some.
            let excess = lines.reduce(0) { $0 + $1.width - Self.usualWidth($1) }
            var row = prefix
            for (column, line) in lines.enumerated() {
                if column > 0 { row += [Glyph(" "), Glyph("│", .dim), Glyph(" ")] }
                let blank = max(0, widths[column] - (excess <= free ? Self.usualWidth(line) : line.width))
                let before = [.left: 0, .center: blank / 2, .right: blank][alignments[column]] ?? 0
                row += Array(repeating: Glyph(" "), count: before) + line
                if column < lines.count - 1 { row += Array(repeating: Glyph(" "), count: blank - before) }
            }
            writer.fullRow(row)
        }
    }

    private static func usualWidth(_ line: [Glyph]) -> Int {
        line.reduce(0) { $0 + TextWidth.onMostTerminals($1.scalar) }
    }

    /// Breaks a cell into lines, at spaces if it can.
    private static func wrapped(_ cell: [Glyph], _ width: Int) -> [[Glyph]] {
        var lines: [[Glyph]] = []
        var line: [Glyph] = []
        var room = width
        for word in cell.split(whereSeparator: { $0.scalar == " " }) {
            let count = word.reduce(0) { $0 + $1.width }
            if !line.isEmpty, count < room {
                line.append(Glyph(" "))
                room -= 1
            } else if !line.isEmpty {
                lines.append(line)
                (line, room) = ([], width)
            }
            for glyph in word {
                if glyph.width > room, !line.isEmpty {
                    lines.append(line)
                    (line, room) = ([], width)
                }
                line.append(glyph)
                room -= glyph.width
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    // MARK: - Records

    /// Writes each cell of a row on a row of the terminal, after the name of its column.
    ///
    /// - Parameter isFirst: False to omit empty cells and to shorten names, so that many short rows do not become much
    ///   output.
    private func writeRecord(_ cells: [[Glyph]], _ isFirst: Bool, _ prefix: [Glyph], _ writer: inout RowWriter) {
        writer.isVerbatim = false
        (writer.first, writer.rest) = (prefix, prefix + RowWriter.margin)
        for (name, cell) in zip(header, cells) where !cell.isEmpty || isFirst && !name.isEmpty {
            let name = isFirst || name.count <= Self.nameLimit ? name : name.prefix(Self.nameLimit - 1) + [Glyph("…")]
            for glyph in name + [Glyph(":"), Glyph(" ")] + cell { writer.append(glyph) }
            writer.endRow()
        }
    }
}
