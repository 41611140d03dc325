/// A pattern for whole texts: `*` stands for any characters or none, `?` for one, and all others for themselves.
///
/// Nothing else is special, neither `[` nor `\`, nor a slash or a dot. A character is a Unicode scalar: what looks like one
/// may be several of them.
struct TextPattern {
    private let pattern: [UInt8]

    private static let star = UInt8(ascii: "*")
    private static let questionMark = UInt8(ascii: "?")
    private static let freeSteps = 1 << 18

    init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    /// A rank for comparing patterns; a higher one is narrower.
    ///
    /// A pattern without wildcards is the narrowest, and of others
    /// the one with more characters besides `*`.
    var narrowness: Int {
        pattern.contains { $0 == Self.star || $0 == Self.questionMark } ? pattern.count { $0 != Self.star } : .max
    }

    /// Returns true if the whole string matches.
    ///
    /// Only the last star ever takes more: what stood before it has been found as early as can be. So at worst the longest
    /// part between two stars is compared at each place of the text. The number of steps is bounded by four times the
    /// length of the text and a constant.
    ///
    /// - Returns: Nil if the bound was reached before it was clear. Only a long text of repetitions leads there.
    func matches(_ text: String) -> Bool? {
        let bytes = text.utf8Span.span
        var (position, place) = (0, 0)
        var lastStar: (position: Int, place: Int)?
        var steps = Self.freeSteps + 4 * bytes.count
        while position < bytes.count {
            steps -= 1
            guard steps > 0 else { return nil }
            if place < pattern.count, pattern[place] == Self.star {
                place += 1
                // A star at the end takes all the rest.
                if place == pattern.count { return true }
                lastStar = (position, place)
            } else if let count = step(at: place, bytes.extracting(position...)) {
                position += count
                place += 1
            } else if let star = lastStar {
                lastStar = (star.position + 1, star.place)
                (position, place) = (star.position + 1, star.place)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == Self.star }
    }

    /// How many bytes a byte of the pattern, which is no star, takes of the rest of a text; `nil` where it does not fit.
    private func step(at place: Int, _ rest: Span<UInt8>) -> Int? {
        guard place < pattern.count else { return nil }
        guard pattern[place] == Self.questionMark else { return pattern[place] == rest[0] ? 1 : nil }
        // A star may have left off within a scalar, where none begins.
        switch rest[0] {
        case 0x00...0x7F: return 1
        case 0xC0...0xDF: return 2
        case 0xE0...0xEF: return 3
        case 0xF0...0xFF: return 4
        default: return nil
        }
    }
}
