import ToolJSON

/// The rules of line editing: keys are its events, and each one has an outcome.
///
/// It reads and writes nothing.
package struct LineStateMachine {
    /// The outcome of a key.
    package enum Outcome: Equatable, Sendable {
        /// The key has no effect.
        case unchanged
        /// The line or the cursor has changed.
        case changed
        /// The key cannot have its effect; a terminal sounds its bell.
        case refused
        /// The line is complete.
        case accepted
        /// The line is discarded, and the next one begins.
        case cleared
        /// Ctrl-C on an empty line.
        case interrupted
        /// Ctrl-D on an empty line.
        case endOfInput
        /// The words for the text before the cursor are needed; see ``LineStateMachine/complete(_:)``.
        case completionNeeded(String)
        /// The line is to be edited in another program.
        case editorRequested
        /// The screen is to be cleared.
        case screenCleared
        /// The program is to be suspended.
        case suspended
    }

    /// The entries of the history, oldest first.
    private(set) var history: [LineText]
    /// True if the line answers a question: it has no history, no line breaks and no pastes.
    let isAnswer: Bool
    var buffer = EditBuffer()
    /// The position in the history; its count for a new line.
    var position: Int
    /// The edited entries by position, also the new line while another entry is shown.
    var edited: [Int: EditBuffer] = [:]
    var search: HistorySearch?
    /// The words that are listed below the line.
    private(set) var listedWords: [String] = []
    /// The text that Ctrl-Y inserts.
    var killed = LineText()
    /// True if the key, or the last one, has removed text that Ctrl-Y inserts.
    var isKill = false
    private(set) var wasKill = false

    package init(history: [LineText] = [], isAnswer: Bool = false) {
        self.history = history
        self.isAnswer = isAnswer
        position = history.count
    }

    /// The text of the line.
    package var text: LineText { buffer.text }

    /// The offset of the cursor in the text, in bytes of UTF-8.
    package var cursor: Int { buffer.cursor }

    /// Removes and returns the line, without the quotes around a block.
    package mutating func takeLine() -> LineText {
        if hasBlock {
            buffer.remove(buffer.bytes.count - 3..<buffer.bytes.count)
            if buffer.bytes.last == 0x0A { buffer.remove(buffer.bytes.count - 1..<buffer.bytes.count) }
            buffer.remove(0..<(buffer.bytes.count > 3 && buffer.bytes[3] == 0x0A ? 4 : 3))
        }
        let text = buffer.text
        clear()
        return text
    }

    /// Begins a new line; what Ctrl-Y inserts is kept.
    package mutating func clear() {
        buffer = EditBuffer()
        position = history.count
        (edited, search, listedWords) = ([:], nil, [])
    }

    /// Replaces the history, and begins a new line.
    mutating func setHistory(_ history: [LineText]) {
        self.history = history
        clear()
    }

    /// Moves the cursor to the end, and hides all that is not the line.
    mutating func moveToEnd() {
        (search, listedWords) = (nil, [])
        buffer.move(to: buffer.bytes.count)
    }

    /// Handles a key.
    package mutating func handle(_ key: Key) -> Outcome {
        let hadList = !listedWords.isEmpty
        listedWords = []
        (wasKill, isKill) = (isKill, false)
        var outcome = search == nil ? edit(key) : continueSearch(key)
        if outcome == .unchanged, hadList { outcome = .changed }
        return outcome
    }

    /// Inserts the word for the text before the cursor, or as much as several words have in common, and lists those.
    package mutating func complete(_ completion: Completion) -> Outcome {
        var completion = completion
        completion.words.removeAll { $0.isEmpty || $0.unicodeScalars.contains(where: \.isHidden) }
        guard !completion.words.isEmpty else { return .refused }
        var start = buffer.cursor
        for _ in 0..<completion.replacedCount where start > 0 { start = buffer.characterStart(start) }
        let prefix = completion.commonPrefix
        let replaced = buffer.text(in: start..<buffer.cursor).string
        if completion.words.count > 1 { listedWords = completion.words }
        guard !prefix.isEmpty, prefix != replaced else { return completion.words.count > 1 ? .changed : .refused }
        buffer.remove(start..<buffer.cursor)
        return buffer.insert(LineText(prefix)) ? .changed : .refused
    }

    // MARK: - Keys

    /// Handles a key outside of a search.
    mutating func edit(_ key: Key) -> Outcome {
        switch key {
        case .text(let text): return insert(LineText(text))
        case .paste(let text): return isAnswer ? .refused : insert(LineText(text, isPasted: true))
        case .enter: return isBlockOpen ? insert(LineText("\n")) : .accepted
        case .newline: return isAnswer ? .refused : insert(LineText("\n"))
        case .tab:
            return isAnswer ? .refused : .completionNeeded(buffer.text(in: 0..<buffer.cursor).string)
        case .escape: return .unchanged
        case .backspace, .control("H"): return remove(from: buffer.characterStart(buffer.cursor))
        case .delete: return remove(to: buffer.characterEnd(buffer.cursor))
        case .left, .control("B"): return move(to: buffer.characterStart(buffer.cursor))
        case .right, .control("F"): return move(to: buffer.characterEnd(buffer.cursor))
        case .home, .control("A"): return move(to: buffer.lineStart)
        case .end, .control("E"): return move(to: buffer.lineEnd)
        case .wordLeft, .alt("b"): return move(to: buffer.wordStart)
        case .wordRight, .alt("f"): return move(to: buffer.wordEnd)
        case .up: return buffer.lineAbove.map { move(to: $0) } ?? recall(position - 1)
        case .down: return buffer.lineBelow.map { move(to: $0) } ?? recall(position + 1)
        case .control(let letter): return control(letter)
        case .alt("d"): return kill(buffer.cursor..<buffer.wordEnd)
        case .alt("\u{7F}"): return kill(buffer.wordStart..<buffer.cursor)
        case .alt: return .unchanged
        }
    }

    private mutating func control(_ letter: Unicode.Scalar) -> Outcome {
        switch letter {
        case "C":
            if buffer.isEmpty || isAnswer { return .interrupted }
            return .cleared
        case "D":
            return buffer.isEmpty ? .endOfInput : remove(to: buffer.characterEnd(buffer.cursor))
        case "G": return isAnswer ? .unchanged : .editorRequested
        case "K":
            let end = buffer.lineEnd
            return kill(buffer.cursor..<(end == buffer.cursor ? buffer.characterEnd(end) : end))
        case "L": return .screenCleared
        case "N": return recall(position + 1)
        case "P": return recall(position - 1)
        case "R": return beginSearch()
        case "T": return transpose()
        case "U":
            let start = buffer.lineStart
            return kill((start == buffer.cursor ? buffer.characterStart(start) : start)..<buffer.cursor)
        case "W": return kill(buffer.spacedWordStart..<buffer.cursor)
        case "Y": return killed.isEmpty ? .refused : insert(killed)
        case "Z": return .suspended
        default: return .unchanged
        }
    }
}
