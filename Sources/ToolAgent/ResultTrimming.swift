extension String {
    /// The text, or its beginning and its end where it is longer than a model should be given.
    ///
    /// Characters are Unicode scalars here: a single grapheme may be of any length.
    ///
    /// - Parameter limit: The most characters that may be left, the note on what is missing included.
    func trimmed(to limit: Int) -> String {
        // Most results are short, and no text has more scalars than bytes.
        guard utf8.count > limit else { return self }
        let count = unicodeScalars.count
        guard count > limit else { return self }
        // The note with every digit that the count may take, so that the whole is never too long.
        let room = limit - Self.omission(of: count).unicodeScalars.count
        guard room > 0 else { return String(unicodeScalars.prefix(max(0, limit))) }
        let head = room * 3 / 4
        let tail = room - head
        return String(unicodeScalars.prefix(head)) + Self.omission(of: count - room)
            + String(unicodeScalars.suffix(tail))
    }

    private static func omission(of count: Int) -> String {
        "\n[… \(count) characters are left out here …]\n"
    }
}
