/// A trimming of long texts to their beginning and their end.
///
/// The text comes in pieces, and is never assembled. Characters are Unicode scalars here, because a single grapheme may
/// have any length.
struct ResultTrimming {
    /// The maximum number of characters of the trimmed text, including the note about the omitted ones.
    let limit: Int

    /// The handle under which the whole text can be read, or nil.
    var handle: String?

    /// Returns the text of the pieces, trimmed if it is too long.
    ///
    /// - Parameter forEachPiece: A function that calls a closure with each piece in order. It is called once, or twice
    ///   with the same pieces.
    func text(_ forEachPiece: ((String) -> Void) -> Void) -> String {
        var beginning = ""
        var count = 0
        forEachPiece { piece in
            let length = piece.unicodeScalars.count
            // Strings are appended, not their scalars: that would copy the whole beginning each time.
            if count < limit { beginning += length <= limit - count ? piece : piece.prefix(scalars: limit - count) }
            count += length
        }
        guard count > limit else { return beginning }
        // The note with the largest possible count, so that the trimmed text is never too long.
        let room = max(0, limit) - omission(of: count, at: count).unicodeScalars.count
        guard room > 0 else { return beginning }
        let head = room * 3 / 4
        var end = ""
        var toSkip = count - (room - head)
        forEachPiece { piece in
            let length = piece.unicodeScalars.count
            if toSkip < length { end += String(piece.unicodeScalars.dropFirst(toSkip)) }
            toSkip = max(0, toSkip - length)
        }
        return beginning.prefix(scalars: head) + omission(of: count - room, at: head) + end
    }

    /// Returns the handle that the note in a trimmed text names, or nil if there is none.
    ///
    /// A text can forge a note. A handle that does not exist does no harm.
    static func handle(in text: String) -> String? {
        guard let note = text.utf8.firstRange(of: reading.utf8) else { return nil }
        let rest = text[note.upperBound...].unicodeScalars.prefix(40)
        let handle = String(rest.prefix { $0 == "_" || $0.isASCII && $0.properties.isAlphabetic || "0"..."9" ~= $0 })
        return handle.isEmpty ? nil : handle
    }

    private static let reading = "to read them, call \(ResultReading.name) with handle "

    /// Returns the note about omitted characters.
    ///
    /// - Parameter position: The position of the first of them.
    private func omission(of count: Int, at position: Int) -> String {
        let reading = handle.map { "; \(Self.reading)\($0), offset \(position)" }
        return "\n[… \(count) characters omitted\(reading ?? "") …]\n"
    }
}

extension String {
    fileprivate func prefix(scalars count: Int) -> String { String(unicodeScalars.prefix(count)) }
}
