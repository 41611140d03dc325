import Glibc
import Locks
package import OllamaClient
import ToolAgent

/// The conversations of a user, stored in an SQLite database.
///
/// Several threads and several processes may use one file at once. Each change is one transaction, so that a process that
/// is killed loses at most the change that was under way.
///
/// ```swift
/// let history = try ConversationHistory(path: directory + "/conversations.db")
/// var recorder = ConversationRecorder(store: history)
/// ```
///
/// The functions block for some milliseconds, and for at most two seconds if another process locks the file. They take some
/// seconds when they remove conversations from a large file.
package final class ConversationHistory: Sendable {
    /// The name of the file in the directory for the state of a program.
    package static let fileName = "conversations.db"
    /// The maximum number of bytes of the file.
    ///
    /// When three quarters are in use, the oldest conversations are removed.
    package static let maximumBytes = 1 << 30
    /// The maximum size of a conversation that is read, as ``StoredMessage/size(_:)`` counts it.
    private static let longestConversation = 256 << 20

    let database: Lock<Database>
    let maximumBytes: Int
    /// The time in milliseconds of the Unix epoch.
    let now: @Sendable () -> Int

    /// SQLite releases all locks of a process on a file when any descriptor of the file is closed.
    private static let opening = Lock(())

    /// Opens a history, and creates it if it is absent.
    ///
    /// - Parameter path: The absolute path of the file.
    /// - Throws: ``HistoryError`` if the file cannot be created or opened, other users could write it, it is damaged, or a
    ///   later version of this program wrote it.
    package convenience init(path: String) throws(HistoryError) {
        try self.init(path: path, maximumBytes: Self.maximumBytes)
    }

    /// - Parameters:
    ///   - usesIndex: False to search without the index of words, as with an SQLite that has no FTS5.
    ///   - now: Returns the time in milliseconds.
    init(
        path: String,
        maximumBytes: Int,
        usesIndex: Bool = true,
        now: @escaping @Sendable () -> Int = { ConversationHistory.currentTime }
    ) throws(HistoryError) {
        database = try Self.opening.withLock { _ throws(HistoryError) in
            var database = try Database(path: HistoryFile(path: path).path)
            try database.prepare(maximumBytes: maximumBytes, usesIndex: usesIndex)
            return Lock(database)
        }
        self.maximumBytes = maximumBytes
        self.now = now
    }

    private static var currentTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

// MARK: - Storing

extension ConversationHistory: ConversationStore {
    @discardableResult
    package func create(_ messages: [ChatMessage], model: String) throws(HistoryError) -> Int {
        try adding { database, now throws(HistoryError) in
            try database.run(.addConversation, [.text(""), .text(model), .int(now)])
            let id = database.lastRow
            try database.replace(0, of: id, with: messages, model: model, time: now)
            return id
        }
    }

    package func replace(
        _ range: Range<Int>,
        of id: Int,
        with messages: [ChatMessage],
        model: String
    ) throws(HistoryError) -> Bool {
        try adding(to: id) { database, now throws(HistoryError) in
            guard try database.conversation(id)?.messageCount == range.upperBound else { return false }
            try database.replace(range.lowerBound, of: id, with: messages, model: model, time: now)
            return true
        }
    }

    package func messages(of id: Int) throws(HistoryError) -> [ChatMessage] {
        try storedMessages(of: id).map(\.message)
    }

    /// Returns the messages of a conversation with their times and models.
    package func storedMessages(of id: Int) throws(HistoryError) -> [StoredMessage] {
        try database.withLock { database throws(HistoryError) in
            guard try database.conversation(id) != nil else { throw Self.unknown("\(id)") }
            var messages: [StoredMessage] = []
            var size = 0
            try database.run(.messages, [.int(id)]) { row throws(HistoryError) in
                size += try StoredMessage.size(row)
                guard size <= Self.longestConversation else {
                    throw HistoryError(.full, "Conversation \(id) takes too much memory, so it cannot be read.")
                }
                messages.append(try StoredMessage(row))
                return true
            }
            return messages
        }
    }

    /// Runs a change as one transaction.
    func changing<Result: Sendable>(
        _ change: @Sendable (inout Database) throws(HistoryError) -> Result
    ) throws(HistoryError) -> Result {
        try database.withLock { database throws(HistoryError) in try database.transaction(change) }
    }

    /// Runs a change that adds messages as one transaction, after making room for them.
    ///
    /// - Parameter id: A conversation that must not be removed to make room, or nil if there is none.
    func adding<Result: Sendable>(
        to id: Int? = nil,
        _ change: @Sendable (inout Database, _ now: Int) throws(HistoryError) -> Result
    ) throws(HistoryError) -> Result {
        let hasRemoved = try database.withLock { database throws(HistoryError) in
            try database.makeRoom(maximumBytes: maximumBytes, keeping: id)
        }
        // If it fails, the file only stays larger; the change below reports an error that remains.
        if hasRemoved { try? compact() }
        return try changing { database throws(HistoryError) in try change(&database, now()) }
    }

    static func unknown(_ reference: String) -> HistoryError {
        HistoryError(.unknownConversation, "There is no conversation \(reference).")
    }
}
