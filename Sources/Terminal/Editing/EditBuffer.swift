/// The text that is being edited, with the cursor.
///
/// A long paste is folded: it is shown as its size, and the cursor passes it in one step. Offsets are bytes of UTF-8.
package struct EditBuffer {
    /// A range of the text that was pasted.
    struct Paste {
        var range: Range<Int>
        /// The number of line breaks if the paste is folded, or else nil.
        let foldedBreaks: Int?
    }

    /// The maximum number of bytes of the text.
    package static let limit = 16 << 20
    private static let unfoldedBreaks = 8
    private static let unfoldedBytes = 2000

    private(set) var bytes: [UInt8] = []
    private(set) var pastes: [Paste] = []
    private(set) var cursor = 0

    init() {}

    /// Creates a buffer with the cursor at the end.
    init(_ text: LineText) { insert(text) }

    var text: LineText { text(in: 0..<bytes.count) }

    var isEmpty: Bool { bytes.isEmpty }

    /// Moves the cursor to an offset, which must be the boundary of a character.
    mutating func move(to offset: Int) { cursor = offset }

    // MARK: - Changes

    /// Inserts text at the cursor, and moves the cursor behind it.
    ///
    /// - Returns: False if the text is dropped, because the buffer would exceed ``limit``.
    @discardableResult
    mutating func insert(_ text: LineText) -> Bool {
        guard bytes.count + text.utf8.count <= Self.limit else { return false }
        let (place, count) = (cursor, text.utf8.count)
        bytes.insert(contentsOf: text.utf8, at: place)
        var index = pastes.count
        while index > 0, pastes[index - 1].range.upperBound > place {
            index -= 1
            let range = pastes[index].range
            guard range.lowerBound < place else {
                pastes[index].range = range.lowerBound + count..<range.upperBound + count
                continue
            }
            // The cursor is never inside a folded paste, so the halves are not folded either.
            pastes[index] = Paste(range: range.lowerBound..<place, foldedBreaks: nil)
            index += 1
            pastes.insert(Paste(range: place + count..<range.upperBound + count, foldedBreaks: nil), at: index)
            break
        }
        let added = text.pasted.map { range in
            let breaks = text.utf8[range].count { $0 == 0x0A }
            let isFolded = breaks > Self.unfoldedBreaks || range.count > Self.unfoldedBytes
            return Paste(
                range: place + range.lowerBound..<place + range.upperBound,
                foldedBreaks: isFolded ? breaks : nil
            )
        }
        pastes.insert(contentsOf: added, at: index)
        cursor = place + count
        return true
    }

    /// Removes a range, whose bounds must be boundaries of characters, and moves the cursor there.
    ///
    /// - Returns: The removed text.
    @discardableResult
    mutating func remove(_ range: Range<Int>) -> LineText {
        let removed = text(in: range)
        bytes.removeSubrange(range)
        func moved(_ offset: Int) -> Int {
            offset <= range.lowerBound ? offset : max(offset - range.count, range.lowerBound)
        }
        for index in pastes.indices {
            let paste = pastes[index].range
            pastes[index].range = moved(paste.lowerBound)..<moved(paste.upperBound)
        }
        pastes.removeAll { $0.range.isEmpty }
        cursor = range.lowerBound
        return removed
    }

    /// Returns the text in a range.
    func text(in range: Range<Int>) -> LineText {
        var text = LineText()
        var start = range.lowerBound
        for paste in pastes where paste.range.overlaps(range) {
            let part = paste.range.clamped(to: range)
            text.append(bytes[start..<part.lowerBound], isPasted: false)
            text.append(bytes[part], isPasted: true)
            start = part.upperBound
        }
        text.append(bytes[start..<range.upperBound], isPasted: false)
        return text
    }

    // MARK: - Folded pastes

    /// Returns the folded paste that begins at an offset.
    func fold(from offset: Int) -> Paste? {
        let index = pasteCount(through: offset) - 1
        guard index >= 0, pastes[index].range.lowerBound == offset else { return nil }
        return pastes[index].foldedBreaks == nil ? nil : pastes[index]
    }

    /// Returns the folded paste that ends at an offset.
    func fold(endingAt offset: Int) -> Paste? {
        let index = pasteCount(through: offset - 1) - 1
        guard index >= 0, pastes[index].range.upperBound == offset else { return nil }
        return pastes[index].foldedBreaks == nil ? nil : pastes[index]
    }

    /// Returns the folded paste that contains an offset.
    func fold(containing offset: Int) -> Paste? {
        let index = pasteCount(through: offset) - 1
        guard index >= 0, pastes[index].range.contains(offset) else { return nil }
        return pastes[index].foldedBreaks == nil ? nil : pastes[index]
    }

    /// Returns the bounds of the text around an offset that contain no start and no end of a paste.
    func bounds(around offset: Int) -> Range<Int> {
        let count = pasteCount(through: offset)
        let end = count < pastes.count ? pastes[count].range.lowerBound : bytes.count
        guard count > 0 else { return 0..<end }
        let last = pastes[count - 1].range
        return last.upperBound <= offset ? last.upperBound..<end : last.lowerBound..<min(last.upperBound, end)
    }

    /// Returns the number of pastes that begin at an offset or before it.
    private func pasteCount(through offset: Int) -> Int {
        var (low, high) = (0, pastes.count)
        while low < high {
            let middle = (low + high) / 2
            if pastes[middle].range.lowerBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
