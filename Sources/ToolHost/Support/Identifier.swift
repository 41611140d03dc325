import ToolJSON
import ToolRuntime

/// The rules for names and descriptions.
enum Identifier {
    /// True if a string matches `[A-Za-z_][A-Za-z0-9_]{0,63}`: every model's prompt format keeps such a name unchanged.
    static func isToolName(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, bytes.count <= 64, first == UInt8(ascii: "_") || isLetter(first) else {
            return false
        }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// True if a string has 1 to 64 letters, digits, dots, hyphens and underscores.
    static func isPluginName(_ name: String) -> Bool {
        PluginName.isValid(name)
    }

    /// True if a string has control, bidirectional or invisible characters.
    ///
    /// Line breaks and tabs do not count.
    ///
    /// Such a string could show a person something else than the model reads.
    static func hasHiddenCharacters(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.isHidden && $0 != "\n" && $0 != "\t" && $0 != "\r" }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
