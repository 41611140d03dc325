/// The formats of mailboxes: RFC 5321, section 4.1.2, and RFC 6531 with international characters.
enum EmailFormats {
    static func isAddress(_ text: FormatText, international: Bool) -> Bool {
        var text = text
        let isLocal = text.first == "\"" ? takeQuoted(&text, international) : takeDotted(&text, international)
        guard isLocal, text.take("@") else { return false }
        if text.take("[") {
            guard text.last == "]" else { return false }
            return isAddressLiteral(text.dropLast())
        }
        return international ? HostnameFormats.isInternationalHostname(text) : HostnameFormats.isHostname(text)
    }

    /// The maximum length of the part before the at sign, in bytes.
    private static let maximumLocalLength = 64

    private static func takeDotted(_ text: inout FormatText, _ international: Bool) -> Bool {
        let local = text.take { $0 == "." || isAtom($0, international) }
        return local.utf8Length <= maximumLocalLength
            && local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }

    private static func takeQuoted(_ text: inout FormatText, _ international: Bool) -> Bool {
        let start = text
        text.removeFirst()
        while let scalar = text.popFirst(), scalar != "\"" {
            let isPrintable = scalar.isASCII ? " "..."~" ~= scalar : international
            guard isPrintable else { return false }
            if scalar == "\\" {
                guard let escaped = text.popFirst(), " "..."~" ~= escaped else { return false }
            }
        }
        let local = start[..<text.startIndex]
        return local.last == "\"" && local.utf8Length <= maximumLocalLength
    }

    private static func isAtom(_ scalar: Unicode.Scalar, _ international: Bool) -> Bool {
        switch scalar {
        case "!", "#", "$", "%", "&", "'", "*", "+", "-", "/", "=", "?", "^", "_", "`", "{", "|", "}", "~": true
        default: scalar.isASCIILetter || scalar.isASCIIDigit || international && !scalar.isASCII
        }
    }

    /// Returns true for the content of brackets: an IPv4 address, or a tag and its value.
    private static func isAddressLiteral(_ text: FormatText) -> Bool {
        var content = text
        guard let tag = content.take(upTo: ":") else { return AddressFormats.isIPv4(text) }
        if String(tag).lowercased() == "ipv6" { return AddressFormats.isIPv6(content) }
        return !tag.isEmpty && tag.last != "-" && HostnameLabel.isPlain(tag) && !content.isEmpty
            && content.allSatisfy { "!"..."~" ~= $0 && !"[\\]".unicodeScalars.contains($0) }
    }
}

extension FormatText {
    fileprivate var utf8Length: Int { reduce(0) { $0 + UTF8.width($1) } }
}
