import ToolJSON

/// Makes text from outside harmless for a model: what it gets is what a person sees.
///
/// - A control token of any model family gets a visible dot after its first character: `<·|im_start|>`, `[·INST]`. It
///   then is several ordinary tokens, and no longer ends or begins a turn.
/// - A control character is replaced by its picture, `␛` for an escape character; line breaks and tabs are kept.
/// - Any other invisible or bidirectional character becomes `�`. A joiner or a variation selector after a letter that is
///   not ASCII, or after a symbol, is kept: some scripts and most emoji need it.
///
/// Text comes in pieces, and a token may be split between them. A text without such characters is not copied. A changed
/// text is at most a third longer, in Unicode scalars. Strings in JSON text stay valid, and neutralised text does not
/// change when it is neutralised again.
///
/// ```swift
/// var neutraliser = TextNeutraliser()
/// let text = neutraliser.neutralised("<|im_sta") + neutraliser.neutralised("rt|>") + neutraliser.end()
/// ```
package struct TextNeutraliser: Sendable {
    /// The changes so far.
    package private(set) var findings = TextFindings()

    private let tokens: ControlTokens
    private var candidate = TokenCandidate()
    /// The last character, which decides whether a joiner is needed.
    private var previous: Unicode.Scalar = "a"

    /// The character that breaks a control token.
    static let mark: Unicode.Scalar = "·"

    init(tokens: ControlTokens) { self.tokens = tokens }

    /// Creates a neutraliser at the beginning of a text.
    package init() { self.init(tokens: .common) }

    /// Returns a whole text in its harmless form, with the changes.
    package static func neutralised(_ text: String) -> (text: String, findings: TextFindings) {
        var neutraliser = TextNeutraliser()
        let start = neutraliser.neutralised(text)
        let end = neutraliser.end()
        return (end.isEmpty ? start : start + end, neutraliser.findings)
    }

    /// Returns the harmless form of the next piece of a text.
    ///
    /// The end of the piece is held back if it may be the beginning of a control token.
    package mutating func neutralised(_ piece: String) -> String {
        let bytes = piece.utf8Span.span
        let scalars = piece.unicodeScalars
        if candidate.isEmpty, Self.plainEnd(of: bytes, from: 0) == bytes.count {
            previous = scalars.last ?? previous
            return piece
        }
        func index(_ offset: Int) -> String.Index { piece.utf8.index(piece.startIndex, offsetBy: offset) }
        var output = ""
        output.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            if candidate.isEmpty {
                let end = Self.plainEnd(of: bytes, from: offset)
                if offset < end {
                    // A substring is appended at once; scalars are appended one by one.
                    let run = piece[index(offset)..<index(end)]
                    output += run
                    previous = run.unicodeScalars.last ?? previous
                    offset = end
                    continue
                }
            }
            let scalar = scalars[index(offset)]
            take(visible(scalar), &output)
            offset += UTF8.width(scalar)
        }
        return output
    }

    /// Returns the part of the text that was held back, at the end of the text.
    package mutating func end() -> String {
        defer { candidate.clear() }
        return String(String.UnicodeScalarView(candidate.scalars))
    }

    /// Returns true for a byte that may belong to a control token or to a character that needs a closer look.
    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A, 0x0D: false
        case UInt8(ascii: "<"), UInt8(ascii: "["): true
        default: byte < 0x20 || byte > 0x7E
        }
    }

    /// Returns the offset of the first byte after the start that needs a closer look, or the length of the text.
    private static func plainEnd(of bytes: borrowing Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            if !isSpecial(bytes[offset]) {
                offset += 1
            } else if TokenCandidate.isOpener(bytes[offset]), let end = endOfFailedToken(in: bytes, at: offset) {
                offset = end
            } else {
                break
            }
        }
        return offset
    }

    /// Returns the offset of the character that shows that a delimiter begins no token, or nil if it may begin one.
    ///
    /// Most delimiters begin none, and a candidate for each of them would take long.
    private static func endOfFailedToken(in bytes: borrowing Span<UInt8>, at opener: Int) -> Int? {
        for offset in opener + 1..<max(opener + 1, min(bytes.count, opener + ControlTokens.maximumName + 2)) {
            let byte = bytes[offset]
            if byte > 0x7E || byte == TokenCandidate.closer(of: bytes[opener]) { return nil }
            let isTooLong = offset - opener > ControlTokens.maximumName
            if byte <= 0x20 || TokenCandidate.isOpener(byte) || isTooLong { return offset }
        }
        return nil
    }

    // MARK: - Tokens

    private mutating func take(_ scalar: Unicode.Scalar, _ output: inout String) {
        let folded = TokenCandidate.folded(scalar)
        if !candidate.isEmpty {
            switch candidate.add(scalar, folded) {
            case .open: return
            case .complete:
                let isToken = tokens.contain(candidate.name, after: candidate.opener)
                if isToken { findings.tokens += 1 }
                return flush(isToken, &output)
            case .broken: flush(false, &output)
            }
        }
        if !candidate.begin(scalar, folded) { output.unicodeScalars.append(scalar) }
    }

    private mutating func flush(_ isToken: Bool, _ output: inout String) {
        output.unicodeScalars.append(contentsOf: candidate.scalars.prefix(1))
        if isToken { output.unicodeScalars.append(Self.mark) }
        output.unicodeScalars.append(contentsOf: candidate.scalars.dropFirst())
        candidate.clear()
    }

    // MARK: - Hidden characters

    /// Returns the character that stands for a character, and counts it if that is another one.
    private mutating func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value
        var result = scalar
        switch value {
        case 0x09, 0x0A, 0x0D, 0x20..<0x7F: break
        case ..<0x20: result = Unicode.Scalar(0x2400 + value) ?? "�"
        case 0x7F: result = "␡"
        case 0x85, 0x2028, 0x2029: result = "␤"
        // The letters of most languages: looking up properties takes long.
        case 0xC0..<0x300, 0x400..<0x530, 0x3041..<0x3097, 0x30A1..<0x30FB, 0x4E00..<0xA000, 0xAC00..<0xD7A4: break
        case 0xFE0F where isJoinable || "0123456789#*".unicodeScalars.contains(previous): return scalar
        case 0x200C, 0x200D, 0xFE00...0xFE0E, 0xE0100...0xE01EF: if !isJoinable { result = "�" }
        default: if scalar.isHidden || value == 0xFE0F { result = "�" }
        }
        if result != scalar {
            if value < 0xA0 { findings.controls += 1 } else { findings.invisible += 1 }
        }
        previous = result
        return result
    }

    /// True if a joiner or a variation selector after the last character belongs to it.
    private var isJoinable: Bool {
        // Full-width letters are not joined, and may be those of a token.
        guard previous.value > 0xA0, TokenCandidate.folded(previous) == 0xFF else { return false }
        let properties = previous.properties
        return !previous.isHidden && (properties.isAlphabetic || properties.isEmoji || properties.isGraphemeExtend)
    }
}
