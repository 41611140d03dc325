/// The statements of the history, each prepared once for a connection.
///
/// Values come only through parameters. A search expression is built by ``SearchText``.
enum SQL: String {
    case begin = "BEGIN IMMEDIATE"
    case commit = "COMMIT"
    case rollback = "ROLLBACK"

    // MARK: - The file

    case applicationID = "PRAGMA application_id"
    case version = "PRAGMA user_version"
    case journalMode = "PRAGMA journal_mode"
    case tableCount = "SELECT count(*) FROM sqlite_master"
    case pageCount = "PRAGMA page_count"
    case freePageCount = "PRAGMA freelist_count"
    case pageSize = "PRAGMA page_size"
    case freePages = "PRAGMA incremental_vacuum"
    case truncateLog = "PRAGMA wal_checkpoint(TRUNCATE)"

    // MARK: - Conversations

    case addConversation = """
        INSERT INTO conversation(title, model, created, updated, messages, bytes) VALUES(?1, ?2, ?3, ?3, 0, 0)
        """
    case changeConversation = """
        UPDATE conversation SET updated = ?2, model = ?3, messages = ?4, bytes = max(0, bytes + ?5),
        title = coalesce(?6, title) WHERE id = ?1
        """
    case conversation = """
        SELECT id, name, title, model, created, updated, messages, bytes FROM conversation WHERE id = ?1
        """
    case conversationNamed = """
        SELECT id, name, title, model, created, updated, messages, bytes FROM conversation WHERE name = ?1
        LIMIT 1
        """
    case conversations = """
        SELECT id, name, title, model, created, updated, messages, bytes FROM conversation
        ORDER BY updated DESC, id DESC LIMIT ?1
        """
    case rename = "UPDATE conversation SET name = ?2 WHERE id = ?1"
    case removeConversation = "DELETE FROM conversation WHERE id = ?1"
    case copyConversation = """
        INSERT INTO conversation(title, model, created, updated, messages, bytes)
        SELECT title, model, ?2, ?2, messages, bytes FROM conversation WHERE id = ?1
        """

    // MARK: - Pruning

    case oldest = "SELECT id FROM conversation WHERE id <> ?1 ORDER BY name IS NOT NULL, updated, id LIMIT 1"
    case olderThan = "SELECT id FROM conversation WHERE name IS NULL AND updated < ?1 ORDER BY updated LIMIT 100"
    case allButNewest = """
        SELECT id FROM conversation WHERE name IS NULL ORDER BY updated DESC, id DESC LIMIT 100 OFFSET ?1
        """

    // MARK: - Messages

    case addMessage = """
        INSERT INTO message(conversation, position, time, model, role, content, calls, extra)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """
    case messages = """
        SELECT time, model, role, content, calls, extra FROM message WHERE conversation = ?1 ORDER BY position
        """
    case bytes = """
        SELECT coalesce(sum(length(CAST(content AS BLOB)) + length(CAST(calls AS BLOB)) + length(CAST(extra AS BLOB))), 0)
        FROM message WHERE conversation = ?1 AND position >= ?2
        """
    case removeMessages = "DELETE FROM message WHERE conversation = ?1 AND position >= ?2"
    case copyMessages = """
        INSERT INTO message(conversation, position, time, model, role, content, calls, extra)
        SELECT ?2, position, time, model, role, content, calls, extra FROM message WHERE conversation = ?1 ORDER BY position
        """
    case addCall = "INSERT OR IGNORE INTO call(name, conversation, position) VALUES(?1, ?2, ?3)"
    case removeCalls = "DELETE FROM call WHERE conversation = ?1 AND position >= ?2"
    case copyCalls = """
        INSERT INTO call(name, conversation, position) SELECT name, ?2, position FROM call WHERE conversation = ?1
        """

    // MARK: - The index of words

    case indexNewMessages = """
        INSERT INTO word(rowid, content, calls) SELECT id, content, calls FROM message
        WHERE id > (SELECT indexed FROM state) ORDER BY id LIMIT 100
        """
    case indexed = "SELECT indexed FROM state"
    case setIndexed = """
        UPDATE state SET indexed = coalesce(
        (SELECT max(id) FROM (SELECT id FROM message WHERE id > (SELECT indexed FROM state) ORDER BY id LIMIT 100)),
        (SELECT max(id) FROM message), 0)
        """
    /// It fails if the table is no index of FTS5, which has a hidden column with its own name.
    case indexProbe = "SELECT count(*) FROM (SELECT word FROM word LIMIT 0)"
    case removeFromIndex = """
        INSERT INTO word(word, rowid, content, calls) SELECT 'delete', id, content, calls FROM message
        WHERE conversation = ?1 AND position >= ?2 AND id <= (SELECT indexed FROM state)
        """
    case mergeIndex = "INSERT INTO word(word, rank) VALUES('merge', ?1)"
    case unindexedCount = """
        SELECT count(*) FROM (SELECT 1 FROM message WHERE id > (SELECT indexed FROM state) LIMIT 1)
        """

    // MARK: - Searching

    /// The index `message_owner` finds the conversation of a message without reading the message: a common word is in most
    /// messages, and a rare tool in few conversations.
    case searchWords = """
        SELECT c.id, c.name, c.title, c.model, c.created, c.updated, c.messages, c.bytes, m.position, m.time, m.role,
        substr(snippet(word, -1, '', '', '…', 24), 1, 400) FROM word
        CROSS JOIN message owner INDEXED BY message_owner ON owner.id = word.rowid
        CROSS JOIN message m ON m.id = word.rowid CROSS JOIN conversation c ON c.id = m.conversation WHERE word MATCH ?1
        AND (?2 IS NULL OR owner.conversation IN (SELECT conversation FROM call WHERE name = ?2))
        ORDER BY word.rowid DESC LIMIT ?3
        """
    case searchText = #"""
        SELECT c.id, c.name, c.title, c.model, c.created, c.updated, c.messages, c.bytes, m.position, m.time, m.role,
        CASE WHEN m.content LIKE ?1 ESCAPE '\' THEN substr(m.content, max(1, instr(lower(m.content), lower(?4)) - 40), 160)
        ELSE substr(m.calls, max(1, instr(lower(m.calls), lower(?4)) - 40), 160) END FROM message m
        CROSS JOIN conversation c ON c.id = m.conversation
        WHERE (m.content LIKE ?1 ESCAPE '\' OR m.calls LIKE ?1 ESCAPE '\')
        AND (?2 IS NULL OR EXISTS (SELECT 1 FROM call WHERE conversation = m.conversation AND name = ?2))
        ORDER BY m.id DESC LIMIT ?3
        """#
    case callCount = "SELECT count(*) FROM (SELECT 1 FROM call WHERE name = ?1 LIMIT 1)"
    case searchCalls = """
        SELECT c.id, c.name, c.title, c.model, c.created, c.updated, c.messages, c.bytes, m.position, m.time, m.role,
        substr(m.calls, 1, 400) FROM call
        CROSS JOIN message m ON m.conversation = call.conversation AND m.position = call.position
        CROSS JOIN conversation c ON c.id = call.conversation WHERE call.name = ?1
        ORDER BY call.conversation DESC, call.position DESC LIMIT ?2
        """
}
