/// How large a text the parser takes.
public struct JSONLimits: Sendable, Hashable {
    /// The deepest nesting of arrays and objects.
    public var depth: Int

    /// The longest text, in bytes.
    public var bytes: Int

    /// Depth 128 and 64 MiB unless said otherwise.
    public init(depth: Int = 128, bytes: Int = 64 << 20) {
        self.depth = depth
        self.bytes = bytes
    }
}

extension JSON {
    /// Parses one JSON text (RFC 8259), with nothing but white space around it.
    ///
    /// Where an object repeats a name, the last value wins.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, without a byte order mark.
    ///   - limits: What is refused for its size.
    /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
    public init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let parsed = bytes.withContiguousStorageIfAvailable { buffer in
            Result { () throws(JSONError) in try JSON.parse(buffer, limits) }
        }
        if let parsed {
            self = try parsed.get()
        } else {
            try self.init(parsing: Array(bytes), limits: limits)
        }
    }

    /// Parses one JSON text (RFC 8259), with nothing but white space around it.
    ///
    /// - Parameters:
    ///   - text: The text, without a byte order mark.
    ///   - limits: What is refused for its size.
    /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) throws(JSONError) -> JSON {
        guard bytes.count <= limits.bytes else {
            throw JSONError(message: "the text is longer than \(limits.bytes) bytes", offset: limits.bytes)
        }
        var parser = Parser(bytes: bytes, maximumDepth: limits.depth)
        return try parser.document()
    }
}

/// A recursive-descent parser; its recursion is bounded by the depth limit.
private struct Parser {
    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    var position = 0
    var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error("a byte order mark is not allowed") }
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw error("unexpected text after the value") }
        return value
    }

    private var next: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private func error(_ message: String) -> JSONError {
        JSONError(message: message, offset: position)
    }

    private func unexpected(_ wanted: String) -> JSONError {
        error(next == nil ? "the text ends where \(wanted) should stand" : "expected \(wanted)")
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONError) -> JSON {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in .object(try parser.object()) }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in .array(try parser.array()) }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte:
            return .number(try number())
        default: throw unexpected("a value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count,
            bytes[position..<position + length].elementsEqual(
                UnsafeBufferPointer(start: word.utf8Start, count: length)
            )
        else { throw unexpected("a value") }
        position += length
        return value
    }

    private mutating func nested(
        _ body: (inout Parser) throws(JSONError) -> JSON
    ) throws(JSONError) -> JSON {
        guard depth < maximumDepth else { throw error("nested more than \(maximumDepth) levels deep") }
        depth += 1
        position += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func array() throws(JSONError) -> [JSON] {
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return elements }
        while true {
            elements.append(try value())
            skipSpace()
            if take("]") { return elements }
            guard take(",") else { throw unexpected("a comma or ]") }
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        var members = JSONObject()
        skipSpace()
        if take("}") { return members }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw unexpected("a colon") }
            members[key] = try value()
            skipSpace()
            if take("}") { return members }
            guard take(",") else { throw unexpected("a comma or }") }
        }
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        if position == start { throw unexpected("a digit") }
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return JSONNumber(checked: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        // Most texts have no escapes, and are taken in one piece.
        if next == UInt8(ascii: "\"") {
            let text = try utf8(bytes[start..<position], from: start)
            position += 1
            return text
        }
        var unescaped = Array(bytes[start..<position])
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                try escape(into: &unescaped)
            } else if byte < 0x20 {
                throw error("a control character must be escaped")
            } else {
                unescaped.append(byte)
                position += 1
            }
        }
        guard take("\"") else { throw error("the text ends inside a string") }
        return try utf8(unescaped[...], from: start)
    }

    private func utf8(_ text: some Collection<UInt8>, from start: Int) throws(JSONError) -> String {
        if let text = String(validating: text, as: UTF8.self) { return text }
        // Escapes are ASCII, so what is wrong is wrong in the bytes as they came, too.
        var offset = start
        var iterator = bytes[start..<min(position, bytes.count)].makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
        throw JSONError(message: "a string is not valid UTF-8", offset: offset)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        position += 1
        let escaped = next
        position += 1
        switch escaped {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped ?? 0)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try escapedScalar())).utf8)
        default:
            position -= 1
            throw unexpected("one of \" \\ / b f n r t u")
        }
    }

    /// The scalar of `\uXXXX`, or of two of them that make a surrogate pair.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, take("\\"), take("u") else { throw error("a lone surrogate is not a character") }
        let low = try hexadecimal()
        guard 0xDC00...0xDFFF ~= low,
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("a lone surrogate is not a character") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw unexpected("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
