import ToolJSON

/// A parser of calls in the syntax of Python: `add(a=1, b=2)`, alone, in a list or one after another.
///
/// Arguments have names and are literals. Anything else is not a call.
struct PythonCallParser {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private static let maximumDepth = 32

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Reads a text that is nothing but calls; nil if it is not.
    static func calls(in bytes: ArraySlice<UInt8>, limit: Int) -> [PrintedCall]? {
        var parser = PythonCallParser(bytes)
        let isList = parser.skip("[")
        var calls: [PrintedCall] = []
        repeat {
            guard calls.count < limit, let call = parser.call() else { return nil }
            calls.append(call)
            if isList {
                let hasMore = parser.skip(",")
                if parser.skip("]") { break }
                guard hasMore else { return nil }
            } else {
                _ = parser.skip(";")
            }
        } while isList || parser.next != nil
        return parser.next == nil ? calls : nil
    }

    // MARK: - Tokens

    /// The next byte that is not white space.
    private var next: UInt8? {
        mutating get {
            while position < bytes.endIndex, bytes[position] <= 0x20 { position += 1 }
            return position < bytes.endIndex ? bytes[position] : nil
        }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Reads a name: letters, digits, underscores, dots and hyphens.
    private mutating func name() -> String? {
        guard let first = next, first.isLetter else { return nil }
        let start = position
        while position < bytes.endIndex, bytes[position].isNamePart { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func call() -> PrintedCall? {
        _ = next
        let start = position
        guard let name = name(), skip("(") else { return nil }
        var arguments: JSONObject = [:]
        while !skip(")") {
            guard let key = self.name(), skip("="), arguments[key] == nil, let value = value(0) else { return nil }
            arguments[key] = value
            if !skip(","), next != UInt8(ascii: ")") { return nil }
        }
        let source = String(decoding: bytes[start..<position], as: UTF8.self)
        return PrintedCall(name: name, arguments: arguments, source: source)
    }

    // MARK: - Literals

    private mutating func value(_ depth: Int) -> JSON? {
        guard depth < Self.maximumDepth, let first = next else { return nil }
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return string().map(JSON.string)
        case UInt8(ascii: "["): return list("[", "]", depth)
        case UInt8(ascii: "("): return list("(", ")", depth)
        case UInt8(ascii: "{"): return dictionary(depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        default:
            switch name() {
            case "True", "true": return true
            case "False", "false": return false
            case "None", "null": return .null
            default: return nil
            }
        }
    }

    private mutating func list(_ start: Unicode.Scalar, _ end: Unicode.Scalar, _ depth: Int) -> JSON? {
        guard skip(start) else { return nil }
        var elements: [JSON] = []
        while !skip(end) {
            guard let element = value(depth + 1) else { return nil }
            elements.append(element)
            if !skip(","), next != UInt8(ascii: end) { return nil }
        }
        return .array(elements)
    }

    private mutating func dictionary(_ depth: Int) -> JSON? {
        guard skip("{") else { return nil }
        var members: JSONObject = [:]
        while !skip("}") {
            guard next == UInt8(ascii: "\"") || next == UInt8(ascii: "'"), let key = string(), skip(":"),
                members[key] == nil, let value = value(depth + 1)
            else { return nil }
            members[key] = value
            if !skip(","), next != UInt8(ascii: "}") { return nil }
        }
        return .object(members)
    }

    private mutating func number() -> JSON? {
        let start = position
        while position < bytes.endIndex, bytes[position].isNamePart || bytes[position] == UInt8(ascii: "+") {
            position += 1
        }
        return JSONNumber(literal: String(decoding: bytes[start..<position], as: UTF8.self)).map(JSON.number)
    }

    private mutating func string() -> String? {
        guard let quote = next else { return nil }
        let isLong = bytes[position...].prefix(3).elementsEqual([quote, quote, quote])
        let length = isLong ? 3 : 1
        position += length
        var text: [UInt8] = []
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == quote, bytes[position...].prefix(length).allSatisfy({ $0 == quote }) {
                position += length
                return String(validating: text, as: UTF8.self)
            }
            position += 1
            if byte == UInt8(ascii: "\\") {
                guard appendEscape(to: &text) else { return nil }
            } else if byte == 0x0A, !isLong {
                return nil
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    private mutating func appendEscape(to text: inout [UInt8]) -> Bool {
        guard position < bytes.endIndex else { return false }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(byte)
        case 0x0A: break
        case UInt8(ascii: "x"): return appendScalar(digits: 2, to: &text)
        case UInt8(ascii: "u"): return appendScalar(digits: 4, to: &text)
        default: text += [UInt8(ascii: "\\"), byte]
        }
        return true
    }

    private mutating func appendScalar(digits: Int, to text: inout [UInt8]) -> Bool {
        let code = String(decoding: bytes[position...].prefix(digits), as: UTF8.self)
        guard code.utf8.count == digits, code.utf8.allSatisfy(\.isHexDigit),
            let scalar = UInt32(code, radix: 16).flatMap(Unicode.Scalar.init)
        else { return false }
        position += digits
        text += Array(String(Character(scalar)).utf8)
        return true
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool {
        self == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    fileprivate var isNamePart: Bool {
        isLetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: ".")
            || self == UInt8(ascii: "-")
    }

    fileprivate var isHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }
}
