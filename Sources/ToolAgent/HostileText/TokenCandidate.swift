/// A text that may become a control token: an opening delimiter and the characters since then.
struct TokenCandidate: Sendable {
    /// The outcome of a character.
    enum Step: Sendable, Hashable {
        /// The text may still become a control token.
        case open
        /// The text is complete with this character.
        case complete
        /// The text is no control token, and does not include this character.
        case broken
    }

    /// The characters so far; empty if there is no candidate.
    private(set) var scalars: [Unicode.Scalar] = []
    /// The ASCII form of the characters after the opening delimiter.
    private(set) var name: [UInt8] = []
    private(set) var opener: UInt8 = 0

    var isEmpty: Bool { scalars.isEmpty }

    /// Begins a candidate if the character is an opening delimiter.
    ///
    /// - Returns: False if it is not.
    mutating func begin(_ scalar: Unicode.Scalar, _ folded: UInt8) -> Bool {
        guard Self.isOpener(folded) else { return false }
        scalars.append(scalar)
        opener = folded
        return true
    }

    /// Adds a character.
    mutating func add(_ scalar: Unicode.Scalar, _ folded: UInt8) -> Step {
        if folded == Self.closer(of: opener) {
            scalars.append(scalar)
            return .complete
        }
        // A token that is broken up already stays as it is.
        if name.isEmpty, scalar == TextNeutraliser.mark { return .broken }
        // An opening delimiter may begin a token itself, so no token hides within another text.
        guard folded > 0x20, !Self.isOpener(folded), name.count < ControlTokens.maximumName else { return .broken }
        scalars.append(scalar)
        name.append(folded)
        return .open
    }

    /// Removes all characters.
    mutating func clear() {
        scalars.removeAll(keepingCapacity: true)
        name.removeAll(keepingCapacity: true)
    }

    /// Returns true for a character that may begin a control token.
    static func isOpener(_ folded: UInt8) -> Bool { folded == UInt8(ascii: "<") || folded == UInt8(ascii: "[") }

    /// Returns the character that ends a control token.
    static func closer(of opener: UInt8) -> UInt8 {
        opener == UInt8(ascii: "<") ? UInt8(ascii: ">") : UInt8(ascii: "]")
    }

    /// Returns the ASCII character that a tokenizer or a reader may take a character for, or 0xFF.
    ///
    /// These are the full-width and small forms, the lines that are drawn in place of `_`, and mathematical letters.
    static func folded(_ scalar: Unicode.Scalar) -> UInt8 {
        let value = scalar.value
        return switch value {
        case ..<0x80: UInt8(truncatingIfNeeded: value)
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: UInt8(ascii: " ")
        case 0xFF01...0xFF5E: UInt8(truncatingIfNeeded: value - 0xFEE0)
        case 0x2581, 0xFE33, 0xFE34, 0xFE4D...0xFE4F: UInt8(ascii: "_")
        case 0x2223, 0x23D0, 0x2758, 0xFFE8: UInt8(ascii: "|")
        case 0xFE64: UInt8(ascii: "<")
        case 0xFE65: UInt8(ascii: ">")
        case 0xFE47: UInt8(ascii: "[")
        case 0xFE48: UInt8(ascii: "]")
        case 0x1D400..<0x1D6A4: letter((value - 0x1D400) % 52)
        case 0x1D7CE...0x1D7FF: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: (value - 0x1D7CE) % 10)
        default: 0xFF
        }
    }

    private static func letter(_ index: UInt32) -> UInt8 {
        index < 26
            ? UInt8(ascii: "A") + UInt8(truncatingIfNeeded: index)
            : UInt8(ascii: "a") + UInt8(truncatingIfNeeded: index - 26)
    }
}
