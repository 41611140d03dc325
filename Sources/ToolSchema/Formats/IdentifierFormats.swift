/// UUIDs, JSON pointers and regular expressions.
enum IdentifierFormats {
    /// The 36 characters of RFC 4122, of any version and variant.
    static func isUUID(_ text: FormatText) -> Bool {
        var text = text
        for (index, length) in [8, 4, 4, 4, 12].enumerated() {
            if index > 0, !text.take("-") { return false }
            for _ in 0..<length where text.popFirst()?.hexadecimalValue == nil { return false }
        }
        return text.isEmpty
    }

    /// RFC 6901: nothing, or tokens that each follow a slash, their tildes written `~0`.
    static func isJSONPointer(_ text: FormatText) -> Bool {
        guard text.isEmpty || text.first == "/" else { return false }
        var text = text
        while let scalar = text.popFirst() {
            if scalar == "~", text.take(anyOf: "0", "1") == nil { return false }
        }
        return true
    }

    /// How many levels up, perhaps an offset among the elements there, and then a JSON pointer or `#`.
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

    /// Whether a text is an ECMAScript regular expression, be it one that PCRE2 cannot run.
    static func isRegularExpression(_ text: String) -> Bool {
        do throws(PatternError) {
            _ = try Pattern(text)
            return true
        } catch {
            return error.reason == .unsupported
        }
    }
}
