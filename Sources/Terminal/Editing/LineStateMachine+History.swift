extension LineStateMachine {
    // MARK: - Entries

    /// Shows the entry at a position, and keeps the changes of the entry that was shown.
    mutating func recall(_ next: Int) -> Outcome {
        guard !isAnswer, 0...history.count ~= next, next != position else { return .refused }
        edited[position] = buffer
        position = next
        buffer = edited[next] ?? (next < history.count ? EditBuffer(history[next]) : EditBuffer())
        buffer.move(to: buffer.bytes.count)
        return .changed
    }

    // MARK: - Search

    mutating func beginSearch() -> Outcome {
        guard !isAnswer else { return .refused }
        edited[position] = buffer
        search = HistorySearch(position: position, original: (buffer, position))
        return .changed
    }

    /// Handles a key during a search.
    ///
    /// A key that edits ends the search, and edits the match.
    mutating func continueSearch(_ key: Key) -> Outcome {
        guard var search else { return .unchanged }
        switch key {
        case .text(let text):
            guard search.query.utf8.count + text.utf8.count <= HistorySearch.limit else { return .refused }
            search.query += text
            return find(search, from: search.position, by: -1)
        case .backspace, .control("H"):
            guard !search.query.isEmpty else { return .refused }
            search.query.removeLast()
            return find(search, from: search.original.position, by: -1)
        case .control("R"): return find(search, from: search.position - 1, by: -1)
        case .control("S"): return find(search, from: search.position + 1, by: 1)
        case .control("G"), .control("C"):
            (buffer, position) = search.original
            self.search = nil
            return .changed
        case .escape:
            self.search = nil
            return .changed
        default:
            self.search = nil
            let outcome = edit(key)
            return outcome == .unchanged || outcome == .refused ? .changed : outcome
        }
    }

    /// Shows the next entry with the query, from a position in a direction.
    private mutating func find(_ search: HistorySearch, from start: Int, by step: Int) -> Outcome {
        var search = search
        defer { self.search = search }
        search.hasFailed = false
        guard !search.query.isEmpty else {
            (buffer, position) = search.original
            search.position = position
            return .changed
        }
        let query = Array(search.query.utf8)
        var index = min(start, history.count - 1)
        while history.indices ~= index {
            if let offset = Self.offset(of: query, in: history[index].utf8) {
                // The entry that is shown may have been edited.
                if position != index || buffer.bytes != history[index].utf8 { buffer = EditBuffer(history[index]) }
                (position, search.position) = (index, index)
                buffer.move(to: buffer.fold(containing: offset)?.range.lowerBound ?? offset)
                return .changed
            }
            index += step
        }
        search.hasFailed = true
        return .refused
    }

    private static func offset(of query: [UInt8], in text: [UInt8]) -> Int? {
        guard let first = query.first, query.count <= text.count else { return nil }
        return (0...text.count - query.count).first { start in
            text[start] == first && text[start..<start + query.count].elementsEqual(query)
        }
    }
}
