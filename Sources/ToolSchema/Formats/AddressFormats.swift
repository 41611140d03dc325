/// The formats of Internet Protocol addresses.
enum AddressFormats {
    /// Returns true for four decimal numbers (RFC 2673) without leading zeros, which some parsers read as octal.
    static func isIPv4(_ text: FormatText) -> Bool {
        let parts = text.prefix(16).split(separator: ".", omittingEmptySubsequences: false)
        return text.count <= 15 && parts.count == 4
            && parts.allSatisfy { part in
                var rest = part
                guard let value = rest.takeNumber(digits: part.count), !part.isEmpty, value <= 255 else { return false }
                return part.count == 1 || part.first != "0"
            }
    }

    /// Returns true for the text forms of RFC 4291, section 2.2, without a zone or a prefix length.
    static func isIPv6(_ text: FormatText) -> Bool {
        var text = text
        var groups = 0
        var isCompressed = false
        if text.starts(with: "::".unicodeScalars) {
            text = text.dropFirst(2)
            isCompressed = true
        }
        while !text.isEmpty {
            let start = text
            let digits = text.take { $0.hexadecimalValue != nil }
            if text.first == ".", groups <= 6 {
                guard isIPv4(start) else { return false }
                groups += 2
                break
            }
            groups += 1
            guard 1...4 ~= digits.prefix(5).count, groups <= 8 else { return false }
            if text.isEmpty { break }
            guard text.take(":"), !text.isEmpty else { return false }
            if text.take(":") {
                guard !isCompressed else { return false }
                isCompressed = true
            }
        }
        return isCompressed ? groups < 8 : groups == 8
    }
}
