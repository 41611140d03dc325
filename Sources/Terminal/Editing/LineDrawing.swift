/// The open line on a terminal: each change returns the output that shows it.
struct LineDrawing {
    /// True if the terminal cannot move its cursor to another row.
    let isPlain: Bool
    /// The frame on the terminal; nil if no line is shown.
    private var frame: LineFrame?

    init(isPlain: Bool) { self.isPlain = isPlain }

    /// True if a line is shown.
    var isShown: Bool { frame != nil }

    /// Shows a frame.
    ///
    /// If none is shown, it begins at the cursor, which must be at the start of a row.
    mutating func show(_ next: LineFrame) -> String {
        defer { frame = next }
        if isPlain { return plainOutput(next) }
        guard let last = frame else { return output(next, instead: LineFrame()) }
        return last == next ? "" : output(next, instead: last)
    }

    /// Removes the line from the terminal, and leaves the cursor where the line began.
    mutating func erase() -> String {
        guard let last = frame.take() else { return "" }
        if isPlain { return "\r\n" }
        return Self.up(last.cursorRow) + "\r\u{1B}[J"
    }

    /// Leaves the line on the terminal, and the cursor in the row after it.
    mutating func end() -> String {
        guard let last = frame.take() else { return "" }
        return (isPlain ? "" : Self.down(last.rows.count - 1 - last.cursorRow)) + "\r\n"
    }

    /// Forgets the line, because the screen has been cleared.
    mutating func forget() { frame = nil }

    // MARK: - Output

    private func output(_ next: LineFrame, instead last: LineFrame) -> String {
        if let appended = appended(next, to: last) { return appended }
        var output = ""
        var row = last.cursorRow
        /// Moves to a row, and begins it if it is a new one.
        func move(to target: Int) {
            output += target > row ? Self.down(min(target, last.rows.count - 1) - row) : Self.up(row - target)
            output += target < last.rows.count ? "\r" : "\r\n"
            row = target
        }
        for index in next.rows.indices where !(last.rows.indices ~= index && last.rows[index] == next.rows[index]) {
            move(to: index)
            output += next.rows[index] + (index < last.rows.count ? "\u{1B}[K" : "")
        }
        if next.rows.count < last.rows.count {
            move(to: next.rows.count)
            output += "\u{1B}[J"
        }
        output += row > next.cursorRow ? Self.up(row - next.cursorRow) : Self.down(next.cursorRow - row)
        return output + "\r" + next.cursorPrefix
    }

    /// Returns the text to write if the only change is text at the end of the last row, as it is while someone types.
    private func appended(_ next: LineFrame, to last: LineFrame) -> String? {
        let row = last.cursorRow
        guard last.rows.count == next.rows.count, row == last.rows.count - 1, next.cursorRow == row,
            last.rows[row] == last.cursorPrefix, next.rows[row] == next.cursorPrefix,
            last.rows.dropLast() == next.rows.dropLast(),
            next.cursorPrefix.utf8.starts(with: last.cursorPrefix.utf8)
        else { return nil }
        let added = next.cursorPrefix.utf8.dropFirst(last.cursorPrefix.utf8.count)
        return String(decoding: added, as: UTF8.self)
    }

    /// Returns the output for a terminal without movement: text at the end, backspaces, or the line again.
    private func plainOutput(_ next: LineFrame) -> String {
        let (old, new) = (Self.plainText(frame), Self.plainText(next))
        if new.starts(with: old) { return String(decoding: new.dropFirst(old.count), as: UTF8.self) }
        let removed = old.dropFirst(new.count)
        if old.starts(with: new), removed.count < 80, removed.allSatisfy({ 0x20..<0x7F ~= $0 }) {
            return String(repeating: "\u{8} \u{8}", count: removed.count)
        }
        return "\r\n" + String(decoding: new, as: UTF8.self)
    }

    private static func plainText(_ frame: LineFrame?) -> [UInt8] {
        Array((frame?.rows.joined(separator: "\r\n") ?? "").utf8)
    }

    private static func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }

    private static func down(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)B" : "" }
}
