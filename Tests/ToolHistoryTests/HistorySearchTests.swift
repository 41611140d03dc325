import OllamaClient
import Testing
import ToolJSON

@testable import ToolHistory

@Suite("Searching the history")
struct HistorySearchTests {
    private static func filled(usesIndex: Bool = true) throws -> (HistoryFixture, ConversationHistory) {
        let fixture = try HistoryFixture()
        let history = try fixture.open(usesIndex: usesIndex)
        try history.create(.turn("How warm is it in Zürich?", "Warm enough for a SWIM."), model: "m")
        try history.create(.call("get_temperature", ["city": "London"]), model: "m")
        try history.create(.turn("C++ or 100%_sure \"quoted\" NEAR(a b)", "a AND b"), model: "m")
        try history.create(.turn("東京の天気は?", "晴れです。"), model: "m")
        try history.create(.turn("서울의 온도는 20도입니다.", "วันนี้อากาศร้อนมาก"), model: "m")
        return (fixture, history)
    }

    @Test(
        "a text is found in messages and in the arguments of calls",
        arguments: [
            ("swim", [0]), ("warm enough", [0]), ("enough warm", [0]), ("zurich", [0]), ("Zürich?", [0]), ("swi", []),
            ("swi*", [0]), ("sw*", []), ("london", [1]), ("get_temperature", [1]), ("天気", [3]), ("晴れ", [3]),
            ("の天", [3]), ("京", [3]), ("気天", []), ("東京 晴れ", []), ("天気は?", [3]), ("온도", [4]), ("ร้อน", [4]), ("อนร้", []),
            ("absent", []),
            ("warm absent", []), ("warm", [0, 0]), ("%_", [2]), ("++", [2]),
        ] as [(String, [Int])]
    )
    func text(search: String, found: [Int]) throws {
        let (_, history) = try Self.filled()
        #expect(try history.search(search, tool: nil, limit: 10).map { $0.conversation.id - 1 } == found)
    }

    @Test(
        "nothing in a search has a meaning for SQLite",
        arguments: [
            "\"", "\"\"", "'", "a OR b", "a AND b", "NOT a", "NEAR(a b)", "NEAR(a b", "content:a", "content : a", "^a",
            "a + b", "{content calls} : a", "-a", "(", ")", "*", "**", "a* b*", "\"unclosed", "a\u{0}b",
            "; DROP TABLE message",
            "%", "_", "\\", "\\%", "[a-z]", "?1", ":name", "@x", "$x", "\u{FEFF}", "🌍", "word : a", "rank MATCH a",
        ],
        [true, false]
    )
    func hostileText(search: String, usesIndex: Bool) throws {
        let (_, history) = try Self.filled(usesIndex: usesIndex)
        let hits = try history.search(search, tool: nil, limit: 10)
        // Operators would find more messages than those that have all words.
        if search == "a OR b" || search == "NOT a" { #expect(hits.count <= 1) }
        #expect(try history.conversations(limit: 10).count == 5)
    }

    @Test("a word in a text without spaces is found by the index, and the excerpt shows it")
    func eastAsianExcerpt() throws {
        let (_, history) = try Self.filled()
        let filler = String(repeating: "風は弱い。", count: 500)
        try history.create(.turn("hello", "\(filler)煎餅\(filler)"), model: "m")
        let hits = try history.search("煎餅", tool: nil, limit: 10)
        #expect(hits.map(\.position) == [1])
        #expect(hits.first?.excerpt.contains("煎餅") == true)
        #expect(hits.first.map { $0.excerpt.count < 100 } == true)
        #expect(try SearchText("煎餅").expression != nil)
    }

    @Test(
        "without the index, a text is found as a whole",
        arguments: [("SWIM", 1), ("enough for", 1), ("100%_s", 1), ("100%s", 0)]
    )
    func withoutIndex(search: String, count: Int) throws {
        let (fixture, history) = try Self.filled(usesIndex: false)
        let hits = try history.search(search, tool: nil, limit: 10)
        #expect(hits.count == count)
        #expect(hits.allSatisfy { $0.excerpt.lowercased().contains(search.lowercased()) })
        // A history that an SQLite without FTS5 has written is searched as a whole, and indexed with the next message.
        let indexed = try fixture.open()
        #expect(try indexed.search(search, tool: nil, limit: 10).count == count)
        try indexed.create(.turn("Another"), model: "m")
        #expect(try indexed.search("swi*", tool: nil, limit: 10).count == 1)
    }

    @Test("a search is limited to the conversations that called a tool")
    func tool() throws {
        let (_, history) = try Self.filled()
        #expect(try history.search("done", tool: "get_temperature", limit: 10).map(\.position) == [3])
        #expect(try history.search("warm", tool: "get_temperature", limit: 10).isEmpty)
        #expect(try history.search("done", tool: "other", limit: 10).isEmpty)
        let calls = try history.search(nil, tool: "get_temperature", limit: 10)
        #expect(calls.map(\.position) == [1] && calls.map(\.role) == [.assistant])
        #expect(calls.first?.excerpt.contains("London") == true)
        #expect(try history.search(nil, tool: "x' OR '1'='1", limit: 10).isEmpty)
    }

    @Test("the latest messages come first, as many as wanted, with bounded excerpts")
    func limits() throws {
        let history = try HistoryFixture().open()
        for number in 0..<20 {
            let answer = String(repeating: "needle\(number)", count: 10_000)
            try history.create(.turn("Number \(number)", answer), model: "m")
        }
        let hits = try history.search("number", tool: nil, limit: 5)
        #expect(hits.map(\.conversation.title) == (15..<20).reversed().map { "Number \($0)" })
        let long = try history.search("eedle7n", tool: nil, limit: 5)
        #expect(long.isEmpty)
        #expect(try history.search("needle1*", tool: nil, limit: 50).allSatisfy { $0.excerpt.count <= 400 })
    }

    @Test(
        "an empty and a long search are refused",
        arguments: ["", " \n", String(repeating: "a", count: 1001), "\u{0}"]
    )
    func refused(search: String) throws {
        let history = try HistoryFixture().open()
        let error = #expect(throws: HistoryError.self) { try history.search(search, tool: nil, limit: 10) }
        #expect(error?.code == .invalidRequest)
    }
}
