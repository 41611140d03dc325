/// What is left to read of a text whose format is checked.
typealias FormatText = Substring.UnicodeScalarView

extension FormatText {
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard first == scalar else { return false }
        removeFirst()
        return true
    }

    mutating func take(anyOf scalars: Unicode.Scalar...) -> Unicode.Scalar? {
        guard let first, scalars.contains(first) else { return nil }
        return removeFirst()
    }

    /// Takes the longest beginning whose scalars all fit.
    mutating func take(while fits: (Unicode.Scalar) -> Bool) -> FormatText {
        let taken = prefix(while: fits)
        self = self[taken.endIndex...]
        return taken
    }

    /// Takes what stands before a scalar, and the scalar, or nothing where it is not there.
    mutating func take(upTo scalar: Unicode.Scalar) -> FormatText? {
        guard let end = firstIndex(of: scalar) else { return nil }
        defer { self = self[index(after: end)...] }
        return self[..<end]
    }

    /// Takes a number of exactly so many decimal digits, few enough for an `Int`.
    mutating func takeNumber(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let first, first.isASCIIDigit else { return nil }
            value = value * 10 + Int(first.value - 0x30)
            removeFirst()
        }
        return value
    }

    /// Takes `%` and two hexadecimal digits.
    mutating func takePercentEncoding() -> Bool {
        take("%") && popFirst()?.hexadecimalValue != nil && popFirst()?.hexadecimalValue != nil
    }
}

extension Unicode.Scalar {
    var isASCIIDigit: Bool { "0"..."9" ~= self }

    var isASCIILetter: Bool { "a"..."z" ~= self || "A"..."Z" ~= self }

    var hexadecimalValue: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x57
        case "A"..."F": value - 0x37
        default: nil
        }
    }
}
