/// The unread rest of a string whose format is checked.
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

    /// Consumes the longest prefix whose scalars satisfy a predicate.
    mutating func take(while fits: (Unicode.Scalar) -> Bool) -> FormatText {
        let taken = prefix(while: fits)
        self = self[taken.endIndex...]
        return taken
    }

    /// Consumes the scalars before a delimiter and the delimiter, or returns nil if there is no delimiter.
    mutating func take(upTo scalar: Unicode.Scalar) -> FormatText? {
        guard let end = firstIndex(of: scalar) else { return nil }
        defer { self = self[index(after: end)...] }
        return self[..<end]
    }

    /// Consumes a number with exactly `digits` decimal digits, which must be few enough for an `Int`.
    mutating func takeNumber(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let first, first.isASCIIDigit else { return nil }
            value = value * 10 + Int(first.value - 0x30)
            removeFirst()
        }
        return value
    }

    /// Consumes `%` and two hexadecimal digits.
    mutating func takePercentEncoding() -> Bool {
        take("%") && popFirst()?.hexadecimalValue != nil && popFirst()?.hexadecimalValue != nil
    }
}
