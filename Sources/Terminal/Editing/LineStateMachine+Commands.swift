extension LineStateMachine {
    // MARK: - Characters

    mutating func insert(_ text: LineText) -> Outcome {
        // A question is answered by a word.
        if isAnswer, buffer.bytes.count + text.utf8.count > 4096 { return .refused }
        return buffer.insert(text) ? .changed : .refused
    }

    mutating func move(to offset: Int) -> Outcome {
        guard offset != buffer.cursor else { return .refused }
        buffer.move(to: offset)
        return .changed
    }

    mutating func remove(from start: Int) -> Outcome {
        guard start < buffer.cursor else { return .refused }
        buffer.remove(start..<buffer.cursor)
        return .changed
    }

    mutating func remove(to end: Int) -> Outcome {
        guard buffer.cursor < end else { return .refused }
        buffer.remove(buffer.cursor..<end)
        return .changed
    }

    /// Removes text that Ctrl-Y inserts; texts that are removed one after another are joined.
    mutating func kill(_ range: Range<Int>) -> Outcome {
        guard !range.isEmpty else { return .refused }
        let isBefore = range.lowerBound < buffer.cursor
        let removed = buffer.remove(range)
        var joined = wasKill && !isBefore ? killed : removed
        if wasKill { joined.append(isBefore ? killed : removed) }
        killed = joined
        isKill = true
        return .changed
    }

    /// Exchanges the characters around the cursor; at the end of a line, the last two.
    mutating func transpose() -> Outcome {
        let cursor = buffer.cursor == buffer.lineEnd ? buffer.characterStart(buffer.cursor) : buffer.cursor
        guard cursor > buffer.lineStart else { return .refused }
        let (start, end) = (buffer.characterStart(cursor), buffer.characterEnd(cursor))
        let first = buffer.text(in: start..<cursor)
        let second = buffer.text(in: cursor..<end)
        buffer.remove(start..<end)
        buffer.insert(second)
        buffer.insert(first)
        return .changed
    }

    // MARK: - Blocks

    /// True if the line begins with three quotes that were typed.
    private var beginsBlock: Bool {
        !isAnswer && buffer.bytes.starts(with: "\"\"\"".utf8) && buffer.bounds(around: 0).upperBound >= 3
            && buffer.pastes.first?.range.lowerBound != 0
    }

    /// True if the line is a block with both its quotes.
    var hasBlock: Bool {
        beginsBlock && buffer.bytes.count >= 6 && buffer.bytes.suffix(3).elementsEqual("\"\"\"".utf8)
    }

    var isBlockOpen: Bool { beginsBlock && !hasBlock }
}
