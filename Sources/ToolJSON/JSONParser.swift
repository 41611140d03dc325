/// A recursive-descent parser.
///
/// The depth limit bounds its recursion.
///
/// A release build does not check the subscripts of `bytes`. Every read therefore follows a comparison with
/// `bytes.count`, and `position` never exceeds it.
struct JSONParser: ~Copyable {
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
    var omitted: [Int: Int] = [:]
    private(set) var depth = 0
    private var count = 0

    /// The buffer in which strings with escapes are assembled.
    var unescaped: [UInt8] = []
    /// The elements of the open arrays.
    var elements = MoveStack<JSON>()
    /// The members of the open objects.
    var members = MoveStack<JSONObject.Entry>()
    /// The names of members that occurred before.
    var names: JSONNameTable

    /// Creates a parser.
    ///
    /// The bytes must outlive it.
    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError(.limitExceeded, "the text is longer than \(limits.bytes) bytes", at: limits.bytes)
        }
        self.bytes = bytes
        self.limits = limits
        names = JSONNameTable(textBytes: bytes.count)
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

    @inline(never)
    func error(_ message: String, _ code: JSONError.Code = .invalidSyntax) -> JSONError {
        JSONError(code, message, at: position)
    }

    @inline(never)
    func unexpected(_ expected: StaticString) -> JSONError {
        error(next == nil ? "expected \(expected), but the text ends" : "expected \(expected)")
    }

    @inline(__always)
    mutating func skipSpace() {
        while let byte = next, byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    @inline(__always)
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func takeColon() throws(JSONError) {
        skipSpace()
        guard take(":") else { throw unexpected("a colon") }
        skipSpace()
    }

    // MARK: - Values

    /// Parses the value that begins at the next byte.
    mutating func value() throws(JSONError) -> JSON {
        guard count < limits.values else { throw error("more than \(limits.values) values", .limitExceeded) }
        count += 1
        // Nil becomes 0, which begins no value.
        switch next ?? 0 {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        default: return try word()
        }
    }

    /// Parses `true`, `false` or `null`.
    mutating func word() throws(JSONError) -> JSON {
        switch next ?? 0 {
        case UInt8(ascii: "t"): try take("true")
        case UInt8(ascii: "f"): try take("false")
        case UInt8(ascii: "n"): try take("null")
        default: throw unexpected("a value")
        }
        // The lengths of the words differ, but their last but one letters are unique.
        return switch bytes[position - 2] {
        case UInt8(ascii: "u"): .bool(true)
        case UInt8(ascii: "s"): .bool(false)
        default: .null
        }
    }

    private mutating func take(_ word: StaticString) throws(JSONError) {
        let length = word.utf8CodeUnitCount
        guard bytes.count - position >= length else { throw unexpected("a value") }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
            throw unexpected("a value")
        }
        position += length
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

    /// Consumes the closing bracket, or the comma before the next value.
    ///
    /// - Returns: True if the container has ended.
    @inline(__always)
    mutating func endsContainer(_ bracket: Unicode.Scalar) throws(JSONError) -> Bool {
        skipSpace()
        if take(bracket) { return true }
        guard take(",") else { throw unexpected(bracket == "]" ? "a comma or ]" : "a comma or }") }
        skipSpace()
        return false
    }
}
