import Foundation
import Locks
import TestSupport
import Testing
import ToolJSON

@testable import ToolHistory

@Suite("Histories that others have made")
struct HostileHistoryTests {
    private let fixture: HistoryFixture
    private let history: ConversationHistory
    private let id: Int

    init() throws {
        fixture = try HistoryFixture()
        history = try fixture.open()
        id = try history.create(.call("add", ["number": 1]), model: "m")
    }

    @Test("a statement that does not end is interrupted")
    func endless() throws {
        let database = try Database(path: fixture.path, longestTime: 0)
        let error = #expect(throws: HistoryError.self) {
            try database.execute(
                "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r"
            )
        }
        #expect(error?.code == .damagedFile)
        // The next statement has its own time.
        try database.execute("SELECT 1")
    }

    @Test("long names, titles and models are cut", arguments: ["name", "title", "model"])
    func longTexts(column: String) throws {
        try fixture.change("UPDATE conversation SET \(column) = replace(hex(zeroblob(1000000)), '0', 'ä')")
        let conversation = try #require(try history.conversations(limit: 1).first)
        #expect((conversation.title + conversation.model + (conversation.name ?? "")).utf8.count < 5000)
    }

    @Test(
        "a message that would take too much memory is not read",
        arguments: ["'[' || replace(hex(zeroblob(1400000)), '0', ',')", "replace(hex(zeroblob(1400000)), '0', '[')"]
    )
    func largeMessage(value: String) throws {
        try fixture.change("UPDATE message SET calls = \(value) WHERE position = 1")
        let error = #expect(throws: HistoryError.self) { try history.messages(of: id) }
        #expect(error?.code == .full && error?.message.contains("Conversation \(id) ") == true)
        #expect(try history.conversations(limit: 1).count == 1)
    }

    @Test(
        "tables of another form are errors that name the remedy",
        arguments: [
            ("DROP TABLE conversation", "no such table: conversation"),
            ("ALTER TABLE conversation RENAME TO c; CREATE VIEW conversation AS SELECT * FROM c", "view"),
            ("ALTER TABLE conversation RENAME COLUMN model TO other", "model"), ("PRAGMA user_version = -1", "exists"),
        ]
    )
    func otherTables(sql: String, words: String) throws {
        try fixture.change(sql)
        let error = #expect(throws: HistoryError.self) { try fixture.open().conversations(limit: 1) }
        #expect(error?.code == .damagedFile && error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.remedy != nil)
    }

    @Test("an ordinary table in place of the index is not used")
    func otherIndex() throws {
        try fixture.change("DROP TABLE word; CREATE TABLE word(content, calls)")
        let history = try fixture.open()
        #expect(try history.search("Done", tool: "add", limit: 10).count == 1)
        #expect(throws: Never.self) { try history.delete([id]) }
    }

    @Test("the messages that an SQLite without FTS5 stored are all indexed with the next message")
    func unindexedMessages() throws {
        let other = try fixture.open(usesIndex: false)
        for number in 0..<120 { try other.create(.turn("Prompt \(number)"), model: "m") }
        try history.create(.turn("Last"), model: "m")
        let left = try history.database.withLock { database throws(HistoryError) in
            try database.number(.unindexedCount)
        }
        #expect(left == 0)
        #expect(try history.search("prompt", tool: nil, limit: 1000).count == 120)
    }

    @Test(
        "a pipe or a directory with the name of a file of SQLite is an error",
        arguments: ["-journal", "-wal", "-shm"]
    )
    func otherFiles(suffix: String) throws {
        let fixture = try HistoryFixture()
        try fixture.directory.directory("toolhost")
        for isPipe in [true, false] {
            _ = isPipe ? mkfifo(fixture.path + suffix, 0o600) : mkdir(fixture.path + suffix, 0o700)
            let error = #expect(throws: HistoryError.self) { try fixture.open() }
            #expect(error?.message.contains("\(suffix) is not a regular file.") == true, "\(error?.message ?? "")")
            _ = isPipe ? unlink(fixture.path + suffix) : rmdir(fixture.path + suffix)
        }
        #expect(throws: Never.self) { try fixture.open() }
    }
}
