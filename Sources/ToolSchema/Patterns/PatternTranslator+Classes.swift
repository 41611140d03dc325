extension PatternTranslator {
    /// The meaning of one member of a class.
    enum ClassMember {
        /// One code point. It can be a surrogate, because a range can begin or end with one.
        case scalar(UInt32)
        /// A set of code points, in PCRE2's syntax inside a class.
        case set(String)
    }

    /// The white space and line terminators of ECMAScript.
    ///
    /// PCRE2's `\s` covers only ASCII.
    private static let whiteSpace =
        #"\x{9}-\x{d}\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"#

    /// The complement of ``whiteSpace``, because a class cannot contain a negated class.
    private static let noWhiteSpace =
        #"\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}"#
        + #"\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}"#

    /// Translates a class.
    ///
    /// The opening bracket is already consumed.
    mutating func characterClass(from start: Int) throws(PatternError) -> String {
        var text = take("^") ? "[^" : "["
        while !take("]") {
            let memberStart = position
            let first = try classMember(of: start)
            guard next == "-", position + 1 < source.count, source[position + 1] != "]" else {
                text += Self.member(first)
                continue
            }
            position += 1
            let last = try classMember(of: start)
            if case .scalar(let lower) = first, case .scalar(let upper) = last {
                guard lower <= upper else { throw error("the range is out of order", at: memberStart) }
                text += "\(Self.literal(lower))-\(Self.literal(upper))"
            } else {
                text += Self.member(first) + Self.literal(0x2D) + Self.member(last)
            }
        }
        return text + "]"
    }

    private static func member(_ member: ClassMember) -> String {
        switch member {
        case .scalar(let value): literal(value)
        case .set(let set): set
        }
    }

    private mutating func classMember(of start: Int) throws(PatternError) -> ClassMember {
        guard let scalar = next else { throw error("the character class is not closed", at: start) }
        let memberStart = position
        position += 1
        guard scalar == "\\" else { return .scalar(scalar.value) }
        if take("b") { return .scalar(0x08) }
        return try classEscape(from: memberStart)
    }

    /// Parses an escape with the same meaning inside and outside a class.
    ///
    /// The backslash is already consumed.
    mutating func classEscape(from start: Int) throws(PatternError) -> ClassMember {
        guard let scalar = next else { throw error("the pattern ends after a backslash", at: start) }
        position += 1
        switch scalar {
        case "d", "D", "w", "W": return .set("\\\(scalar)")
        case "s": return .set(Self.whiteSpace)
        case "S": return .set(Self.noWhiteSpace)
        case "p", "P": return .set(try unicodeProperty(negated: scalar == "P", from: start))
        case "t": return .scalar(0x09)
        case "n": return .scalar(0x0A)
        case "v": return .scalar(0x0B)
        case "f": return .scalar(0x0C)
        case "r": return .scalar(0x0D)
        case "c": return .scalar(try controlLetter(from: start))
        case "x":
            guard let value = hexadecimal(digits: 2) else {
                throw error(#"\x needs two hexadecimal digits"#, at: start)
            }
            return .scalar(value)
        case "u": return .scalar(try unicodeEscape(from: start))
        case "0":
            if next?.isASCIIDigit == true { throw error("octal escapes are not allowed", at: start) }
            return .scalar(0)
        default:
            guard " "..."~" ~= scalar, !scalar.isASCIILetter, !scalar.isASCIIDigit else {
                throw error("the escape is unknown", at: start)
            }
            return .scalar(scalar.value)
        }
    }

    private mutating func controlLetter(from start: Int) throws(PatternError) -> UInt32 {
        guard let letter = next, letter.isASCIILetter else {
            throw error(#"\c needs a letter"#, at: start)
        }
        position += 1
        return letter.value % 32
    }

    /// Parses the rest of `\u{…}`, of `\uXXXX`, or of two `\uXXXX` that form a surrogate pair.
    private mutating func unicodeEscape(from start: Int) throws(PatternError) -> UInt32 {
        if take("{") {
            var value: UInt32 = 0
            let digits = position
            while let digit = next?.hexadecimalValue, value <= 0x10FFFF {
                value = value << 4 | digit
                position += 1
            }
            guard position > digits, value <= 0x10FFFF, take("}") else {
                throw error(#"\u{ needs the number of a code point and a }"#, at: start)
            }
            return value
        }
        guard let high = hexadecimal(digits: 4) else {
            throw error(#"\u needs four hexadecimal digits"#, at: start)
        }
        guard 0xD800...0xDBFF ~= high else { return high }
        let end = position
        if take(#"\u"#), let low = hexadecimal(digits: 4), 0xDC00...0xDFFF ~= low {
            return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        }
        position = end
        return high
    }

    private mutating func hexadecimal(digits: Int) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = next?.hexadecimalValue else { return nil }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    /// Parses the rest of `\p{Name}` or `\p{Name=Value}`.
    private mutating func unicodeProperty(negated: Bool, from start: Int) throws(PatternError) -> String {
        guard take("{"), let end = source[position...].firstIndex(of: "}") else {
            throw error(#"\p needs the name of a Unicode property in { }"#, at: start)
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: source[position..<end])
        position = end + 1
        guard let property = UnicodeProperty(text) else {
            throw error("ECMAScript has no Unicode property with this name and value", at: start)
        }
        let isNegated = negated != property.isComplement
        return #"\\#(isNegated ? "P" : "p"){\#(property.name)}"#
    }
}
