import ToolJSON

/// Text of a plugin, a model, a server or a file, made safe to show on a terminal.
///
/// Characters that a terminal would obey or hide (controls, escapes, bidirectional marks, invisible characters) become
/// visible as `<U+001B>`. Each scalar is escaped independently, so the boundaries of a stream's pieces do not matter.
package struct TerminalText {
    /// The safe text.
    package let text: String

    /// Makes a text safe.
    ///
    /// - Parameters:
    ///   - untrusted: The text.
    ///   - keepsLines: True if line breaks and tabs are kept; otherwise they are made visible as well (`<U+000A>`), and
    ///     the text stays on one line.
    package init(_ untrusted: String, keepsLines: Bool = true) {
        text = Self.safe(untrusted, keepsLines)
    }

    private static func safe(_ untrusted: some StringProtocol, _ keepsLines: Bool) -> String {
        // Nearly all text has only these characters and needs no change.
        if untrusted.utf8.allSatisfy({ 0x20..<0x7F ~= $0 || keepsLines && $0 == 0x0A }) { return String(untrusted) }
        var safe = String.UnicodeScalarView()
        for scalar in untrusted.unicodeScalars { safe.append(contentsOf: visible(scalar, keepsLines)) }
        return String(safe)
    }

    /// Returns a scalar, or its name if a terminal would obey or hide it.
    package static func visible(_ scalar: Unicode.Scalar, _ keepsLines: Bool) -> String.UnicodeScalarView {
        let isKept = keepsLines && (scalar == "\n" || scalar == "\t")
        return isSafe(scalar) || isKept ? String.UnicodeScalarView([scalar]) : name(of: scalar).unicodeScalars
    }

    /// Returns true if a terminal shows the scalar and does not obey it.
    package static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        // A Braille cell without dots looks like a space but is not one.
        !scalar.isHidden && scalar.value != 0x2800
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
    }

    /// Returns a text on one line, cut after a number of scalars.
    package static func oneLine(_ untrusted: String, limit: Int) -> String {
        // Only texts that can be too long are counted.
        if untrusted.utf8.count <= limit { return safe(untrusted, false) }
        let scalars = untrusted.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return safe(untrusted, false) }
        return safe(untrusted[..<scalars.index(before: end)], false) + "…"
    }
}
