/// A pattern for whole strings: `*` matches any number of scalars, `?` matches one, and all other scalars match
/// themselves.
///
/// Nothing else is special: not `[`, `\`, a slash or a dot. The unit is the Unicode scalar, of which one visible
/// character may have several.
struct TextPattern {
    private let pattern: [UInt8]

    private static let star = UInt8(ascii: "*")
    private static let questionMark = UInt8(ascii: "?")
    private static let freeSteps = 1 << 18

    init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    /// A rank for comparing patterns; a higher one is narrower.
    ///
    /// A pattern without wildcards is the narrowest, and of others the one with more characters besides `*`.
    var narrowness: Int {
        pattern.contains { $0 == Self.star || $0 == Self.questionMark } ? pattern.count { $0 != Self.star } : .max
    }

    /// Returns true if the whole string matches.
    ///
    /// Only the last star is ever extended, because the parts before it were matched as early as possible. In the worst
    /// case the longest part between two stars is compared at each position of the string. The number of steps is at
    /// most a constant plus four times the length of the string.
    ///
    /// - Returns: Nil if that maximum was reached before the result was known. Only a long string of repetitions does
    ///   that.
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
                // A star at the end matches the rest of the string.
                if place == pattern.count { return true }
                lastStar = (position, place)
            } else if let count = matchLength(at: place, bytes.extracting(position...)) {
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

    /// The number of bytes of the rest of a string that a byte of the pattern, which is not a star, matches; nil if it
    /// does not match.
    private func matchLength(at place: Int, _ rest: Span<UInt8>) -> Int? {
        guard place < pattern.count else { return nil }
        guard pattern[place] == Self.questionMark else { return pattern[place] == rest[0] ? 1 : nil }
        // A star may have ended within a scalar, where no scalar begins.
        switch rest[0] {
        case 0x00...0x7F: return 1
        case 0xC0...0xDF: return 2
        case 0xE0...0xEF: return 3
        case 0xF0...0xFF: return 4
        default: return nil
        }
    }
}
