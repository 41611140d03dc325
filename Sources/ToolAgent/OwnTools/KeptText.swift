/// The whole text of a result, of which parts can be read by the positions of their characters.
///
/// Characters are Unicode scalars, because a single grapheme may have any length. The text is stored in pieces, so that no
/// read counts the characters from the beginning.
struct KeptText: Sendable {
    private var pieces: [String] = []
    /// The position of the first character of each piece.
    private var starts: [Int] = []
    /// The number of characters.
    private(set) var count = 0
    /// The length in bytes.
    private(set) var byteCount = 0

    /// Creates a text from its pieces; nil if it is longer than the limit.
    ///
    /// - Parameter forEachPiece: A function that calls a closure with each piece in order.
    init?(maximumBytes: Int, _ forEachPiece: ((String) -> Void) -> Void) {
        forEachPiece { piece in
            byteCount += piece.utf8.count
            guard byteCount <= maximumBytes else { return }
            starts.append(count)
            count += piece.unicodeScalars.count
            pieces.append(piece)
        }
        if byteCount > maximumBytes { return nil }
    }

    /// Returns characters.
    ///
    /// - Parameter range: The positions; those beyond the end are ignored.
    func text(in range: Range<Int>) -> String {
        var text = ""
        var index = piece(at: range.lowerBound)
        while index < pieces.count, starts[index] < range.upperBound {
            let scalars = pieces[index].unicodeScalars
            let skipped = max(0, range.lowerBound - starts[index])
            let part = scalars.dropFirst(skipped).prefix(range.upperBound - starts[index] - skipped)
            text += String(part)
            index += 1
        }
        return text
    }

    /// Finds the places of a string.
    ///
    /// The case of ASCII letters is ignored. The places do not overlap. The search is linear in the length of the text.
    ///
    /// - Parameters:
    ///   - pattern: The string.
    ///   - start: The position of the first character that may begin a place.
    ///   - limit: The maximum number of positions to return.
    /// - Returns: The positions of the first places, and the number of all places.
    func places(of pattern: String, from start: Int, limit: Int) -> (positions: [Int], count: Int) {
        var search = SubstringSearch(pattern)
        var positions: [Int] = []
        var total = 0
        for index in pieces.indices.dropFirst(piece(at: start)) {
            search.find(in: pieces[index], at: starts[index], from: start) { position in
                if positions.count < limit { positions.append(position) }
                total += 1
            }
        }
        return (positions, total)
    }

    /// Returns the index of the piece with a character.
    private func piece(at position: Int) -> Int {
        var bounds = 0..<starts.count
        while bounds.count > 1 {
            let middle = bounds.lowerBound + bounds.count / 2
            bounds = starts[middle] <= position ? middle..<bounds.upperBound : bounds.lowerBound..<middle
        }
        return bounds.lowerBound
    }
}
