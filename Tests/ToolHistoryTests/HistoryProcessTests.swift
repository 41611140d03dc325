import Foundation
import Locks
import TestSupport
import Testing

@testable import ToolHistory

@Suite("Processes that use one history", .timeLimit(.minutes(5)))
struct HistoryProcessTests {
    private static let writer = BuiltProducts.executable("HistoryWriter")

    /// A writer whose output the test reads.
    private struct Writer {
        struct Failure: Error {}

        let process: pid_t
        private let reader: UnsafeMutablePointer<FILE>

        init(_ arguments: [String]) throws {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw Failure() }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
            let words = ([HistoryProcessTests.writer] + arguments).map { strdup($0) } + [nil]
            defer { for word in words { free(word) } }
            var process = pid_t()
            let failure = posix_spawn(&process, HistoryProcessTests.writer, &actions, nil, words, [nil])
            close(ends[1])
            guard failure == 0, let reader = fdopen(ends[0], "r") else { throw Failure() }
            (self.process, self.reader) = (process, reader)
        }

        func line() -> Substring? {
            var buffer = [CChar](repeating: 0, count: 1000)
            guard fgets(&buffer, Int32(buffer.count), reader) != nil else { return nil }
            let bytes = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first
        }

        /// Reads the remaining lines, and waits for the exit.
        func finish() -> (lines: [Substring], status: Int32) {
            var lines: [Substring] = []
            while let line = line() { lines.append(line) }
            fclose(reader)
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            return (lines, status)
        }
    }

    @Test("every finished turn is stored when the process is killed, at any moment")
    func killedWriter() throws {
        let fixture = try HistoryFixture()
        var lines: [Substring] = []
        for run in 0..<30 {
            let writer = try Writer([fixture.path])
            for _ in 0..<(run * 7 % 23 + 5) { lines.append(try #require(writer.line())) }
            kill(writer.process, SIGKILL)
            let (rest, status) = writer.finish()
            #expect(status == SIGKILL)
            lines += rest
        }
        let turns = Turns(lines)
        #expect(turns.conversationCount >= 100)
        let history = try fixture.open()
        #expect(try turns.missing(in: history).isEmpty)
        #expect(try history.search("prompt", tool: nil, limit: 10_000).count >= lines.count)
        // No conversation has half a turn.
        for conversation in try history.conversations(limit: 10_000) {
            #expect(try history.messages(of: conversation.id).count == conversation.messageCount)
            #expect(conversation.messageCount % 2 == 0)
        }
        try history.checkIntegrity()
    }

    @Test("processes that create and write one history at the same time lose nothing")
    func parallelWriters() throws {
        let fixture = try HistoryFixture()
        try fixture.directory.directory("toolhost")
        let writers = try (0..<4).map { _ in try Writer([fixture.path, "50"]) }
        let finished = writers.map { $0.finish() }
        #expect(finished.map(\.status) == [0, 0, 0, 0], "\(finished.compactMap(\.lines.last))")
        let history = try fixture.open()
        #expect(try Turns(finished.flatMap(\.lines)).missing(in: history).isEmpty)
        #expect(try history.conversations(limit: 100).count == 40)
        try history.checkIntegrity()
    }

    @Test("threads with one and with several connections lose nothing")
    func threads() async throws {
        let fixture = try HistoryFixture()
        let shared = try fixture.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let history = task % 2 == 0 ? shared : try fixture.open()
                    for number in 0..<20 {
                        let id = try history.create(.turn("Task \(task), number \(number)"), model: "m")
                        _ = try history.replace(2..<2, of: id, with: .turn("More"), model: "m")
                        _ = try history.search("task", tool: nil, limit: 3)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try shared.conversations(limit: 1000).map(\.messageCount) == Array(repeating: 4, count: 160))
        try shared.checkIntegrity()
    }
}

extension ConversationHistory {
    /// Throws an error unless the tables and the index are consistent.
    fileprivate func checkIntegrity() throws {
        try database.withLock { database throws(HistoryError) in
            try database.execute("INSERT INTO word(word, rank) VALUES('integrity-check', 1)")
            // The smallest integer has no absolute value, which is an error.
            try database.execute(
                """
                SELECT CASE integrity_check WHEN 'ok' THEN 1 ELSE abs(-9223372036854775807 - 1) END
                FROM pragma_integrity_check
                """
            )
        }
    }
}
