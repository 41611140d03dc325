/// A text to search for, as an expression of FTS5 and as a pattern of LIKE.
///
/// Both have quotes around everything that the user typed, so that no part of it has a meaning for SQLite.
struct SearchText {
    /// The text without the white space around it.
    let text: String
    /// The expression for messages that have all words, or nil if words cannot find the text.
    ///
    /// A word is found as a whole; with an asterisk after three or more characters, also the words that begin with it.
    /// Shorter beginnings have so many words that finding them takes seconds.
    let expression: String?

    /// The maximum number of bytes and of words.
    private static let (maximumBytes, maximumWords) = (1000, 64)

    /// - Throws: ``HistoryError`` if the text is empty or too long.
    init(_ text: String) throws(HistoryError) {
        // SQLite reads no further than a zero.
        let words = text.split { $0.isWhitespace || $0 == "\0" }
        guard !words.isEmpty else { throw HistoryError(.invalidRequest, "The text to search for is empty.") }
        guard text.utf8.count <= Self.maximumBytes, words.count <= Self.maximumWords else {
            throw HistoryError(
                .invalidRequest,
                "The text to search for is longer than \(Self.maximumBytes) bytes or \(Self.maximumWords) words."
            )
        }
        self.text = words.joined(separator: " ")
        // Punctuation alone has no word.
        let searchable = words.filter { word in
            word.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
        expression = searchable.isEmpty ? nil : searchable.map(Self.quoted).joined(separator: " ")
    }

    private static func quoted(_ word: Substring) -> String {
        let isPrefix = word.count > 3 && word.hasSuffix("*")
        return "\"" + word.replacing("\"", with: "\"\"") + "\"" + (isPrefix ? "*" : "")
    }

    /// The pattern for messages that have the text as a whole.
    var pattern: String {
        var pattern = "%"
        for scalar in text.unicodeScalars {
            if "%_\\".unicodeScalars.contains(scalar) { pattern += "\\" }
            pattern.unicodeScalars.append(scalar)
        }
        return pattern + "%"
    }
}
