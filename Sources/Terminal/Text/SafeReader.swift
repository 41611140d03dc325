/// Reads the pieces of untrusted text, and makes hidden characters visible.
///
/// A carriage return before a line break is dropped, also if the text is cut between the two.
struct SafeReader {
    private var hasReturn = false

    /// Calls a closure with each safe scalar; line breaks and tabs are kept.
    mutating func read(_ text: String, _ body: (Unicode.Scalar) -> Void) {
        for scalar in text.unicodeScalars {
            if scalar == "\r", !hasReturn {
                hasReturn = true
                continue
            }
            if scalar != "\n" { finish(body) }
            hasReturn = scalar == "\r"
            if hasReturn { continue }
            if 0x20..<0x7F ~= scalar.value {
                body(scalar)
            } else {
                for visible in TerminalText.visible(scalar, true) { body(visible) }
            }
        }
    }

    /// Calls a closure with the scalars that waited for more text.
    mutating func finish(_ body: (Unicode.Scalar) -> Void) {
        if hasReturn { for visible in TerminalText.visible("\r", true) { body(visible) } }
        hasReturn = false
    }
}
