/// The formats of UUIDs, JSON pointers and regular expressions.
enum IdentifierFormats {
    /// Returns true for the 36 characters of RFC 4122, of any version and variant.
    static func isUUID(_ text: FormatText) -> Bool {
        var text = text
        for (index, length) in [8, 4, 4, 4, 12].enumerated() {
            if index > 0, !text.take("-") { return false }
            for _ in 0..<length where text.popFirst()?.hexadecimalValue == nil { return false }
        }
        return text.isEmpty
    }

    /// Returns true for RFC 6901: an empty string, or tokens that each follow a slash, with tildes escaped as `~0`.
    static func isJSONPointer(_ text: FormatText) -> Bool {
        guard text.isEmpty || text.first == "/" else { return false }
        var text = text
        while let scalar = text.popFirst() {
            if scalar == "~", text.take(anyOf: "0", "1") == nil { return false }
        }
        return true
    }

    /// Returns true for the number of levels up, an optional offset among the elements, and a JSON pointer or `#`.
    static func isRelativeJSONPointer(_ text: FormatText) -> Bool {
        var text = text
        guard takeInteger(&text) else { return false }
        if text.take(anyOf: "+", "-") != nil {
            guard text.first != "0", takeInteger(&text) else { return false }
        }
        return text.elementsEqual("#".unicodeScalars) || isJSONPointer(text)
    }

    private static func takeInteger(_ text: inout FormatText) -> Bool {
        let digits = text.take(while: \.isASCIIDigit)
        return digits.first == "0" ? digits.dropFirst().isEmpty : !digits.isEmpty
    }

    /// Returns true for an ECMAScript regular expression, including one that PCRE2 cannot execute.
    static func isRegularExpression(_ text: String) -> Bool {
        do throws(PatternError) {
            _ = try Pattern(text)
            return true
        } catch {
            return error.reason == .unsupported
        }
    }
}
