/// Trims a text that is longer than a model should be given to its beginning and its end.
///
/// The text comes in pieces, and is never put together as a whole. Characters are Unicode scalars here: a single
/// grapheme may be of any length.
struct ResultTrimming {
    /// The most characters that may be left, the note on what is missing included.
    let limit: Int

    /// Returns the text of the pieces, trimmed if it is too long.
    ///
    /// - Parameter forEachPiece: A function that calls a closure with each piece in order. It is called once, or twice
    ///   with the same pieces.
    func text(_ forEachPiece: ((String) -> Void) -> Void) -> String {
        var beginning = ""
        var count = 0
        forEachPiece { piece in
            if count < limit { beginning.unicodeScalars += piece.unicodeScalars.prefix(limit - count) }
            count += piece.unicodeScalars.count
        }
        guard count > limit else { return beginning }
        // The note with every digit that the count may take, so that the whole is never too long.
        let room = max(0, limit) - Self.omission(of: count).unicodeScalars.count
        guard room > 0 else { return beginning }
        let head = room * 3 / 4
        var end = ""
        var toSkip = count - (room - head)
        forEachPiece { piece in
            let length = piece.unicodeScalars.count
            if toSkip < length { end.unicodeScalars += piece.unicodeScalars.dropFirst(toSkip) }
            toSkip = max(0, toSkip - length)
        }
        return String(beginning.unicodeScalars.prefix(head)) + Self.omission(of: count - room) + end
    }

    private static func omission(of count: Int) -> String {
        "\n[… \(count) characters are left out here …]\n"
    }
}
