/// Text of a plugin, a model, a server or a file, made safe to show on a terminal.
///
/// What a terminal would obey instead of showing it (controls, escapes, bidirectional marks, invisible characters)
/// becomes visible as `<U+001B>`. Each scalar is judged alone, so it does not matter where a stream was cut.
struct TerminalText {
    let text: String

    /// - Parameters:
    ///   - untrusted: The text.
    ///   - keepsLines: Whether line breaks and tabs stay what they are; if not, the text stays on one line.
    init(_ untrusted: String, keepsLines: Bool = true) {
        var safe = String.UnicodeScalarView()
        for scalar in untrusted.unicodeScalars {
            if Self.isSafe(scalar) || keepsLines && (scalar == "\n" || scalar == "\t") {
                safe.append(scalar)
            } else if scalar == "\n" || scalar == "\t" {
                safe.append(" ")
            } else {
                safe.append(contentsOf: Self.name(of: scalar).unicodeScalars)
            }
        }
        text = String(safe)
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        if 0x20..<0x7F ~= scalar.value { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: return false
        default: break
        }
        // A Braille cell without dots looks like a space, and is none.
        return scalar.value != 0x2800 && (!scalar.properties.isDefaultIgnorableCodePoint || scalar.value == 0xFE0F)
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
    }

    /// The text on one line, cut after so many characters.
    static func line(_ untrusted: String, limit: Int) -> String {
        let text = TerminalText(String(untrusted.unicodeScalars.prefix(limit + 1)), keepsLines: false).text
        return text.count > limit ? text.prefix(limit - 1) + "…" : text
    }
}
