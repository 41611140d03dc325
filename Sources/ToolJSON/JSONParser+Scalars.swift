// MARK: - Numbers

extension JSONParser {
    /// Parses a number.
    ///
    /// An integer of at most 18 digits cannot overflow and is computed on the way.
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        let isNegative = take("-")
        let first = position
        let magnitude = take("0") ? 0 : try digits()
        var isPlain = position - first <= 18 && !(isNegative && magnitude == 0)
        if take(".") {
            isPlain = false
            _ = try digits()
        }
        if take("e") || take("E") {
            isPlain = false
            if !take("+") { _ = take("-") }
            _ = try digits()
        }
        if isPlain { return JSONNumber(isNegative ? -magnitude : magnitude) }
        let literal = UnsafeBufferPointer(rebasing: bytes[start..<position])
        return JSONNumber(checked: text(literal, isASCII: true))
    }

    /// Parses at least one digit.
    ///
    /// - Returns: The value, which is correct for at most 18 digits.
    private mutating func digits() throws(JSONError) -> Int64 {
        let start = position
        var value: Int64 = 0
        while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
            value = value &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
            position += 1
        }
        if position == start { throw unexpected("a digit") }
        return value
    }
}

// MARK: - Strings

extension JSONParser {
    /// Parses a string that begins at the next byte.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let run = try plainText()
        // Most strings have no escapes and are copied in one piece.
        if take("\"") { return text(run.bytes, isASCII: run.isASCII) }
        unescaped.removeAll(keepingCapacity: true)
        unescaped.append(contentsOf: run.bytes)
        while !take("\"") {
            guard let byte = next else { throw error("the text ends inside a string") }
            guard byte == UInt8(ascii: "\\") else { throw error("a control character must be escaped") }
            try escape()
            unescaped.append(contentsOf: try plainText().bytes)
        }
        var text = UTF8Span(unchecked: unescaped.span)
        _ = text.checkForASCII()
        return String(copying: text)
    }

    /// Validates a string that begins at the next byte without storing it.
    mutating func skipString() throws(JSONError) {
        position += 1
        _ = try plainText()
        while !take("\"") {
            guard let byte = next else { throw error("the text ends inside a string") }
            guard byte == UInt8(ascii: "\\") else { throw error("a control character must be escaped") }
            unescaped.removeAll(keepingCapacity: true)
            try escape()
            _ = try plainText()
        }
    }

    /// Consumes the bytes up to a quote, a backslash, a control character or the end.
    ///
    /// Escapes are ASCII, so a string is valid UTF-8 if each run between escapes is.
    @inline(__always)
    private mutating func plainText() throws(JSONError) -> (bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool) {
        let start = position
        let isASCII = skipPlainText()
        let run = UnsafeBufferPointer(rebasing: bytes[start..<position])
        if !isASCII { try validate(run, from: start) }
        return (run, isASCII)
    }

    private func validate(_ run: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONError) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: run.span)
        } catch {
            throw JSONError(.invalidString, "a string is not valid UTF-8", at: start + error.byteOffsets.lowerBound)
        }
    }

    /// Returns the string of bytes that have been validated as UTF-8.
    private func text(_ bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool) -> String {
        String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: isASCII))
    }

    /// Skips the bytes that need no escape.
    ///
    /// - Returns: True if all of them are ASCII.
    @inline(__always)
    private mutating func skipPlainText() -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var position = position
        defer { self.position = position }
        var seen: UInt64 = 0
        while bytes.count - position >= 8 {
            // The loop condition keeps the load inside the buffer. The first byte must be the lowest on every machine.
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let ends =
                ByteLanes.mark(word, below: 0x20)
                | ByteLanes.mark(word ^ ByteLanes.all(UInt8(ascii: "\"")), below: 1)
                | ByteLanes.mark(word ^ ByteLanes.all(UInt8(ascii: "\\")), below: 1)
            if ends != 0 {
                position += ends.trailingZeroBitCount / 8
                let before = (ends & (0 &- ends)) &- 1
                return (seen | word & before) & ByteLanes.all(0x80) == 0
            }
            seen |= word
            position += 8
        }
        while position < bytes.count, case let byte = bytes[position], byte >= 0x20, byte != UInt8(ascii: "\""),
            byte != UInt8(ascii: "\\")
        {
            seen |= UInt64(byte)
            position += 1
        }
        return seen & ByteLanes.all(0x80) == 0
    }

    /// Parses an escape sequence that begins at the next byte and appends its character.
    private mutating func escape() throws(JSONError) {
        position += 1
        guard let escaped = next else { throw unexpected("one of \" \\ / b f n r t u") }
        position += 1
        switch escaped {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(escaped)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): unescaped.append(contentsOf: try escapedScalar().utf8)
        default:
            position -= 1
            throw unexpected("one of \" \\ / b f n r t u")
        }
    }

    /// Parses the rest of `\uXXXX`, or of two of them that form a surrogate pair.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        let end = position
        if high < 0xDC00, take("\\"), take("u") {
            let low = try hexadecimal()
            if 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) {
                return scalar
            }
        }
        guard replacesLoneSurrogates else { throw error("a lone surrogate is not a character", .invalidString) }
        // The next escape is parsed as a separate character.
        position = end
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Self.hexadecimalDigit(byte) else {
                throw unexpected("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Operations on eight bytes at once.
private enum ByteLanes {
    @inline(__always)
    static func all(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// Marks the first byte that is less than a bound of at most 128 by setting its highest bit.
    ///
    /// Subtracting the bound sets the highest bit of a smaller byte and borrows from the byte after it. Marks after the
    /// first one may therefore be wrong. A byte of 128 or more is never marked.
    @inline(__always)
    static func mark(_ word: UInt64, below bound: UInt8) -> UInt64 {
        (word &- all(bound)) & ~word & all(0x80)
    }
}
