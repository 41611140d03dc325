// MARK: - Strings

extension JSONParser {
    /// Parses a string that begins at the next byte.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let run = try plainText()
        // Most strings have no escapes and are copied in one piece.
        if take("\"") { return text(run.bytes, isASCII: run.isASCII) }
        return try string(beginningWith: run.bytes)
    }

    /// Parses the name of a member that begins at the next byte.
    @inline(__always)
    mutating func name() throws(JSONError) -> (name: String, identity: JSONNameTable.Identity) {
        position += 1
        if let known = names.successor(at: position, in: bytes) {
            position += known.length + 1
            return names[known.slot]
        }
        return try nameBySearch()
    }

    @inline(never)
    private mutating func nameBySearch() throws(JSONError) -> (name: String, identity: JSONNameTable.Identity) {
        let start = position
        let isASCII = skipPlainText()
        let end = position
        let run = UnsafeBufferPointer(rebasing: bytes[start..<end])
        guard take("\"") else {
            if !isASCII { try validate(run, from: start) }
            return (try string(beginningWith: run), .unknown)
        }
        switch names.find(start..<end, in: bytes) {
        case .known(let slot): return names[slot]
        case .free(let slot):
            if !isASCII { try validate(run, from: start) }
            let name = text(run, isASCII: isASCII)
            return (name, names.insert(name, from: start..<end, in: bytes, into: slot))
        case .rejected:
            if !isASCII { try validate(run, from: start) }
            return (text(run, isASCII: isASCII), .rejected)
        }
    }

    /// Parses the rest of a string with escapes.
    @inline(never)
    private mutating func string(beginningWith run: UnsafeBufferPointer<UInt8>) throws(JSONError) -> String {
        unescaped.removeAll(keepingCapacity: true)
        unescaped.append(contentsOf: run)
        while !take("\"") {
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

    @inline(never)
    private func validate(_ run: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONError) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: run.span)
        } catch {
            throw JSONError(.invalidString, "a string is not valid UTF-8", at: start + error.byteOffsets.lowerBound)
        }
    }

    /// Returns the string of bytes that have been validated as UTF-8.
    func text(_ bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool) -> String {
        String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: isASCII))
    }

    /// Skips the bytes that need no escape.
    ///
    /// - Returns: True if all of them are ASCII.
    @inline(__always)
    private mutating func skipPlainText() -> Bool {
        var position = position
        defer { self.position = position }
        var seen: UInt64 = 0
        while bytes.count - position >= 8 {
            // The loop condition keeps the load inside the buffer.
            let word = bytes.word(at: position)
            let ends = ByteLanes.markEscapes(word)
            if ends != 0 {
                position += ends.trailingZeroBitCount / 8
                let before = (ends & (0 &- ends)) &- 1
                return (seen | word & before) & ByteLanes.highBits == 0
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
        return seen & ByteLanes.highBits == 0
    }
}

// MARK: - Escapes

extension JSONParser {
    /// Parses an escape sequence, which must begin at the next byte, and appends its character.
    private mutating func escape() throws(JSONError) {
        guard let byte = next else { throw error("the text ends inside a string") }
        guard byte == UInt8(ascii: "\\") else { throw error("a control character must be escaped") }
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
