/// A label of a host name, in ASCII or in another script (IDNA 2008, RFC 5891 and 5892).
///
/// The characters and their context are checked with the Unicode data of the standard library. It has no scripts and
/// joining types, so blocks of code points replace them. It has no normalization, so form C is not checked.
struct HostnameLabel {
    /// The maximum length of the ASCII form, in bytes.
    static let maximumLength = 63

    /// The characters of the label, decoded if it begins with `xn--`.
    let scalars: [Unicode.Scalar]

    /// The length of the ASCII form.
    let encodedLength: Int

    init?(_ text: FormatText) {
        let label = text.prefix(Self.maximumLength + 1).map { $0.lowercasedASCII }
        guard 1...Self.maximumLength ~= label.count, label.first != "-", label.last != "-" else { return nil }
        if label.starts(with: "xn--".unicodeScalars) {
            let encoded = Array(label.dropFirst(4))
            guard let decoded = Punycode.decode(encoded), !decoded.allSatisfy(\.isASCII), Self.isValid(decoded),
                Punycode.encode(decoded) == encoded
            else { return nil }
            scalars = decoded
            encodedLength = label.count
        } else if label.allSatisfy(\.isASCII) {
            guard Self.isPlain(text) else { return nil }
            scalars = label
            encodedLength = label.count
        } else {
            scalars = Array(text)
            guard Self.isValid(scalars), let encoded = Punycode.encode(scalars) else { return nil }
            encodedLength = 4 + encoded.count
        }
        guard encodedLength <= Self.maximumLength else { return nil }
    }

    /// Returns true if a string consists of ASCII letters, digits and hyphens.
    static func isPlain(_ text: FormatText) -> Bool {
        text.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "-" }
    }

    private static func isValid(_ label: [Unicode.Scalar]) -> Bool {
        guard let first = label.first, first != "-", label.last != "-" else { return false }
        switch first.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return false
        default: break
        }
        if label.count >= 4, label[2] == "-", label[3] == "-" { return false }
        return label.indices.allSatisfy { isValid(label, at: $0) }
    }

    /// Applies the exceptions of RFC 5892, section 2.6, its context rules (appendix A), and then its general rule.
    private static func isValid(_ label: [Unicode.Scalar], at index: Int) -> Bool {
        let previous = index > 0 ? label[index - 1] : nil
        let next = index + 1 < label.count ? label[index + 1] : nil
        switch label[index].value {
        case 0x2D, 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: return true
        case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
        case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7FB: return false  // the parts of Hangul syllables
        case 0xB7: return previous == "l" && next == "l"
        case 0x375: return next.map(isGreek) == true
        case 0x5F3, 0x5F4: return previous.map(isHebrew) == true
        case 0x30FB: return label.contains(where: isJapanese)
        case 0x660...0x669: return !label.contains { 0x6F0...0x6F9 ~= $0.value }
        case 0x6F0...0x6F9: return !label.contains { 0x660...0x669 ~= $0.value }
        case 0x200C: return previous.map(isVirama) == true || joinsLetters(label, at: index)
        case 0x200D: return previous.map(isVirama) == true
        default: return isStableLetterOrDigit(label[index])
        }
    }

    private static func isStableLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .decimalNumber, .modifierLetter, .nonspacingMark,
            .spacingMark:
            !scalar.properties.changesWhenNFKCCaseFolded
        default: false
        }
    }

    private static func isVirama(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.canonicalCombiningClass == .virama
    }

    private static func isGreek(_ scalar: Unicode.Scalar) -> Bool {
        0x370...0x3FF ~= scalar.value || 0x1F00...0x1FFF ~= scalar.value
    }

    private static func isHebrew(_ scalar: Unicode.Scalar) -> Bool {
        0x591...0x5F4 ~= scalar.value || 0xFB1D...0xFB4F ~= scalar.value
    }

    /// Returns true for Hiragana, Katakana and Han, but not for the middle dot that requires one of them.
    private static func isJapanese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3005, 0x3007, 0x3041...0x309F, 0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF: true
        default: scalar.properties.isIdeographic
        }
    }

    /// Returns true if the letters around a non-joiner, marks aside, belong to scripts with joining letters.
    private static func joinsLetters(_ label: [Unicode.Scalar], at index: Int) -> Bool {
        let isNoMark = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory != .nonspacingMark }
        return label[..<index].last(where: isNoMark).map(isJoining) == true
            && label[(index + 1)...].first(where: isNoMark).map(isJoining) == true
    }

    private static func isJoining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x620...0x64A, 0x66E...0x6FF, 0x710...0x77F, 0x7CA...0x7EA, 0x840...0x858, 0x8A0...0x8C9, 0x1820...0x18AA:
            scalar.properties.isAlphabetic
        default: false
        }
    }
}

extension Unicode.Scalar {
    fileprivate var lowercasedASCII: Unicode.Scalar {
        "A"..."Z" ~= self ? Unicode.Scalar(UInt8(value) + 0x20) : self
    }
}
