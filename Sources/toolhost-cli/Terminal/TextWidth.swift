/// The number of columns that a scalar takes on a terminal, rather too high than too low.
///
/// A row that is counted too wide is broken early, which does no harm. A row that is counted too narrow would be broken
/// by the terminal, and its rest would begin in the first column. So no scalar counts as zero, and all scripts and
/// symbols with wide scalars count as two.
enum TextWidth {
    static func of(_ scalar: Unicode.Scalar) -> Int {
        // From U+1E00 to U+20CF are Latin and Greek letters, punctuation and currency signs.
        scalar.value < 0x1100 || 0x1E00...0x20CF ~= scalar.value ? 1 : 2
    }
}
