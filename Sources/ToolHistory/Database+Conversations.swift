import OllamaClient

extension Database {
    /// The maximum number of bytes of a conversation whose images are stored.
    private static let longestWithImages = 128 << 20
    /// The number of pages of the index that are merged at once: others can write after each step.
    private static let mergedPages = 100
    /// The approximate number of bytes of a conversation besides those of its messages.
    private static let overhead = 1024
    /// The maximum number of characters of a title.
    private static let titleLength = 200

    /// Returns a conversation, or nil if it does not exist.
    mutating func conversation(_ id: Int) throws(HistoryError) -> StoredConversation? {
        try conversations(.conversation, [.int(id)]).first
    }

    /// Returns the conversations that a statement selects.
    mutating func conversations(_ sql: SQL, _ values: [Value]) throws(HistoryError) -> [StoredConversation] {
        var conversations: [StoredConversation] = []
        try run(sql, values) { row throws(HistoryError) in
            conversations.append(try StoredConversation(row))
            return true
        }
        return conversations
    }

    /// Replaces the messages of a conversation from a position on.
    mutating func replace(
        _ start: Int,
        of id: Int,
        with messages: [ChatMessage],
        model: String,
        time: Int
    ) throws(HistoryError) {
        guard let conversation = try conversation(id) else { throw ConversationHistory.unknown("\(id)") }
        var bytes = 0
        if start < conversation.messageCount {
            bytes -= try number(.bytes, [.int(id), .int(start)])
            try removeMessages(of: id, from: start)
        }
        for (offset, message) in messages.enumerated() {
            let isShort = conversation.bytes &+ bytes <= Self.longestWithImages
            let columns = MessageColumns(message, includesImages: isShort)
            let place = [Value.int(id), .int(start + offset)]
            try run(
                .addMessage,
                place + [
                    .int(time), .text(model), .text(columns.role), .text(columns.content), .text(columns.calls),
                    .text(columns.extra),
                ]
            )
            for tool in columns.tools.sorted() { try run(.addCall, [.text(tool)] + place) }
            bytes += columns.bytes
        }
        // The first prompt is the first message, or follows the system prompt.
        let title = start <= 1 ? messages.first { $0.role == .user }.map(Self.title) : nil
        try run(
            .changeConversation,
            [.int(id), .int(time), .text(model), .int(start + messages.count), .int(bytes)]
                + (title.map { [.text($0)] } ?? [])
        )
        try indexNewMessages()
    }

    private static func title(_ prompt: ChatMessage) -> String {
        // A prompt may be megabytes.
        let start = String(prompt.content.unicodeScalars.prefix(2 * titleLength))
        let line = start.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(line.unicodeScalars.prefix(titleLength))
    }

    /// Removes a conversation.
    mutating func remove(_ id: Int) throws(HistoryError) {
        try removeMessages(of: id, from: 0)
        try run(.removeConversation, [.int(id)])
        // In a damaged file, an index can have a conversation that is not there: its removal must not be repeated.
        if changeCount == 0 { throw .damaged(path) }
    }

    private mutating func removeMessages(of id: Int, from start: Int) throws(HistoryError) {
        if hasIndex { try run(.removeFromIndex, [.int(id), .int(start)]) }
        try run(.removeMessages, [.int(id), .int(start)])
        try run(.removeCalls, [.int(id), .int(start)])
    }

    /// Adds the messages to the index that it does not have, those of an SQLite without FTS5 included.
    mutating func indexNewMessages() throws(HistoryError) {
        guard hasIndex else { return }
        var last = -1
        repeat {
            // In parts, because the time of a statement is limited.
            try run(.indexNewMessages)
            try run(.setIndexed)
            let indexed = try number(.indexed)
            // A damaged table can have messages that are always new.
            guard indexed > last else { throw .damaged(path) }
            last = indexed
        } while try number(.unindexedCount) > 0
    }

    /// Merges a part of the index, which drops the words of removed messages.
    ///
    /// - Parameter isFirst: True to begin to merge the whole index.
    /// - Returns: True if something is left to merge.
    mutating func mergeIndex(isFirst: Bool) throws(HistoryError) -> Bool {
        guard hasIndex else { return false }
        let before = totalChangeCount
        // A negative number of pages puts all parts of the index on one level.
        try run(.mergeIndex, [.int(isFirst ? -Self.mergedPages : Self.mergedPages)])
        // The statement itself is one change.
        return totalChangeCount - before > 1
    }

    /// Returns the size from which the oldest conversations are removed.
    ///
    /// The rest is for the next messages, and for the index, whose parts are stored twice while they are merged.
    static func pruningThreshold(maximumBytes: Int) -> Int { maximumBytes / 4 * 3 }

    /// Removes the oldest conversations, unnamed ones first, if the file has nearly its maximum size.
    ///
    /// - Returns: True if conversations were removed. The index must then be merged.
    mutating func makeRoom(maximumBytes: Int, keeping id: Int?) throws(HistoryError) -> Bool {
        guard try usedBytes() > Self.pruningThreshold(maximumBytes: maximumBytes) else { return false }
        // The size of the file does not show when to stop: until it is merged, the index grows with each removal.
        var rest = maximumBytes / 16
        while rest > 0 {
            let size = try transaction { database throws(HistoryError) in
                // Chosen in the transaction, because another process may remove it as well.
                let oldest = try database.number(.oldest, [.int(id ?? 0)])
                guard oldest > 0 else { return 0 }
                let size = try database.number(.bytes, [.int(oldest), .int(0)])
                try database.remove(oldest)
                return size + Self.overhead
            }
            if size == 0 { break }
            rest -= size
        }
        return rest < maximumBytes / 16
    }

    /// Returns the size of the pages that are in use.
    mutating func usedBytes() throws(HistoryError) -> Int {
        let pages = try number(.pageCount) - number(.freePageCount)
        return pages.multipliedReportingOverflow(by: try number(.pageSize)).partialValue
    }
}
