/// What names and descriptions may be made of.
enum Identifier {
    /// `[A-Za-z_][A-Za-z0-9_]{0,63}`: what every model's prompt format carries unchanged.
    static func isToolName(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, bytes.count <= 64, first == UInt8(ascii: "_") || isLetter(first) else {
            return false
        }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// Letters, digits, dots, hyphens and underscores, at most 64 of them.
    static func isPluginName(_ name: String) -> Bool {
        1...64 ~= name.utf8.count
            && name.utf8.allSatisfy { isLetter($0) || isDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }

    /// Whether a text has characters that a reader cannot see: controls, bidirectional marks, invisible ones.
    ///
    /// Such a text could show a person something else than the model reads. Line breaks and tabs are visible enough.
    static func hasHiddenCharacters(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            // Nearly all are of these, and their properties take long to look up.
            if 0x20..<0x7F ~= scalar.value { return false }
            switch scalar.properties.generalCategory {
            case .control: return scalar != "\n" && scalar != "\t" && scalar != "\r"
            case .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return true
            // One of these has a sign shown in colour, and does no more.
            default: return scalar.properties.isDefaultIgnorableCodePoint && scalar.value != 0xFE0F
            }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
