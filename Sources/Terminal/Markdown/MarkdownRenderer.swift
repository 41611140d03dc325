/// Renders the Markdown of a model for a terminal while it arrives.
///
/// The renderer takes a subset of CommonMark with tables and strikethrough. Line breaks of the source are kept, and markup
/// does not continue on the next line. Every row begins with two spaces, and hidden characters are visible, so no row can
/// look like a line of the program. The output does not depend on the boundaries of the pieces. Text that waits for its end
/// is bounded: a word near the end of a row, text after an unclosed marker, and a table.
///
/// ```swift
/// var renderer = MarkdownRenderer(columns: 80)
/// for piece in pieces { write(renderer.append(piece)) }
/// write(renderer.finish())
/// ```
package struct MarkdownRenderer {
    /// The use of the rest of the current line.
    enum Mode { case start, text, code, fence, row, mark }

    /// The maximum number of scalars after a fence, which name the language.
    private static let labelLimit = 200

    /// The number of columns of the terminal, which may change at any time.
    package var columns: Int {
        get { rows.columns }
        set { rows.columns = newValue }
    }

    var rows: RowWriter
    var inline: InlineParser
    var mode = Mode.start
    /// The part of the line that is not decided or that waits for its end.
    var line: [Unicode.Scalar] = []
    var start: LineStart?
    var fence: LineStart.Fence?
    var table: MarkdownTable?
    /// The indentation of the content of the current list item.
    var listIndent: Int?
    /// True at the start of the text, after a blank line and after indented code.
    var canBeginCode = true
    /// The number of quotation marks of the blank line before the current line, if there is one.
    var blank: Int?
    var hasOutput = false
    var steps = 0
    private var reader = SafeReader()

    /// Creates a renderer.
    ///
    /// - Parameters:
    ///   - columns: The number of columns of the terminal, or nil for a file, whose rows have no margin and any length.
    ///   - keepsMarkers: True to show the markers of emphasis and code, for terminals without styles.
    package init(columns: Int?, keepsMarkers: Bool = false) {
        rows = RowWriter(columns: columns)
        inline = InlineParser(keepsMarkers: keepsMarkers)
    }

    /// The number of steps so far, which tests compare with the length of the text.
    package var work: Int { steps + inline.work }

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
    ///
    /// The renderer can be used for another text afterwards.
    package mutating func finish() -> [StyledText] {
        var reader = reader
        reader.finish { read($0) }
        if mode != .start || !line.isEmpty { endLine() }
        endTable()
        defer {
            self = MarkdownRenderer(
                columns: rows.margin.isEmpty ? nil : columns,
                keepsMarkers: inline.keepsMarkers
            )
        }
        return rows.take()
    }

    // MARK: - Lines

    private mutating func read(_ scalar: Unicode.Scalar) {
        steps += 1
        if scalar == "\n" { return endLine() }
        switch mode {
        case .start:
            line.append(scalar)
            steps += line.count
            if let start = lineStart(isWhole: false) { begin(start) }
        case .text:
            Self.write(scalar, &inline, &rows)
        case .code:
            rows.append(Glyph(scalar))
        case .mark:
            guard let start, scalar != line[start.content], scalar != " " else { return }
            line = [scalar]
            self.start?.content = 0
            beginText()
        case .fence:
            line.append(scalar)
            if line.count > Self.labelLimit { beginText() }
        case .row:
            line.append(scalar)
            if line.count > MarkdownTable.lineLimit {
                endTable()
                beginText()
            }
        }
    }

    private func lineStart(isWhole: Bool) -> LineStart? {
        let codeIndent = canBeginCode ? (listIndent ?? 0) + 4 : nil
        return LineStart(line, isWhole: isWhole, fence: fence, codeIndent: codeIndent)
    }

    // Separate parameters, because a closure that captures the renderer would use both parts at once.

    static func write(_ scalar: Unicode.Scalar, _ inline: inout InlineParser, _ rows: inout RowWriter) {
        inline.feed(scalar) { rows.append($0) }
    }

    static func endText(_ inline: inout InlineParser, _ rows: inout RowWriter) {
        inline.finish { rows.append($0) }
        rows.endRow()
    }

    private mutating func endLine() {
        if mode == .start, let start = lineStart(isWhole: true) { begin(start) }
        switch mode {
        case .start, .mark: break
        case .text:
            Self.endText(&inline, &rows)
        case .code: rows.endRow()
        case .fence: beginFence()
        case .row: addRow()
        }
        (mode, line, start) = (.start, [], nil)
    }
}
