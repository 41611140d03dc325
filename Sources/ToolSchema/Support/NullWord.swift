/// The words that models write for `null`, including those of other programming languages.
enum NullWord {
    private static let words: Set<String> = ["null", "Null", "NULL", "None", "nil", "undefined"]

    /// True if a string is a word for `null`.
    static func matches(_ text: String) -> Bool {
        // Other strings are not hashed.
        guard text.utf8.count <= 9, let first = text.utf8.first else { return false }
        return (first | 0x20 == UInt8(ascii: "n") || first == UInt8(ascii: "u")) && words.contains(text)
    }
}
