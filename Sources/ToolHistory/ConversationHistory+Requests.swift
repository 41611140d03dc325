import Locks

extension ConversationHistory {
    /// Returns the conversations that changed last, the latest first.
    ///
    /// - Parameter limit: The maximum number.
    package func conversations(limit: Int) throws(HistoryError) -> [StoredConversation] {
        try database.withLock { database throws(HistoryError) in
            try database.conversations(.conversations, [.int(limit)])
        }
    }

    /// Returns the conversation with a name, or nil if no conversation has it.
    package func conversation(named name: String) throws(HistoryError) -> StoredConversation? {
        try database.withLock { database throws(HistoryError) in
            try database.conversations(.conversationNamed, [.text(name)]).first
        }
    }

    /// Returns the conversation to which a user refers.
    ///
    /// - Parameter reference: A number, a name, or ``ConversationName/last``.
    /// - Throws: ``HistoryError`` with the code ``HistoryError/Code/unknownConversation`` if there is none.
    package func conversation(_ reference: String) throws(HistoryError) -> StoredConversation {
        let found: StoredConversation? =
            if reference == ConversationName.last {
                try conversations(limit: 1).first
            } else if ConversationName.isNumber(reference), let id = Int(reference) {
                try database.withLock { database throws(HistoryError) in try database.conversation(id) }
            } else {
                try conversation(named: reference)
            }
        guard let found else { throw Self.unknown(reference) }
        return found
    }

    /// Searches the texts of all messages and the arguments of all calls, the latest messages first.
    ///
    /// - Parameters:
    ///   - text: The words that a message must have, or nil for any. Nothing in it has a special meaning but an asterisk
    ///     after three or more characters, which stands for any end of a word.
    ///   - tool: A tool that the conversation must have called; without a text, that the message calls. Nil for any.
    ///   - limit: The maximum number of messages.
    /// - Throws: ``HistoryError`` if the text is empty or too long.
    package func search(_ text: String?, tool: String?, limit: Int) throws(HistoryError) -> [SearchHit] {
        let text: SearchText? = if let text { try SearchText(text) } else { nil }
        return try database.withLock { database throws(HistoryError) in
            var hits: [SearchHit] = []
            func add(_ row: Row) throws(HistoryError) -> Bool {
                hits.append(try SearchHit(row))
                return true
            }
            let name: Database.Value = tool.map { .text($0) } ?? .null
            // Otherwise each message that has the words would be looked at.
            if tool != nil, try database.number(.callCount, [name]) == 0 { return [] }
            if let text {
                let unindexed = database.hasIndex ? try database.number(.unindexedCount) : 1
                if unindexed == 0, let expression = text.expression {
                    try database.run(.searchWords, [.text(expression), name, .int(limit)], row: add)
                } else {
                    try database.run(.searchText, [.text(text.pattern), name, .int(limit), .text(text.text)], row: add)
                }
            } else if tool != nil {
                try database.run(.searchCalls, [name, .int(limit)], row: add)
            }
            return hits
        }
    }

    /// Names a conversation.
    ///
    /// - Parameter name: The name, or nil to remove it.
    /// - Throws: ``HistoryError`` if the name is not valid, another conversation has it, or the conversation does not
    ///   exist.
    package func rename(_ id: Int, to name: String?) throws(HistoryError) {
        if let name { try ConversationName.validate(name) }
        try changing { database throws(HistoryError) in try database.rename(id, to: name) }
    }

    /// Copies a conversation, so that both can be continued.
    ///
    /// - Parameter name: The name of the copy, or nil for none.
    /// - Returns: The number of the copy.
    /// - Throws: ``HistoryError`` as ``rename(_:to:)`` does.
    package func fork(_ id: Int, name: String?) throws(HistoryError) -> Int {
        if let name { try ConversationName.validate(name) }
        return try adding(to: id) { database, now throws(HistoryError) in
            guard try database.conversation(id) != nil else { throw Self.unknown("\(id)") }
            try database.run(.copyConversation, [.int(id), .int(now)])
            let copy = database.lastRow
            try database.run(.copyMessages, [.int(id), .int(copy)])
            try database.run(.copyCalls, [.int(id), .int(copy)])
            try database.indexNewMessages()
            if let name { try database.rename(copy, to: name) }
            return copy
        }
    }

    /// Deletes conversations, and removes their text from the file.
    ///
    /// - Throws: ``HistoryError`` if one of them does not exist; none is deleted then.
    package func delete(_ ids: [Int]) throws(HistoryError) {
        try changing { database throws(HistoryError) in
            for id in Set(ids) {
                guard try database.conversation(id) != nil else { throw Self.unknown("\(id)") }
                try database.remove(id)
            }
        }
        try compact()
    }

    /// Deletes the unnamed conversations that have not changed for a time.
    ///
    /// - Parameter seconds: The time.
    /// - Returns: The number of deleted conversations.
    package func prune(olderThan seconds: Int) throws(HistoryError) -> Int {
        let (milliseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        return isTooLong ? 0 : try prune(.olderThan, now() - milliseconds)
    }

    /// Deletes the unnamed conversations except for those that changed last.
    ///
    /// - Parameter count: The number of conversations to keep.
    /// - Returns: The number of deleted conversations.
    package func prune(keeping count: Int) throws(HistoryError) -> Int { try prune(.allButNewest, count) }

    private func prune(_ selection: SQL, _ value: Int) throws(HistoryError) -> Int {
        var count = 0
        while true {
            // In parts, so that no other process waits for long.
            let removed = try changing { database throws(HistoryError) in
                var ids: [Int] = []
                try database.run(selection, [.int(value)]) { row throws(HistoryError) in
                    ids.append(try row.int(0))
                    return true
                }
                for id in ids { try database.remove(id) }
                return ids.count
            }
            count += removed
            if removed == 0 { break }
        }
        if count > 0 { try compact() }
        return count
    }

    /// Removes deleted text from the index and from the log, and returns free space to the file system.
    func compact() throws(HistoryError) {
        var isFirst = true
        while try database.withLock({ database throws(HistoryError) in try database.mergeIndex(isFirst: isFirst) }) {
            isFirst = false
        }
        try database.withLock { database throws(HistoryError) in
            try database.run(.freePages)
            try database.run(.truncateLog)
        }
    }
}

extension Database {
    fileprivate mutating func rename(_ id: Int, to name: String?) throws(HistoryError) {
        guard try conversation(id) != nil else { throw ConversationHistory.unknown("\(id)") }
        if let name, let other = try conversations(.conversationNamed, [.text(name)]).first, other.id != id {
            throw HistoryError(
                .nameTaken,
                "Conversation \(other.id) has the name \"\(name)\" already. Choose another one, or rename that conversation."
            )
        }
        try run(.rename, [.int(id), name.map { .text($0) } ?? .null])
    }
}
