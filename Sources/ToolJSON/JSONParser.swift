/// A recursive-descent parser.
///
/// The depth limit bounds its recursion.
///
/// A release build does not check the subscripts of `bytes`. Every read therefore follows a comparison with
/// `bytes.count`, and `position` never exceeds it.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    var position = 0
    var repeatedNames = JSONRepeatedNames(limit: 0)
    /// True to replace a lone surrogate by U+FFFD instead of throwing an error.
    var replacesLoneSurrogates = false
    /// The arrays to keep only in part.
    ///
    /// The default matches no array.
    var excerpt = JSONExcerpt(name: "", depth: 0, limit: 0)
    /// The number of elements that were skipped in such an array, keyed by the depth of its object.
    private(set) var omitted: [Int: Int] = [:]
    private var depth = 0
    private var count = 0

    /// The buffer in which strings with escapes are assembled.
    var unescaped: [UInt8] = []

    /// Creates a parser.
    ///
    /// The bytes must outlive it.
    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError(.limitExceeded, "the text is longer than \(limits.bytes) bytes", at: limits.bytes)
        }
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSON {
        try begin()
        let value = try value()
        try end()
        return value
    }

    /// Validates the text without storing the value.
    mutating func validate() throws(JSONError) {
        try begin()
        try skipValue()
        try end()
    }

    private mutating func begin() throws(JSONError) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error("a byte order mark is not allowed") }
        skipSpace()
    }

    private mutating func end() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw error("unexpected text after the value") }
    }

    // MARK: - Steps

    @inline(__always)
    var next: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    func error(_ message: String, _ code: JSONError.Code = .invalidSyntax) -> JSONError {
        JSONError(code, message, at: position)
    }

    @inline(never)
    func unexpected(_ expected: StaticString) -> JSONError {
        error(next == nil ? "expected \(expected), but the text ends" : "expected \(expected)")
    }

    @inline(__always)
    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    @inline(__always)
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    // MARK: - Values

    /// Parses the value that begins at the next byte.
    private mutating func value() throws(JSONError) -> JSON {
        guard count < limits.values else { throw error("more than \(limits.values) values", .limitExceeded) }
        count += 1
        switch next ?? 0 {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        default: return try scalar()
        }
    }

    /// Parses the value that begins at the next byte.
    ///
    /// Arrays and objects are rejected.
    mutating func scalar() throws(JSONError) -> JSON {
        // Nil becomes 0, which begins no value.
        switch next ?? 0 {
        case UInt8(ascii: "\""): return .string(try string())
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

    /// Consumes the bracket that opens an array or object.
    mutating func open() throws(JSONError) {
        guard depth < limits.depth else { throw error("nested more than \(limits.depth) levels deep", .limitExceeded) }
        depth += 1
        position += 1
        skipSpace()
    }

    /// Ends an array or object.
    mutating func close() { depth -= 1 }

    private mutating func array(keeping limit: Int = .max) throws(JSONError) -> [JSON] {
        try open()
        defer { close() }
        if take("]") { return [] }
        var elements: [JSON] = []
        elements.reserveCapacity(2)
        while true {
            guard elements.count < limit else {
                omitted[depth - 1] = try skipElements()
                return elements
            }
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
        defer { close() }
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
            try takeColon()
            let repeated = repeatedNames.count
            let value = depth <= excerpt.depth && key == excerpt.name ? try excerpted() : try value()
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

    mutating func takeColon() throws(JSONError) {
        skipSpace()
        guard take(":") else { throw unexpected("a colon") }
        skipSpace()
    }

    /// Parses a value.
    ///
    /// If it is an array, only the beginning is kept.
    private mutating func excerpted() throws(JSONError) -> JSON {
        // If objects of the same depth repeat a name, the last value wins.
        omitted[depth] = nil
        return next == UInt8(ascii: "[") ? .array(try array(keeping: excerpt.limit)) : try value()
    }
}

/// A Bloom filter for the names of an object.
private struct NameFilter {
    private var seen: UInt64 = 0

    /// Inserts a name.
    ///
    /// The hash consists of its first byte, its last byte and its length.
    ///
    /// - Returns: False if the name is certainly new, true if it may be present.
    @inline(__always)
    mutating func insert(_ name: String, written: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        // Escapes allow many spellings of one name. After the first escape, every name may be present.
        guard written.count == name.utf8.count + 2 else {
            seen = .max
            return true
        }
        let first = written[written.startIndex + 1]
        let last = written[written.endIndex - 2]
        // The multiplication spreads all three over the six highest bits, which select one of 64.
        let traits = UInt64(first) | UInt64(last) << 8 | UInt64(written.count) << 16
        let bit: UInt64 = 1 &<< ((traits &* 0x9E37_79B9_7F4A_7C15) >> 58)
        defer { seen |= bit }
        return seen & bit != 0
    }
}
