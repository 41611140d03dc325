/// The output that draws and erases a progress area.
///
/// The area is below the cursor, which stays where the next output begins, also in an unfinished row. So erasing needs
/// neither the number of rows nor the column, and works after the terminal was resized.
package enum ProgressRows {
    /// The output that erases the area.
    package static let erasure = "\u{1B}[J"

    /// Returns the output that draws an area, in place of one that is drawn already.
    ///
    /// - Parameters:
    ///   - rows: The rows, fewer than the terminal has.
    ///   - isAtLineStart: True if the cursor is at the start of an empty row, which the area then takes.
    ///   - hasStyles: True to write the styles.
    package static func drawing(_ rows: [[StyledText]], isAtLineStart: Bool, hasStyles: Bool) -> String {
        if rows.isEmpty { return erasure }
        let below = rows.count - (isAtLineStart ? 1 : 0)
        // The screen scrolls before the position is saved. An index keeps the column, which a line break does not.
        var text = String(repeating: "\u{1B}D", count: below)
        if below > 0 { text += "\u{1B}[\(below)A" }
        text += "\u{1B}7" + (isAtLineStart ? "" : "\r\n")
        text += rows.map { $0.encoded(hasStyles: hasStyles) }.joined(separator: "\u{1B}[K\r\n")
        return text + erasure + "\u{1B}8"
    }
}
