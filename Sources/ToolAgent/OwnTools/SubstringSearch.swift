/// A search for a string in the pieces of a text, after Knuth, Morris and Pratt.
///
/// Each byte of the text is read once, whatever the pattern is. A place may extend over several pieces. The case of ASCII
/// letters is ignored.
struct SubstringSearch {
    private let pattern: [UInt8]
    /// The number of characters (Unicode scalars) of the pattern.
    private let length: Int
    /// For each prefix of the pattern, the length of its longest proper prefix that it also ends with.
    private let borders: [Int]
    /// The number of bytes of the pattern that match the end of the text so far.
    private var matched = 0

    /// Creates a search for a string, which finds nothing if the string is empty.
    init(_ pattern: String) {
        self.pattern = pattern.utf8.map(Self.folded)
        length = pattern.unicodeScalars.count
        var borders = Array(repeating: 0, count: self.pattern.count)
        var border = 0
        for index in self.pattern.indices.dropFirst() {
            while border > 0, self.pattern[index] != self.pattern[border] { border = borders[border - 1] }
            if self.pattern[index] == self.pattern[border] { border += 1 }
            borders[index] = border
        }
        self.borders = borders
    }

    /// Reads the next piece of the text.
    ///
    /// - Parameters:
    ///   - piece: The piece.
    ///   - position: The position of its first character in the text.
    ///   - start: The position of the first character that may begin a place.
    ///   - report: Receives the position of each place that ends in the piece.
    mutating func find(in piece: String, at position: Int, from start: Int, _ report: (Int) -> Void) {
        guard !pattern.isEmpty else { return }
        var end = position
        for byte in piece.utf8 {
            // A continuation byte begins no character.
            if byte & 0xC0 != 0x80 { end += 1 }
            let byte = Self.folded(byte)
            while matched > 0, byte != pattern[matched] { matched = borders[matched - 1] }
            guard byte == pattern[matched] else { continue }
            matched += 1
            guard matched == pattern.count else { continue }
            if end - length >= start {
                report(end - length)
                matched = 0
            } else {
                matched = borders[matched - 1]
            }
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
