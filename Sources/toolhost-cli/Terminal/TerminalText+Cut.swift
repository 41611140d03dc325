import Terminal

extension TerminalText {
    /// Returns a text on one line of at most so many columns; a cut states its size: `… 41,237 more characters`.
    ///
    /// - Parameter columns: The number of columns, at least 40.
    static func cut(_ untrusted: String, columns: Int) -> TerminalLine {
        let reserve = 36
        var shown = ""
        var width = 0
        var end: (kept: Int, rest: String.UnicodeScalarView.Index)?
        let scalars = untrusted.unicodeScalars
        for place in scalars.indices {
            let piece = visible(scalars[place], false)
            let added = piece.reduce(0) { $0 + TextWidth.of($1) }
            if end == nil, width + added > columns - reserve { end = (shown.utf8.count, place) }
            width += added
            if width > columns, let end {
                let kept = shown.utf8.index(shown.startIndex, offsetBy: end.kept)
                let count = scalars[end.rest...].count
                return "\(String(shown[..<kept]))… \(count.grouped) more characters"
            }
            shown.unicodeScalars.append(contentsOf: piece)
        }
        return TerminalLine(shown, limit: .max)
    }
}
