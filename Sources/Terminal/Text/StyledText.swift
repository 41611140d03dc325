/// A piece of safe text in one style.
///
/// The text has no control character except line breaks.
package struct StyledText: Equatable, Sendable {
    package var text: String
    package var style: TextStyle

    /// Creates a piece of safe text.
    package init(safe text: String, _ style: TextStyle = []) { (self.text, self.style) = (text, style) }

    /// Creates a piece of untrusted text on one line, cut after a number of scalars.
    package init(_ untrusted: String, _ style: TextStyle = [], limit: Int = 4096) {
        self.init(safe: TerminalText.oneLine(untrusted, limit: limit), style)
    }
}

extension [StyledText] {
    /// Returns the text to write.
    ///
    /// - Parameter hasStyles: True to write the styles as escape sequences.
    package func encoded(hasStyles: Bool) -> String {
        var encoded = ""
        for piece in self {
            if !hasStyles || piece.style.isEmpty {
                encoded += piece.text
            } else {
                encoded += piece.style.start + piece.text + TextStyle.end
            }
        }
        return encoded
    }

    /// Returns the pieces for the start of a row, with the margin if they continue another row.
    package func atRowStart() -> [StyledText] {
        guard let first = first(where: { !$0.text.isEmpty }), first.text.first != "\n", !first.text.hasPrefix("  ")
        else {
            return self
        }
        return [StyledText(safe: "  ")] + self
    }

    /// Returns the beginning that fits a number of columns; a cut ends with `…`.
    package func prefix(columns: Int) -> [StyledText] {
        // The mark of a cut counts two columns.
        let room = columns - 2
        var (kept, rest): ([StyledText], [StyledText]) = ([], [])
        var (width, isFull) = (0, false)
        for piece in self {
            var (begin, end) = ("", "")
            for scalar in piece.text.unicodeScalars {
                width += TextWidth.of(scalar)
                if width > columns {
                    kept.append(StyledText(safe: begin + "…", piece.style))
                    return kept
                }
                isFull = isFull || width > room
                if isFull { end.unicodeScalars.append(scalar) } else { begin.unicodeScalars.append(scalar) }
            }
            if !begin.isEmpty { kept.append(StyledText(safe: begin, piece.style)) }
            if !end.isEmpty { rest.append(StyledText(safe: end, piece.style)) }
        }
        return kept + rest
    }
}
