import Foundation
import Locks
import OllamaClient
import TestSupport
import Testing

@testable import ToolHistory

@Suite("The size of the history", .timeLimit(.minutes(5)))
struct HistorySizeTests {
    private static let maximum = 2 << 20

    private func text(_ kibibytes: Int) -> String { String(repeating: "a word of text. ", count: kibibytes << 6) }

    /// A text without words, with which the index does not grow.
    private let dashes = String(repeating: "- ", count: 10_000)

    /// Returns a text with many different words.
    private func words(_ number: Int) -> String {
        (0..<3000).map { "w\(($0 &* 7919 &+ number &* 31) % 5003)" }.joined(separator: " ")
    }

    @Test(
        "the oldest conversations make room for new ones, and named ones stay longest",
        arguments: [2 << 20, 6 << 20]
    )
    func pruning(maximum: Int) throws {
        let fixture = try HistoryFixture()
        let history = try fixture.open(maximumBytes: maximum)
        let named = try history.create(.turn("Named", words(0)), model: "m")
        try history.rename(named, to: "keep")
        let count = maximum / 10_000
        for number in 1...count { try history.create(.turn("Number \(number)", words(number)), model: "m") }
        let left = try history.conversations(limit: count)
        #expect(left.count < count / 2 && left.count > count / 8)
        #expect(left.first?.title == "Number \(count)" && left.last?.id == named)
        #expect(try fixture.contents(fixture.path).count <= maximum)
        #expect(try !history.search("number", tool: nil, limit: 1).isEmpty)
        try history.delete([left[1].id])
    }

    @Test("connections that make room at the same time do not disturb each other")
    func parallelPruning() async throws {
        let fixture = try HistoryFixture()
        let histories = try (0..<4).map { _ in try fixture.open(maximumBytes: Self.maximum) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for history in histories {
                group.addTask {
                    for number in 0..<100 { try history.create(.turn("Number \(number)", dashes), model: "m") }
                }
            }
            try await group.waitForAll()
        }
        #expect(try fixture.contents(fixture.path).count <= Self.maximum)
        #expect(try histories[0].conversations(limit: 1000).count > 20)
    }

    @Test("deleting from a full history removes nothing else")
    func deleting() throws {
        let history = try HistoryFixture().open(maximumBytes: Self.maximum)
        func isFull() throws -> Bool {
            try history.database.withLock { database throws(HistoryError) in
                try database.usedBytes() > Database.pruningThreshold(maximumBytes: Self.maximum)
            }
        }
        repeat { try history.create(.turn("One", dashes), model: "m") } while try !isFull()
        let before = try history.conversations(limit: 1000).map(\.id)
        try history.delete([before[3]])
        #expect(try history.conversations(limit: 1000).map(\.id) == before.filter { $0 != before[3] })
    }

    @Test("the size of a conversation counts bytes, also after a zero, and is the same again after an undo")
    func size() throws {
        let history = try HistoryFixture().open()
        let text = "Zürich\u{0}🌍 and more"
        let id = try history.create(.turn(text, text), model: "m")
        let size = try history.conversation("\(id)").bytes
        #expect(size == 2 * text.utf8.count)
        #expect(try history.replace(2..<2, of: id, with: .turn(text), model: "m"))
        #expect(try history.replace(2..<4, of: id, with: [], model: "m"))
        #expect(try history.conversation("\(id)").bytes == size)
    }

    @Test("a turn that does not fit is an error, and the conversation stays as it was")
    func full() throws {
        let history = try HistoryFixture().open(maximumBytes: Self.maximum)
        let id = try history.create(.turn("One", text(100)), model: "m")
        let error = #expect(throws: HistoryError.self) {
            try history.replace(2..<2, of: id, with: .turn("Two", text(4000)), model: "m")
        }
        #expect(error?.code == .full)
        #expect(try history.messages(of: id).count == 2)
        #expect(try history.replace(2..<2, of: id, with: .turn("Three"), model: "m"))
    }

    @Test("a disk without room is an error, and the stored turns stay")
    func fullDisk() throws {
        let fixture = try HistoryFixture()
        _ = try fixture.open()
        let output = try fixture.directory.file("output", [])
        let descriptor = open(output, O_RDWR | O_APPEND)
        defer { close(descriptor) }
        // A limit on the size of files stands for a full disk: 512 blocks of 512 bytes.
        let script = "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$1\" 1000"
        let writer = BuiltProducts.executable("HistoryWriter")
        let status = try ChildProcess(["/bin/sh", "-c", script, writer, fixture.path], output: descriptor).wait()
        #expect(status == 1)
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        #expect(lines.last?.contains("cannot be") == true, "\(lines.last ?? "")")
        #expect(try Turns(lines.dropLast()).missing(in: fixture.open()).isEmpty)
    }
}
