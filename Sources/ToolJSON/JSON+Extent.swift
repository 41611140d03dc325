// The length of a value's text and the beginning of it, without writing the whole text.

extension JSON {
    /// Returns the length of the value as compact JSON text, in bytes.
    ///
    /// - Parameter limit: The number of bytes at which counting stops.
    /// - Returns: The exact length if it is at most `limit`, and otherwise any number above `limit`.
    package func byteCount(upTo limit: Int) -> Int {
        var bytesLeft = limit
        subtractBytes(from: &bytesLeft)
        return limit - bytesLeft
    }

    /// Subtracts the length of the value's text until less than 0 bytes are left.
    private func subtractBytes(from bytesLeft: inout Int) {
        guard bytesLeft >= 0 else { return }
        switch self {
        case .null: bytesLeft -= 4
        case .bool(let value): bytesLeft -= value ? 4 : 5
        case .number(let number): bytesLeft -= number.withUTF8(\.count)
        case .string(let text): Self.subtractBytes(of: text, from: &bytesLeft)
        case .array(let elements):
            bytesLeft -= 2 + max(0, elements.count - 1)
            for element in elements where bytesLeft >= 0 { element.subtractBytes(from: &bytesLeft) }
        case .object(let members):
            // The braces, the commas and the colons.
            bytesLeft -= 2 + max(0, 2 * members.count - 1)
            for member in members where bytesLeft >= 0 {
                Self.subtractBytes(of: member.key, from: &bytesLeft)
                member.value.subtractBytes(from: &bytesLeft)
            }
        }
    }

    private static func subtractBytes(of text: String, from bytesLeft: inout Int) {
        bytesLeft -= text.utf8.count + 2
        guard bytesLeft >= 0 else { return }
        var text = text
        bytesLeft -= text.withUTF8 { $0.reduce(0) { $0 + escapeLength($1) } }
    }

    /// Returns the number of bytes that escaping adds to a byte.
    private static func escapeLength(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: 1
        case 0x00..<0x20, 0x7F: 5
        default: 0
        }
    }

    /// Returns the beginning of the value as compact JSON text.
    ///
    /// - Parameter limit: The number of bytes after which writing stops. The result can be longer by the escapes of its
    ///   last string.
    /// - Returns: The text, and true if it is the whole text of the value.
    package func text(upTo limit: Int) -> (text: String, isWhole: Bool) {
        var text = ""
        let isWhole = write(to: &text, limit)
        return (text, isWhole)
    }

    private func write(to text: inout String, _ limit: Int) -> Bool {
        let left = limit - text.utf8.count
        guard left > 0 else { return false }
        switch self {
        case .null, .bool:
            text += self.text()
            return true
        case .number(let number):
            let literal = number.literal
            text += literal.prefix(left)
            return literal.utf8.count <= left
        case .string(let content):
            return Self.write(content, to: &text, limit)
        case .array(let elements):
            text += "["
            for (position, element) in elements.enumerated() {
                if position > 0 { text += "," }
                guard element.write(to: &text, limit) else { return false }
            }
            text += "]"
            return true
        case .object(let members):
            text += "{"
            for (position, member) in members.enumerated() {
                if position > 0 { text += "," }
                guard Self.write(member.key, to: &text, limit) else { return false }
                text += ":"
                guard member.value.write(to: &text, limit) else { return false }
            }
            text += "}"
            return true
        }
    }

    private static func write(_ content: String, to text: inout String, _ limit: Int) -> Bool {
        let left = limit - text.utf8.count
        guard left > 0 else { return false }
        if content.utf8.count <= left {
            text += JSON.string(content).text()
            return true
        }
        // The closing quote is omitted, so that the reader sees that the string continues.
        text += JSON.string(String(content.unicodeScalars.prefix(left))).text().dropLast()
        return false
    }
}
