// The size of a value as text, and the beginning of it, without the work of writing all of it.

extension JSON {
    /// The number of bytes that the value takes as compact JSON text.
    ///
    /// - Parameter limit: The number of bytes at which counting stops.
    /// - Returns: The exact number if it is at most `limit`, and a larger number than `limit` otherwise.
    package func byteCount(upTo limit: Int) -> Int {
        var left = limit
        count(&left)
        return limit - left
    }

    private func count(_ left: inout Int) {
        guard left >= 0 else { return }
        switch self {
        case .null: left -= 4
        case .bool(let value): left -= value ? 4 : 5
        case .number(let number): left -= number.literal.utf8.count
        case .string(let text): Self.count(text, &left)
        case .array(let elements):
            left -= 2 + max(0, elements.count - 1)
            for element in elements where left >= 0 { element.count(&left) }
        case .object(let members):
            // The braces, the commas and the colons.
            left -= 2 + max(0, 2 * members.count - 1)
            for member in members where left >= 0 {
                Self.count(member.key, &left)
                member.value.count(&left)
            }
        }
    }

    private static func count(_ text: String, _ left: inout Int) {
        left -= text.utf8.count + 2
        guard left >= 0 else { return }
        var text = text
        left -= text.withUTF8 { $0.reduce(0) { $0 + escapeLength($1) } }
    }

    /// The number of bytes that escaping adds to one byte.
    private static func escapeLength(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: 1
        case 0x00..<0x20, 0x7F: 5
        default: 0
        }
    }

    /// The beginning of the value as compact JSON text.
    ///
    /// - Parameter limit: The number of bytes after which writing stops. The text may be longer: escapes of the last string are whole.
    /// - Returns: The text, and true if it is all of the value's text.
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
        // Without the closing quote: the reader sees that there is more.
        text += JSON.string(String(content.unicodeScalars.prefix(left))).text().dropLast()
        return false
    }
}
