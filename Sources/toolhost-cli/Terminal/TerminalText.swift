import ToolJSON

/// Text of a plugin, a model, a server or a file, made safe to show on a terminal.
///
/// Characters that a terminal would obey or hide (controls, escapes, bidirectional marks, invisible characters) become
/// visible as `<U+001B>`. Each scalar is escaped independently, so the boundaries of a stream's pieces do not matter.
struct TerminalText {
    let text: String

    /// Makes a text safe.
    ///
    /// - Parameters:
    ///   - untrusted: The text.
    ///   - keepsLines: True if line breaks and tabs are kept; otherwise they are made visible as well (`<U+000A>`), and
    ///     the text stays on one line.
    init(_ untrusted: some StringProtocol, keepsLines: Bool = true) {
        // Nearly all text has only these characters and needs no change.
        if untrusted.utf8.allSatisfy({ 0x20..<0x7F ~= $0 || keepsLines && $0 == 0x0A }) {
            text = String(untrusted)
            return
        }
        var safe = String.UnicodeScalarView()
        for scalar in untrusted.unicodeScalars { safe.append(contentsOf: Self.visible(scalar, keepsLines)) }
        text = String(safe)
    }

    private static func visible(_ scalar: Unicode.Scalar, _ keepsLines: Bool) -> String.UnicodeScalarView {
        let isKept = keepsLines && (scalar == "\n" || scalar == "\t")
        return isSafe(scalar) || isKept ? String.UnicodeScalarView([scalar]) : name(of: scalar).unicodeScalars
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        // A Braille cell without dots looks like a space but is not one.
        !scalar.isHidden && scalar.value != 0x2800
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
    }

    /// Returns a text on one line, cut after a number of scalars.
    static func oneLine(_ untrusted: String, limit: Int) -> String {
        // Only texts that can be too long are counted.
        if untrusted.utf8.count <= limit { return TerminalText(untrusted, keepsLines: false).text }
        let scalars = untrusted.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return TerminalText(untrusted, keepsLines: false).text }
        return TerminalText(untrusted[..<scalars.index(before: end)], keepsLines: false).text + "…"
    }

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
