@testable import Terminal
import Testing

@Suite("Text of a chat")
struct ChatTextTests {
    // MARK: - Thinking

    @Test("thinking is dimmed and broken into rows")
    func thinking() {
        var thinking = ThinkingText(columns: 20, isFolded: false, start: .zero)
        let pieces = thinking.append("\nThe **user** ") + thinking.append("wants this.\n\n- a\u{1B}\n\n")
        let rows = StyledRows(pieces + thinking.finish(at: .seconds(3)))
        #expect(
            rows.description == "  ‹d:The **user**›\n  ‹d:wants this.›\n\n  ‹d:- a<U+001B>›\n"
        )
    }

    @Test("folded thinking is one line with the duration, and can be shown later")
    func folded() {
        var thinking = ThinkingText(columns: 40, isFolded: true, start: .seconds(2))
        #expect(thinking.append("one two").isEmpty && thinking.append(" three").isEmpty)
        #expect(StyledRows(thinking.finish(at: .milliseconds(5_250))).description == "‹d:  thinking… 3.2 s\n›")
        #expect(StyledRows(thinking.unfolded()).description == "  ‹d:one two three›\n")
    }

    @Test("a bounded amount of thinking is kept")
    func bounded() {
        var thinking = ThinkingText(columns: 40, isFolded: true, start: .zero)
        for _ in 0..<300 { _ = thinking.append(String(repeating: "x", count: 1024)) }
        _ = thinking.append("y")
        #expect(thinking.text.utf8.count == ThinkingText.limit)
        #expect(plain(thinking.unfolded()).suffix(2) == ["  … the rest was not kept", ""])
    }

    // MARK: - Results

    @Test("a short result is shown whole, and a long one with the command for the rest")
    func preview() throws {
        var results = RecentResults()
        let short = results.add("add") { $0("1\n2") }
        let long = results.add("read") { write in for number in 1...100 { write("\(number)\n") } }
        let wide = results.add("read") { $0(String(repeating: "x", count: 100)) }
        #expect([short, long, wide] == [1, 2, 3])
        func preview(_ number: Int) -> [String] { plain(results.preview(number, columns: 22)) }
        #expect(preview(short) == ["  1", "  2", ""])
        #expect(preview(long) == ["  1", "  2", "  3", "  … 292 bytes: /show 2", ""])
        let row = "  " + String(repeating: "x", count: 19)
        #expect(preview(wide) == [row, row, row, "  … 100 bytes: /show 3", ""])
        #expect(preview(4) == [""])
        #expect(results.whole(4, columns: 80) == nil)
        let rows = plain(try #require(results.whole(long, columns: 80)))
        #expect(rows == ["  read"] + (1...100).map { "  \($0)" } + [""])
    }

    @Test("results beyond the limits are removed, oldest first")
    func limits() {
        var results = RecentResults()
        for _ in 0..<60 { _ = results.add("a") { $0("b") } }
        #expect(results.numbers == Array(11...60))
        let mebibyte = String(repeating: "x", count: 1 << 20)
        for _ in 0..<20 { _ = results.add("a") { $0(mebibyte) } }
        #expect(results.numbers == Array(65...80))
        let cut = results.add("\u{1B}") { write in for _ in 0..<5 { write(mebibyte) } }
        let rows = results.whole(cut, columns: 80).map(plain)
        #expect(rows?.first == "  <U+001B>" && rows?.suffix(2) == ["  … the rest was not kept", ""])
        #expect(results.numbers == Array(67...81))
    }

    @Test("hidden characters of a result are visible, and spaces are kept")
    func hidden() {
        var results = RecentResults()
        let number = results.add("a") { $0("\u{1B}[2J  x\r\n\u{202E}") }
        #expect(plain(results.preview(number, columns: 80)) == ["  <U+001B>[2J  x", "  <U+202E>", ""])
        #expect(results.whole(number, columns: 80).map(plain) == ["  a", "  <U+001B>[2J  x", "  <U+202E>", ""])
    }

    // MARK: - The banner

    @Test(
        "the banner names model, server, context size and tools",
        arguments: [
            (
                "qwen3:8b", 40_960, 12, 80,
                ["Model qwen3:8b at localhost:11434 · context 40,960 tokens · 12 tools", "Hint."]
            ),
            ("qwen3:8b", nil, 1, 80, ["Model qwen3:8b at localhost:11434 · 1 tool", "Hint."]),
            ("a\n\u{1B}", nil, 0, 80, ["Model a<U+000A><U+001B> at localhost:11434 · 0 tools", "Hint."]),
            (
                "qwen3", 4096, 3, 20,
                ["Model qwen3 at", "  localhost:11434 ·", "  context 4,096", "  tokens · 3 tools", "Hint."]
            ),
        ] as [(String, Int?, Int, Int, [String])]
    )
    func banner(model: String, context: Int?, tools: Int, columns: Int, rows: [String]) {
        let banner = ChatBanner(model: model, server: "localhost:11434", contextLength: context, toolCount: tools)
        #expect(plain(banner.text(columns: columns, hint: "Hint.")) == rows + [""])
    }
}
