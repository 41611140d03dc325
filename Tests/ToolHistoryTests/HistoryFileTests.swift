import Foundation
import Locks
import OllamaClient
import TestSupport
import Testing
import ToolJSON

@testable import ToolHistory

@Suite("The file of the history")
struct HistoryFileTests {
    private let fixture: HistoryFixture

    init() throws { fixture = try HistoryFixture() }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    /// Expects that the history cannot be opened.
    private func expectFailure(
        _ code: HistoryError.Code,
        _ words: String = "The history ",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: HistoryError.self, sourceLocation: sourceLocation) { try fixture.open() }
        #expect(error?.code == code, sourceLocation: sourceLocation)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")", sourceLocation: sourceLocation)
        #expect(error?.message.contains("conversations.db") == true, sourceLocation: sourceLocation)
    }

    @Test("only the user can read the files and the directories that are made")
    func modes() throws {
        let old = umask(0)
        defer { umask(old) }
        let history = try fixture.open()
        try history.create(.turn("One"), model: "m")
        #expect(mode(fixture.directory.path + "/toolhost") == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(mode(fixture.path + suffix) == 0o600, "\(suffix)") }
    }

    @Test("a file that others can read is closed to them")
    func readableFile() throws {
        _ = try fixture.open()
        chmod(fixture.path, 0o644)
        try fixture.open().create(.turn("One"), model: "m")
        #expect(mode(fixture.path) == 0o600)
    }

    @Test("a file or a directory that others can write is refused")
    func writableByOthers() throws {
        _ = try fixture.open()
        chmod(fixture.path, 0o666)
        expectFailure(.insecureFile, "written by others")
        chmod(fixture.path, 0o600)
        chmod(fixture.directory.path + "/toolhost", 0o777)
        expectFailure(.insecureFile, "could replace")
        chmod(fixture.directory.path + "/toolhost", 0o700)
        #expect(throws: Never.self) { try fixture.open() }
    }

    @Test("a file of another user is refused", .enabled(if: geteuid() == 0, "only root can change owners"))
    func foreignFile() throws {
        _ = try fixture.open()
        chown(fixture.path, 12345, 12345)
        expectFailure(.insecureFile, "uid 12345")
    }

    @Test("a symbolic link is refused, and its target is not touched")
    func symbolicLink() throws {
        let target = try fixture.directory.file("target", "precious".utf8)
        try fixture.directory.directory("toolhost")
        fixture.directory.link("toolhost/conversations.db", target)
        expectFailure(.inaccessibleFile, "symbolic link")
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "precious")
        unlink(target)
        expectFailure(.inaccessibleFile, "symbolic link")
        #expect(access(target, F_OK) != 0)
    }

    @Test("a directory, a pipe and a path below a file are refused", arguments: ["directory", "pipe", "file"])
    func otherKinds(kind: String) throws {
        if kind == "file" {
            try fixture.directory.file("toolhost", "text".utf8)
        } else {
            try fixture.directory.directory("toolhost" + (kind == "directory" ? "/conversations.db" : ""))
            if kind == "pipe" { mkfifo(fixture.path, 0o600) }
        }
        expectFailure(.inaccessibleFile)
    }

    @Test("a file that is no database, and a database of another program, are refused and not changed")
    func otherFiles() throws {
        try fixture.directory.directory("toolhost")
        try fixture.directory.file("toolhost/conversations.db", String(repeating: "not a database", count: 1000).utf8)
        expectFailure(.damagedFile)
        unlink(fixture.path)
        try fixture.directory.file("toolhost/conversations.db", [], mode: 0o600)
        try fixture.change("CREATE TABLE theirs(a); INSERT INTO theirs VALUES(1)")
        let before = try fixture.contents(fixture.path)
        expectFailure(.damagedFile, "no history of toolhost")
        #expect(try fixture.contents(fixture.path) == before)
    }

    @Test("a damaged file gives an error and never a crash, wherever the damage is")
    func damage() throws {
        let history = try fixture.open()
        for number in 0..<60 { try history.create(.call("add", ["number": .int(number)]), model: "m") }
        try history.delete([1])
        let whole = try fixture.contents(fixture.path)
        var generator = SystemRandomNumberGenerator()
        var failures = 0
        for _ in 0..<100 {
            let copy = try HistoryFixture()
            try copy.directory.directory("toolhost")
            var bytes = whole
            for _ in 0..<64 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255) }
            if Bool.random() { bytes = bytes.prefix(Int.random(in: 1..<bytes.count)) }
            try copy.directory.file("toolhost/conversations.db", bytes, mode: 0o600)
            do {
                let history = try copy.open()
                for conversation in try history.conversations(limit: 100) {
                    _ = try? history.messages(of: conversation.id)
                }
                _ = try history.search("number", tool: "add", limit: 100)
                _ = try history.create(.turn("One"), model: "m")
                _ = try history.prune(keeping: 1)
            } catch {
                #expect(error is HistoryError)
                failures += 1
            }
        }
        #expect(failures > 0)
    }

    @Test(
        "values of wrong types and invalid JSON are errors",
        arguments: [
            "UPDATE message SET extra = '{' WHERE position = 1", "UPDATE message SET calls = x'00' WHERE position = 1",
            "UPDATE message SET content = x'07'", "UPDATE message SET role = 'king'", "UPDATE message SET time = 'now'",
            "UPDATE conversation SET updated = 'x'", "UPDATE conversation SET messages = 1.5",
        ]
    )
    func wrongTypes(sql: String) throws {
        let history = try fixture.open()
        let id = try history.create(.call("add", [:]), model: "m")
        try fixture.change(sql)
        let error = #expect(throws: HistoryError.self) { try history.messages(of: id) }
        #expect(error?.code == .damagedFile)
        #expect(error?.remedy != nil)
    }

    @Test("JSON of an unknown form is read as far as it has a meaning")
    func looseJSON() throws {
        let history = try fixture.open()
        let id = try history.create(.turn("One"), model: "m")
        try fixture.change(
            #"UPDATE message SET calls = '[7, {"function": 3}]', extra = '{"role": "system", "images": [1, "?"], "x": 1}'"#
        )
        let messages = try history.messages(of: id)
        #expect(messages.map(\.role) == [.user, .assistant])
        #expect(messages[0].toolCalls.map(\.name) == ["", ""] && messages[0].images.isEmpty)
    }

    @Test("nested JSON is bounded")
    func deepJSON() throws {
        let history = try fixture.open()
        let id = try history.create(.turn("One"), model: "m")
        try fixture.change("UPDATE message SET calls = '\(String(repeating: "[", count: 5000))'")
        #expect(throws: HistoryError.self) { try history.messages(of: id) }
    }

    @Test("a file of a later version is refused and not changed")
    func laterVersion() throws {
        try fixture.open().create(.turn("One"), model: "m")
        try fixture.change("PRAGMA user_version = 2; PRAGMA wal_checkpoint(TRUNCATE)")
        let before = try fixture.contents(fixture.path)
        expectFailure(.newerVersion, "Update toolhost")
        #expect(try fixture.contents(fixture.path) == before)
    }

    @Test("triggers and views in the file do not run")
    func hostileSchema() throws {
        let history = try fixture.open()
        try fixture.change(
            """
            CREATE TRIGGER evil AFTER INSERT ON message BEGIN DELETE FROM message; END
            """
        )
        let id = try fixture.open().create(.turn("One"), model: "m")
        #expect(try history.messages(of: id).count == 2)
    }

    @Test("a file that another process has locked gives an error after a limited time")
    func locked() throws {
        let history = try fixture.open()
        try history.create(.turn("One"), model: "m")
        var other = try Database(path: fixture.path)
        try other.run(.begin)
        let error = #expect(throws: HistoryError.self) { try history.create(.turn("Two"), model: "m") }
        #expect(error?.code == .locked)
        // Reading does not wait.
        #expect(try history.conversations(limit: 10).count == 1)
        try other.run(.rollback)
        #expect(throws: Never.self) { try history.create(.turn("Two"), model: "m") }
    }

    @Test("a file that is read-only can be read, and gives an error when it is written")
    func readOnly() throws {
        let history = try fixture.open()
        let id = try history.create(.turn("One"), model: "m")
        try history.database.withLock { database throws(HistoryError) in try database.execute("PRAGMA query_only = 1") }
        #expect(try history.messages(of: id).count == 2)
        let error = #expect(throws: HistoryError.self) { try history.create(.turn("Two"), model: "m") }
        #expect(error?.code == .inaccessibleFile && error?.message.contains("read-only") == true)
    }
}
