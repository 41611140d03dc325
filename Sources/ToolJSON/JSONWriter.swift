/// How a value is written.
public enum JSONStyle: Sendable, Hashable {
    /// On one line, without spaces.
    case compact
    /// Indented by two spaces, for people.
    case pretty
}

extension JSON {
    /// The value as JSON text, keys in their order and numbers as they were.
    public func text(_ style: JSONStyle = .compact) -> String {
        String(decoding: bytes(style), as: UTF8.self)
    }

    /// The value as JSON text in UTF-8, keys in their order and numbers as they were.
    public func bytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = Writer(isPretty: style == .pretty)
        writer.write(self)
        return writer.bytes
    }
}

extension JSON: CustomStringConvertible {
    public var description: String { text() }
}

private struct Writer {
    let isPretty: Bool
    var bytes: [UInt8] = []
    var indentation = 0

    init(isPretty: Bool) { self.isPretty = isPretty }

    mutating func write(_ value: JSON) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .number(let number): append(number.literal)
        case .string(let text): write(text)
        case .array(let elements): write(elements, "[", "]") { writer, element in writer.write(element) }
        case .object(let members):
            write(members, "{", "}") { writer, member in
                writer.write(member.key)
                writer.append(writer.isPretty ? ": " : ":")
                writer.write(member.value)
            }
        }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func write<C: Collection>(
        _ elements: C,
        _ open: String,
        _ close: String,
        _ body: (inout Writer, C.Element) -> Void
    ) {
        append(open)
        indentation += 1
        var isFirst = true
        for element in elements {
            if !isFirst { append(",") }
            isFirst = false
            breakLine()
            body(&self, element)
        }
        indentation -= 1
        if !isFirst { breakLine() }
        append(close)
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indentation))
    }

    private mutating func write(_ text: String) {
        append("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case 0..<0x20, 0x7F: append("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        append("\"")
    }
}
