extension EditBuffer {
    /// The maximum number of bytes that are examined for one character: any number of marks may follow a letter.
    private static let window = 128

    // MARK: - Characters

    /// Returns the end of the character, or of the folded paste, that begins at an offset.
    func characterEnd(_ offset: Int) -> Int {
        guard offset < bytes.count else { return bytes.count }
        if let fold = fold(from: offset) { return fold.range.upperBound }
        // A mark can follow an ASCII character, but ASCII cannot.
        if bytes[offset] < 0x80, offset + 1 == bytes.count || bytes[offset + 1] < 0x80 { return offset + 1 }
        var end = offset + 1
        let limit = min(bounds(around: offset).upperBound, offset + Self.window)
        while end < limit, bytes[end] >= 0x80 { end += 1 }
        end = scalarStart(end)
        let first = String(decoding: bytes[offset..<end], as: UTF8.self).first
        return offset + max(first?.utf8.count ?? 0, 1)
    }

    /// Returns the end of the printable ASCII characters that begin at an offset and are not in a folded paste.
    func plainEnd(_ offset: Int, before limit: Int) -> Int {
        var end = offset
        let limit = fold(containing: offset) == nil ? min(limit, bounds(around: offset).upperBound) : offset
        while end < limit, 0x20..<0x7F ~= bytes[end] { end += 1 }
        // A mark may follow the last one.
        return end > offset && end < bytes.count && bytes[end] >= 0x80 ? end - 1 : end
    }

    /// Returns the start of the character, or of the folded paste, that ends at an offset.
    func characterStart(_ offset: Int) -> Int {
        guard offset > 0 else { return 0 }
        if let fold = fold(endingAt: offset) { return fold.range.lowerBound }
        if bytes[offset - 1] < 0x80 { return offset - 1 }
        var start = offset - 1
        let limit = max(bounds(around: offset - 1).lowerBound, offset - Self.window)
        // The ASCII character before marks is the start of their character.
        while start > limit, bytes[start] >= 0x80 { start -= 1 }
        start = scalarStart(start)
        let last = String(decoding: bytes[start..<offset], as: UTF8.self).last
        return max(offset - max(last?.utf8.count ?? 0, 1), 0)
    }

    /// Returns the start of the scalar at an offset.
    private func scalarStart(_ offset: Int) -> Int {
        var offset = offset
        while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }

    // MARK: - Words

    /// The offset after the word at the cursor, or after the next one.
    var wordEnd: Int {
        var end = cursor
        while end < bytes.count, !isWord(at: end) { end = characterEnd(end) }
        while end < bytes.count, isWord(at: end) { end = characterEnd(end) }
        return end
    }

    /// The start of the word at the cursor, or of the last one before it.
    var wordStart: Int { start(of: isWord) }

    /// The start of the characters without spaces before the cursor.
    var spacedWordStart: Int { start { bytes[$0] > 0x20 } }

    private func start(of isIncluded: (Int) -> Bool) -> Int {
        var start = cursor
        func move(while matches: Bool) {
            while start > 0 {
                let previous = characterStart(start)
                guard (fold(from: previous) != nil || isIncluded(previous)) == matches else { return }
                start = previous
            }
        }
        move(while: false)
        move(while: true)
        return start
    }

    /// True if the character at an offset is a part of a word: a letter, a digit, or any character that is not ASCII,
    /// except spaces and punctuation.
    private func isWord(at offset: Int) -> Bool {
        if fold(from: offset) != nil { return true }
        switch bytes[offset] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            return true
        case ..<0x80: return false
        // The blocks of general punctuation and of Chinese and Japanese punctuation.
        case 0xE2 where offset + 1 < bytes.count: return bytes[offset + 1] > 0x81
        case 0xE3 where offset + 1 < bytes.count: return bytes[offset + 1] > 0x80
        default: return true
        }
    }

    // MARK: - Lines

    /// The start of the line of the cursor.
    var lineStart: Int { lineStart(before: cursor) }

    /// The end of the line of the cursor.
    var lineEnd: Int {
        var end = cursor
        while end < bytes.count {
            if let fold = fold(from: end) {
                end = fold.range.upperBound
            } else if bytes[end] == 0x0A {
                break
            } else {
                end += 1
            }
        }
        return end
    }

    private func lineStart(before offset: Int) -> Int {
        var start = offset
        while start > 0 {
            if let fold = fold(endingAt: start) {
                start = fold.range.lowerBound
            } else if bytes[start - 1] == 0x0A {
                break
            } else {
                start -= 1
            }
        }
        return start
    }

    /// Returns the offset at the same place in the line above; nil if there is none.
    var lineAbove: Int? {
        let start = lineStart
        guard start > 0 else { return nil }
        return offset(characters: characters(from: start, to: cursor), from: lineStart(before: start - 1))
    }

    /// Returns the offset at the same place in the line below; nil if there is none.
    var lineBelow: Int? {
        let end = lineEnd
        guard end < bytes.count else { return nil }
        return offset(characters: characters(from: lineStart, to: cursor), from: end + 1)
    }

    private func characters(from start: Int, to end: Int) -> Int {
        var (offset, count) = (start, 0)
        while offset < end {
            offset = characterEnd(offset)
            count += 1
        }
        return count
    }

    private func offset(characters count: Int, from start: Int) -> Int {
        var offset = start
        for _ in 0..<count where offset < bytes.count && (bytes[offset] != 0x0A || fold(from: offset) != nil) {
            offset = characterEnd(offset)
        }
        return offset
    }
}
