/// A table, whose rows wait for its end or for a limit, because their widths depend on each other.
struct MarkdownTable {
    /// The widths of the columns, or nil if the terminal is too narrow for columns.
    enum Layout {
        case columns([Int])
        case records
    }

    enum Alignment { case left, center, right }

    /// The maximum number of scalars of a row.
    static let lineLimit = 8192
    /// The maximum number of scalars of the rows that wait.
    static let sizeLimit = 65536
    static let columnLimit = 64

    /// The first line, for its quotation marks and indentation.
    let start: LineStart
    let keepsMarkers: Bool
    /// The source of the header until the line below it confirms the table.
    private(set) var firstLine: [Unicode.Scalar] = []
    private(set) var isConfirmed = false
    private(set) var header: [[Glyph]] = []
    private(set) var alignments: [Alignment] = []
    /// The rows that are not written.
    var rows: [[[Glyph]]] = []
    /// The layout, once a part of the table is written.
    var layout: Layout?
    /// The number of scalars of the rows that are not written.
    var size = 0

    init(start: LineStart, keepsMarkers: Bool) { (self.start, self.keepsMarkers) = (start, keepsMarkers) }

    /// True if the rows cannot wait any longer.
    var isFull: Bool { isConfirmed && (size > Self.sizeLimit || layout != nil) }

    /// Adds a line that begins with a vertical bar.
    ///
    /// - Returns: False if the line before is not the header of a table.
    mutating func add(_ line: [Unicode.Scalar]) -> Bool {
        size += line.count
        if isConfirmed {
            rows.append(cells(line, style: []))
            return true
        }
        if firstLine.isEmpty {
            firstLine = line
            return true
        }
        let names = Self.split(firstLine)
        let marks = Self.split(line).map(Self.alignment)
        guard 1...Self.columnLimit ~= names.count, names.count == marks.count, !marks.contains(nil) else {
            return false
        }
        alignments = marks.compactMap(\.self)
        header = cells(firstLine, style: .bold)
        isConfirmed = true
        return true
    }

    /// The cells of a row, as many as there are columns; the last one takes the rest of the row.
    private func cells(_ line: [Unicode.Scalar], style: TextStyle) -> [[Glyph]] {
        var sources = Self.split(line)
        let count = alignments.count
        let rest = sources.dropFirst(count)
        sources = Array(sources.prefix(count))
        for cell in rest { sources[count - 1] += " | ".unicodeScalars + cell }
        return (0..<count).map { index in
            var cell: [Glyph] = []
            guard index < sources.count else { return cell }
            var parser = InlineParser(style: style, keepsMarkers: keepsMarkers)
            for scalar in sources[index] { parser.feed(scalar) { cell.append($0) } }
            parser.finish { cell.append($0) }
            return cell
        }
    }

    /// Splits a row at its vertical bars, except those after a backslash.
    private static func split(_ line: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        var cells: [[Unicode.Scalar]] = []
        var cell: [Unicode.Scalar] = []
        var isEscape = false
        for scalar in line.dropFirst() {
            if scalar == "|", isEscape {
                cell[cell.count - 1] = scalar
            } else if scalar == "|" {
                cells.append(trimmed(cell))
                cell = []
            } else {
                cell.append(scalar == "\t" ? " " : scalar)
            }
            isEscape = scalar == "\\" && !isEscape
        }
        let rest = trimmed(cell)
        return rest.isEmpty ? cells : cells + [rest]
    }

    private static func trimmed(_ cell: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard let last = cell.lastIndex(where: { $0 != " " }) else { return [] }
        return Array(cell[...last].drop { $0 == " " })
    }

    /// Returns the alignment of a cell such as `:--`, or nil if it is another one.
    private static func alignment(_ cell: [Unicode.Scalar]) -> Alignment? {
        guard let first = cell.first, let last = cell.last, cell.contains("-"),
            cell.dropFirst().dropLast().allSatisfy({ $0 == "-" }), first == ":" || first == "-",
            last == ":" || last == "-"
        else { return nil }
        return last == "-" ? .left : first == ":" ? .center : .right
    }
}
