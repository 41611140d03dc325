// MARK: - Strings

extension JSONWriter {
    /// Writes a whole string.
    package mutating func write(_ text: String) {
        beginString()
        append(toString: text)
        endString()
    }

    /// Begins a string, to which ``append(toString:)`` adds parts.
    package mutating func beginString() { buffer.append(UInt8(ascii: "\"")) }

    /// Ends the string.
    package mutating func endString() { buffer.append(UInt8(ascii: "\"")) }

    /// Appends to the string that ``beginString()`` began.
    package mutating func append(toString text: String) {
        // Escaping never shortens a string, so one beyond the limit need not be copied.
        guard text.utf8.count <= limit - buffer.count else {
            limit = -1
            return
        }
        var text = text
        text.withUTF8 { utf8 in
            guard sink != nil else { return escape(utf8) }
            utf8.forEachTextPiece { piece in
                escape(piece)
                flushIfFull()
            }
        }
    }

    /// Appends UTF-8 text and escapes the bytes that need it.
    private mutating func escape(_ utf8: UnsafeBufferPointer<UInt8>) {
        // Most strings need no escapes and are copied in one piece.
        var (start, position) = (0, 0)
        while position < utf8.count {
            if utf8.count - position >= 8 {
                let word = utf8.word(at: position)
                let ends = ByteLanes.markEscapes(word) | ByteLanes.mark(word ^ ByteLanes.all(0x7F), below: 1)
                guard ends != 0 else {
                    position += 8
                    continue
                }
                // The lowest mark is exact.
                position += ends.trailingZeroBitCount / 8
            }
            let byte = utf8[position]
            position += 1
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != 0x7F { continue }
            buffer.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<(position - 1)]))
            escape(byte)
            start = position
        }
        if start < utf8.count { buffer.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...])) }
    }

    private mutating func escape(_ byte: UInt8) {
        buffer.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): buffer.append(byte)
        case 0x08: buffer.append(UInt8(ascii: "b"))
        case 0x09: buffer.append(UInt8(ascii: "t"))
        case 0x0A: buffer.append(UInt8(ascii: "n"))
        case 0x0C: buffer.append(UInt8(ascii: "f"))
        case 0x0D: buffer.append(UInt8(ascii: "r"))
        default:
            buffer.append(UInt8(ascii: "u"))
            buffer.append(UInt8(ascii: "0"))
            buffer.append(UInt8(ascii: "0"))
            buffer.append(Self.hexadecimalDigit(byte >> 4))
            buffer.append(Self.hexadecimalDigit(byte & 0x0F))
        }
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
