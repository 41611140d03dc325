@testable import Terminal

/// Renders any bytes as the text of a model or a tool, in pieces of a size that the second byte selects.
///
/// The first byte selects the width. The rows must not depend on the pieces, must fit the terminal, must begin with the
/// margin and must have no hidden characters. The work and the output must be proportional to the length of the text.
@c(LLVMFuzzerTestOneInput)
public func fuzzMarkdown(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard bytes.count > 2 else { return 0 }
    let columns = Int(bytes[0] & 0x7F) + 1
    let text = String(decoding: bytes.dropFirst(2), as: UTF8.self)
    let pieces = text.pieces(of: Int(bytes[1] & 0x7F) + 1)
    checkMarkdown(text, pieces, columns, keepsMarkers: bytes[0] & 0x80 != 0)
    for isVerbatim in [false, true] { checkPlain(text, pieces, columns, isVerbatim: isVerbatim) }
    checkThinking(text, pieces, columns)
    checkResults(text, pieces, columns)
    return 0
}

private func checkMarkdown(_ text: String, _ pieces: [String], _ columns: Int, keepsMarkers: Bool) {
    var renderer = MarkdownRenderer(columns: columns, keepsMarkers: keepsMarkers)
    let whole = renderer.append(text)
    let count = text.unicodeScalars.count
    precondition(renderer.work <= 600 * (count + 100), "the rendering takes too long")
    let rows = whole + renderer.finish()
    check(rows, columns)
    precondition(size(of: rows) <= 400 * (count + 100), "the output is too long")
    let again = pieces.flatMap { renderer.append($0) } + renderer.finish()
    precondition(again.joined() == rows.joined(), "the pieces of a text change its rows")
    if !text.contains("|"), !text.contains("](") {
        precondition(letters(rows.map(\.text).joined()) == letters(safe(text)), "letters are lost or added")
    }
    // The width may change at any time.
    for (index, piece) in pieces.enumerated() {
        renderer.columns = index % 2 == 0 ? columns : 300 - columns
        check(renderer.append(piece), 300, isWhole: false)
    }
    _ = renderer.finish()
}

private func checkPlain(_ text: String, _ pieces: [String], _ columns: Int, isVerbatim: Bool) {
    var renderer = PlainRenderer(columns: columns, style: .dim, isVerbatim: isVerbatim)
    let rows = renderer.append(text) + renderer.finish()
    check(rows, columns)
    let again = pieces.flatMap { renderer.append($0) } + renderer.finish()
    precondition(again.joined() == rows.joined(), "the pieces of a text change its rows")
    func visible(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { !" \t\n".unicodeScalars.contains($0) }
    }
    precondition(visible(rows.map(\.text).joined()) == visible(safe(text)), "plain text is lost or added")
}

private func checkThinking(_ text: String, _ pieces: [String], _ columns: Int) {
    for isFolded in [false, true] {
        var thinking = ThinkingText(columns: columns, isFolded: isFolded, start: .zero)
        for piece in pieces { check(thinking.append(piece), columns, isWhole: false) }
        check(thinking.finish(at: .seconds(3)), isFolded ? 80 : columns, isWhole: false)
        check(thinking.unfolded(), columns)
        precondition(thinking.text.utf8.count <= ThinkingText.limit, "too much thinking is kept")
    }
}

private func checkResults(_ text: String, _ pieces: [String], _ columns: Int) {
    var results = RecentResults()
    for _ in 0..<2 {
        let number = results.add(text) { write in for piece in pieces { write(piece) } }
        for row in (results.whole(number, columns: columns) ?? []).dropFirst(2) {
            precondition(row.text.unicodeScalars.allSatisfy(isShown), "a result has a hidden character")
        }
        let preview = results.preview(number, columns: columns)
        precondition(preview.joined().unicodeScalars.count { $0 == "\n" } <= 4, "the preview of a result is too long")
        for piece in preview { precondition(piece.text.unicodeScalars.allSatisfy(isShown), "a preview is not safe") }
    }
}

// MARK: - Rows

private func isShown(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || TerminalText.isSafe(scalar) }

/// Checks that rows are safe, fit the terminal and begin with the margin.
///
/// - Parameter isWhole: False if they may begin or end within a row.
private func check(_ pieces: [StyledText], _ columns: Int, isWhole: Bool = true) {
    let text = pieces.map(\.text).joined()
    precondition(text.unicodeScalars.allSatisfy(isShown), "a row has a hidden character")
    guard isWhole else { return }
    precondition(text.isEmpty || text.unicodeScalars.last == "\n", "the last row has no end")
    for row in text.unicodeScalars.split(separator: "\n") {
        precondition(row.starts(with: "  ".unicodeScalars), "a row begins in the first columns")
        // A line below the names of columns is of the program.
        let width = row.reduce(0) { $0 + ("─┼".unicodeScalars.contains($1) ? 1 : TextWidth.of($1)) }
        precondition(width < max(columns, 10), "a row is wider than the terminal")
    }
}

/// The number of scalars without the margins and the blanks, which the terminal determines.
private func size(of pieces: [StyledText]) -> Int {
    pieces.reduce(0) { $0 + $1.text.unicodeScalars.count { $0 != " " } }
}

private func letters(_ text: String) -> [Unicode.Scalar] { text.unicodeScalars.filter(\.properties.isAlphabetic) }

/// The text with visible names of hidden characters.
private func safe(_ text: String) -> String {
    var reader = SafeReader()
    var safe = String.UnicodeScalarView()
    reader.read(text) { safe.append($0) }
    reader.finish { safe.append($0) }
    return String(safe)
}

extension [StyledText] {
    /// The text with the starts of its styles.
    fileprivate func joined() -> String {
        var style: TextStyle = []
        return reduce(into: "") { text, piece in
            if piece.style != style { text += "\u{1B}\(piece.style.rawValue);" }
            style = piece.style
            text += piece.text
        }
    }
}

extension String {
    /// Returns the text in pieces of a number of scalars.
    fileprivate func pieces(of size: Int) -> [String] {
        var rest = unicodeScalars[...]
        var pieces: [String] = []
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
