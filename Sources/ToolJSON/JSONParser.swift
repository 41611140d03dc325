/// A recursive-descent parser; its recursion is bounded by the depth limit.
///
/// A release build does not check the subscripts of `bytes`. So every read stands behind a look at `bytes.count`, and
/// `position` never exceeds it.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    var position = 0
    var repeatedNames = JSONRepeatedNames(limit: 0)
    private var depth = 0

    /// Where texts with escapes are put together.
    var unescaped: [UInt8] = []

    /// Takes bytes that must outlive the parser.
    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError(message: "the text is longer than \(limits.bytes) bytes", offset: limits.bytes)
        }
        self.bytes = bytes
        maximumDepth = limits.depth
    }

    mutating func document() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error("a byte order mark is not allowed") }
        skipSpace()
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw error("unexpected text after the value") }
        return value
    }

    // MARK: - Steps

    @inline(__always)
    var next: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    func error(_ message: String) -> JSONError {
        JSONError(message: message, offset: position)
    }

    @inline(never)
    func unexpected(_ wanted: StaticString) -> JSONError {
        error(next == nil ? "the text ends where \(wanted) should stand" : "expected \(wanted)")
    }

    @inline(__always)
    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    @inline(__always)
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    // MARK: - Values

    /// The value that begins at the next byte.
    private mutating func value() throws(JSONError) -> JSON {
        // No value begins with a zero byte, either.
        switch next ?? 0 {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw unexpected("a value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard bytes.count - position >= length else { throw unexpected("a value") }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
            throw unexpected("a value")
        }
        position += length
        return value
    }

    /// Takes the bracket that opens an array or object.
    private mutating func open() throws(JSONError) {
        guard depth < maximumDepth else { throw error("nested more than \(maximumDepth) levels deep") }
        depth += 1
        position += 1
        skipSpace()
    }

    private mutating func array() throws(JSONError) -> [JSON] {
        try open()
        defer { depth -= 1 }
        if take("]") { return [] }
        var elements: [JSON] = []
        elements.reserveCapacity(2)
        while true {
            let repeated = repeatedNames.count
            elements.append(try value())
            if repeatedNames.count > repeated {
                repeatedNames.ascend(to: String(elements.count - 1), since: repeated)
            }
            skipSpace()
            if take("]") { return elements }
            guard take(",") else { throw unexpected("a comma or ]") }
            skipSpace()
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        try open()
        defer { depth -= 1 }
        if take("}") { return JSONObject() }
        var members = JSONObject()
        members.reserveCapacity(4)
        var names = NameFilter()
        let outer = repeatedNames.count
        while true {
            guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
            let start = position
            let key = try string()
            let mayBeRepeated = names.insert(key, written: bytes[start..<position])
            skipSpace()
            guard take(":") else { throw unexpected("a colon") }
            skipSpace()
            let repeated = repeatedNames.count
            let value = try value()
            if repeatedNames.count > repeated { repeatedNames.ascend(to: key, since: repeated) }
            if !mayBeRepeated {
                members.append(newKey: key, value)
            } else if !members.update(key, to: value) {
                repeatedNames.insert(key, since: outer)
            }
            skipSpace()
            if take("}") { return members }
            guard take(",") else { throw unexpected("a comma or }") }
            skipSpace()
        }
    }
}

/// Tells most names that an object does not have yet from those that it may have.
private struct NameFilter {
    private var seen: UInt64 = 0

    /// Adds a name, and says whether it may be there already; `false` is certain.
    ///
    /// The name is told by its first byte, its last and its length, as they are written between quotes.
    @inline(__always)
    mutating func insert(_ name: String, written: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        // One name can be written in many ways with escapes; from then on, all may be there.
        guard written.count == name.utf8.count + 2 else {
            seen = .max
            return true
        }
        let first = written[written.startIndex + 1]
        let last = written[written.endIndex - 2]
        // Multiplying spreads the three over the six highest bits, which choose one of 64.
        let traits = UInt64(first) | UInt64(last) << 8 | UInt64(written.count) << 16
        let bit: UInt64 = 1 &<< ((traits &* 0x9E37_79B9_7F4A_7C15) >> 58)
        defer { seen |= bit }
        return seen & bit != 0
    }
}
