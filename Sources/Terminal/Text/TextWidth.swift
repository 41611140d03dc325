/// The number of columns that a scalar takes on a terminal.
package enum TextWidth {
    /// Returns a number of columns that is rather too high than too low, for breaking text into rows.
    ///
    /// A row that is counted too wide is broken early, which does no harm. A row that is counted too narrow would be
    /// broken by the terminal, and its rest would begin in the first column. So no scalar counts as zero, and all scripts
    /// and symbols with wide scalars count as two.
    package static func of(_ scalar: Unicode.Scalar) -> Int {
        // From U+1E00 to U+20CF are Latin and Greek letters, punctuation and currency signs.
        scalar.value < 0x1100 || 0x1E00...0x20CF ~= scalar.value ? 1 : 2
    }

    /// Returns the number of columns on most terminals, for aligning columns and placing the cursor.
    ///
    /// The value is zero for a combining mark, and two for wide East Asian characters and emoji. It is never higher than
    /// ``of(_:)``.
    package static func onMostTerminals(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FF, 0x1F200...0x1F320,
            0x20000...0x3FFFD:
            return isCombining(scalar) ? 0 : 2
        // The selector of the coloured form makes a narrow symbol wide.
        case 0xFE0F: return 1
        default: return isCombining(scalar) ? 0 : scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }

    private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        // Medial vowels and final consonants of Hangul join the syllable before them.
        default: 0x1160...0x11FF ~= scalar.value
        }
    }
}
