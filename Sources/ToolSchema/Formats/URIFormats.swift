/// The formats of URIs (RFC 3986), IRIs (RFC 3987) and references.
struct URIFormats {
    /// True to allow the characters beyond ASCII of RFC 3987.
    let international: Bool

    /// Returns true for a URI with a scheme.
    func isAbsolute(_ text: FormatText) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        return isScheme(text[..<colon]) && isHierarchy(text[text.index(after: colon)...])
    }

    /// Returns true for a URI or a relative reference.
    func isReference(_ text: FormatText) -> Bool {
        // A colon in the first segment ends a scheme. The first segment of a relative path has none.
        let firstSegment = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return firstSegment.contains(":") ? isAbsolute(text) : isHierarchy(text)
    }

    private func isScheme(_ text: FormatText) -> Bool {
        text.first?.isASCIILetter == true
            && text.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "+" || $0 == "-" || $0 == "." }
    }

    /// Checks the part after the scheme: authority, path, query and fragment.
    private func isHierarchy(_ text: FormatText) -> Bool {
        var text = text
        if text.starts(with: "//".unicodeScalars) {
            text = text.dropFirst(2)
            guard isAuthority(text.take { $0 != "/" && $0 != "?" && $0 != "#" }) else { return false }
        }
        guard isText(text.take { $0 != "?" && $0 != "#" }, also: ":@/") else { return false }
        if text.take("?") {
            guard isText(text.take { $0 != "#" }, also: ":@/?", privateUse: true) else { return false }
        }
        return text.isEmpty || text.take("#") && isText(text, also: ":@/?")
    }

    private func isAuthority(_ text: FormatText) -> Bool {
        var text = text
        if let user = text.take(upTo: "@") {
            guard isText(user, also: ":") else { return false }
        }
        if text.take("[") {
            guard let address = text.take(upTo: "]"), isAddressLiteral(address) else { return false }
        } else {
            guard isText(text.take { $0 != ":" }, also: "") else { return false }
        }
        return text.isEmpty || text.take(":") && text.allSatisfy(\.isASCIIDigit)
    }

    private func isAddressLiteral(_ text: FormatText) -> Bool {
        var future = text
        guard future.take(anyOf: "v", "V") != nil else { return AddressFormats.isIPv6(text) }
        return !future.take { $0.hexadecimalValue != nil }.isEmpty && future.take(".") && !future.isEmpty
            && future.allSatisfy { $0.isURIUnreserved || $0.isURISubDelimiter || $0 == ":" }
    }

    /// Returns true if every character is unreserved, a sub-delimiter, percent-encoded or one of `others`.
    private func isText(_ text: FormatText, also others: String, privateUse: Bool = false) -> Bool {
        var text = text
        while let scalar = text.first {
            if scalar == "%" {
                guard text.takePercentEncoding() else { return false }
                continue
            }
            let fits =
                scalar.isURIUnreserved || scalar.isURISubDelimiter || others.unicodeScalars.contains(scalar)
                || international && (scalar.isIRICharacter || privateUse && scalar.isIRIPrivate)
            guard fits else { return false }
            text.removeFirst()
        }
        return true
    }
}

extension Unicode.Scalar {
    var isURIUnreserved: Bool {
        isASCIILetter || isASCIIDigit || self == "-" || self == "." || self == "_" || self == "~"
    }

    var isURISubDelimiter: Bool {
        switch self {
        case "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=": true
        default: false
        }
    }

    /// `ucschar` of RFC 3987.
    var isIRICharacter: Bool {
        switch value {
        case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
        case 0x10000..<0xE0000: value & 0xFFFF <= 0xFFFD
        case 0xE1000...0xEFFFD: true
        default: false
        }
    }

    /// `iprivate` of RFC 3987.
    var isIRIPrivate: Bool {
        switch value {
        case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: true
        default: false
        }
    }
}
