/// The words that models write for `null`, including those of other programming languages.
enum NullWord {
    private static let words: Set<String> = ["null", "Null", "NULL", "None", "nil", "undefined"]

    /// True if a string is a word for `null`.
    static func matches(_ text: String) -> Bool {
        // Longer strings are not hashed.
        text.utf8.count <= 9 && words.contains(text)
    }
}
