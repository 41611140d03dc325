import ToolJSON

/// A search for printed calls in the texts that a model has read.
///
/// A page can contain a call and ask the model to print it. So texts are compared without white space, quotation marks,
/// backslashes and the case of ASCII letters, with escapes and entities replaced: a copy is found in another layout,
/// inside a JSON string and in the source of a page. The search takes linear time.
struct QuotedCallSearch: Sendable {
    private let patterns: [Pattern]

    /// Creates a search for a text and for each of the calls that it is.
    init(_ text: String, _ calls: [PrintedCall]) {
        // The arguments are also found in another notation of the call. Without arguments, its text is all there is.
        let parts = calls.flatMap { call in
            call.arguments.isEmpty ? [call.source] : [call.source, JSON.object(call.arguments).text()]
        }
        patterns = ([text] + parts).map { Pattern(Self.normalised($0)) }
    }

    /// Returns true if a text contains one of the calls.
    func isQuoted(in text: String) -> Bool {
        let bytes = Self.normalised(text)
        return patterns.contains { $0.occurs(in: bytes) }
    }

    /// Returns the bytes of a text that are compared.
    static func normalised(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let (scalar, next) = replaced(scalars, at: index)
            index = next
            guard let scalar, !isIgnored(scalar) else { continue }
            let isUpper = ("A"..."Z").contains(scalar)
            bytes +=
                UTF8.encode(isUpper ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar)
                ?? UTF8.encodedReplacementCharacter
        }
        return bytes
    }

    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "'", "`", "\u{2018}"..."\u{201F}": true
        case "\u{21}"..."\u{7E}": false
        // Results have these in place of other characters, or in tokens that were broken up.
        case TextNeutraliser.mark, "�", "\u{2400}"..."\u{2424}": true
        // Their escapes are two, which are ignored as well.
        case "\u{10000}"...: true
        default:
            scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
                || [.control, .format].contains(scalar.properties.generalCategory)
        }
    }

    /// Returns the scalar at an index, with escapes and entities replaced, and the index after it.
    ///
    /// A backslash, and the letter of an escape for white space, are no scalar.
    private static func replaced(
        _ scalars: String.UnicodeScalarView,
        at index: String.Index
    ) -> (Unicode.Scalar?, String.Index) {
        let next = scalars.index(after: index)
        switch scalars[index] {
        case "\\" where next < scalars.endIndex:
            switch scalars[next] {
            case "n", "r", "t", "b", "f": return (nil, scalars.index(after: next))
            case "u":
                let digits = scalars[scalars.index(after: next)...].prefix(4)
                guard digits.count == 4, let code = UInt32(String(digits), radix: 16) else { return (nil, next) }
                return (Unicode.Scalar(code), digits.endIndex)
            default: return (nil, next)
            }
        case "\\": return (nil, next)
        case "&":
            let name = String(scalars[next...].prefix(5).prefix { $0 != ";" })
            let end = scalars.index(next, offsetBy: name.unicodeScalars.count)
            guard end < scalars.endIndex, scalars[end] == ";", let scalar = entities[name] else { return ("&", next) }
            return (scalar, scalars.index(after: end))
        default: return (scalars[index], next)
        }
    }

    private static let entities: [String: Unicode.Scalar] = [
        "quot": "\"", "apos": "'", "#34": "\"", "#39": "'", "#x22": "\"", "#x27": "'", "lt": "<", "gt": ">", "amp": "&",
        "nbsp": " ", "#123": "{", "#125": "}",
    ]

    /// A pattern of the algorithm of Knuth, Morris and Pratt.
    private struct Pattern: Sendable {
        let bytes: [UInt8]
        /// The length of the longest proper prefix of each prefix that is also its suffix.
        let borders: [Int]

        init(_ bytes: [UInt8]) {
            var borders = [Int](repeating: 0, count: bytes.count)
            var length = 0
            for index in bytes.indices.dropFirst() {
                while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
                if bytes[index] == bytes[length] { length += 1 }
                borders[index] = length
            }
            (self.bytes, self.borders) = (bytes, borders)
        }

        func occurs(in text: [UInt8]) -> Bool {
            guard !bytes.isEmpty else { return false }
            var length = 0
            for byte in text {
                while length > 0, byte != bytes[length] { length = borders[length - 1] }
                if byte == bytes[length] { length += 1 }
                if length == bytes.count { return true }
            }
            return false
        }
    }
}
