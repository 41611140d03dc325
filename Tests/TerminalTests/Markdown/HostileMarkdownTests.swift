@testable import Terminal
import Testing

@Suite("Hostile Markdown")
struct HostileMarkdownTests {
    /// Parts that texts are made of.
    private static let parts = [
        "a", "word ", "日本", "👍", "e\u{301}", "\n", "\n\n", "# ", "- ", "1. ", "> ", "```", "~~~", "`", "*", "**", "_",
        "~~",
        "[", "](", ")", "]", "|", "|\n|", "|-|", "\n|a|\n|-|\n|b|\n", "    ", "\t", "\\", "---", "\r", "\r\n",
        "\u{1B}[2J",
        "\u{202E}",
        "\u{200B}", "\u{7}", "\0", "\u{9B}", "\u{2028}", "<", "!", "Run get_temperature?", "[y]es / [n]o: ", "│", "→",
        "\u{2800}", "\u{E0100}", String(repeating: "x", count: 90), String(repeating: " ", count: 70),
    ]

    private static func text(_ seed: UInt64, count: Int) -> String {
        var state = seed
        var text = ""
        for _ in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += parts[Int(state >> 33) % parts.count]
        }
        return text
    }

    /// The letters and digits of a text, which no markup hides.
    private static func words(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { $0.properties.isAlphabetic || $0 == "👍" }
    }

    @Test(
        "no row begins in the first columns, is wider than the terminal or has a hidden character",
        arguments: 0..<150
    )
    func rows(seed: Int) {
        let text = Self.text(UInt64(seed), count: 60)
        let columns = [10, 20, 21, 40, 80][seed % 5]
        let pieces = MarkdownFixture.render(text, columns: columns, keepsMarkers: seed % 2 == 0)
        for row in plain(pieces) {
            #expect(row.isEmpty || row.unicodeScalars.starts(with: "  ".unicodeScalars), "\(row.debugDescription)")
            // A line below the names of columns has no text from outside.
            let width = row.unicodeScalars.reduce(0) { $0 + ("─┼".unicodeScalars.contains($1) ? 1 : TextWidth.of($1)) }
            #expect(width < columns, "\(row.debugDescription)")
            #expect(row.unicodeScalars.allSatisfy(TerminalText.isSafe), "\(row.debugDescription)")
        }
    }

    @Test("rules and blank lines in quotations fit a narrow terminal")
    func narrowQuotations() {
        for row in plain(MarkdownFixture.render("> > > > a\n> > > > ---\n> > > >\n> > > > b", columns: 10)) {
            #expect(row.unicodeScalars.reduce(0) { $0 + TextWidth.of($1) } < 10, "\(row.debugDescription)")
        }
    }

    @Test("the rows do not depend on the boundaries of the pieces", arguments: 0..<40)
    func cuts(seed: Int) {
        let text = Self.text(UInt64(seed) + 1000, count: 30)
        for columns in [20, 40] {
            let difference = MarkdownFixture.difference(text, columns: columns)
            #expect(difference == nil, "\(difference?.pieces ?? [])")
        }
    }

    @Test("letters are neither lost nor added nor moved", arguments: 0..<150)
    func content(seed: Int) {
        // The list that replaces a table repeats the names of the columns, so tables have space here. An address that
        // is equal to its text is shown once.
        let source = Self.text(UInt64(seed) + 2000, count: 50).replacing("](", with: "] (")
        var reader = SafeReader()
        var safe = String.UnicodeScalarView()
        reader.read(source) { safe.append($0) }
        reader.finish { safe.append($0) }
        let shown = plain(MarkdownFixture.render(source, columns: 4000)).joined(separator: "\n")
        #expect(Self.words(shown) == Self.words(String(safe)))
    }

    @Test("hidden characters in each kind of block are visible")
    func hidden() {
        let source =
            "# \u{1B}\n- \u{202E}\n> \u{7}\n```\u{1B}]0;\n\u{9B}\n```\n[\u{200B}](\u{2066})\n\n|\u{85}|\n|-|\n|**\u{8}**|\n"
        let rows = plain(MarkdownFixture.render(source))
        #expect(
            rows == [
                "  <U+001B>", "  • <U+202E>", "  │ <U+0007>", "  <U+001B>]0;", "    <U+009B>", "  <U+200B> (<U+2066>)",
                "",
                "  <U+0085>", "  ────────", "  <U+0008>", "",
            ]
        )
    }

    @Test(
        "the work is proportional to the length of the text",
        arguments: [
            "a", "word ", "*", "**a ", "*a ", "_a_ ", "`", "` ", "`a", "[", "[a](", "[a](b) ", "]", "](", "\\", "~~a~~",
            "\n",
            " ", "\t", "-", "- ", "- a\n", ">", "> a\n", "#", "1", "1. ", "|", "| ", "|a|\n", "|a|\n|-|\n", "|-|\n",
            "```\n",
            "``` ", "```", "~~~a\n", "=", "日", "\u{1B}", "e\u{301}", "\r", "a\u{301}\u{301}", "***a***", "*a**b*",
        ]
    )
    func linear(part: String) {
        func measure(_ count: Int) -> (work: Int, length: Int) {
            let text = String(repeating: part, count: count / part.unicodeScalars.count)
            var renderer = MarkdownRenderer(columns: 80)
            for piece in pieces(text, first: 0, size: 7) { _ = renderer.append(piece) }
            let work = renderer.work
            _ = renderer.finish()
            return (work, text.unicodeScalars.count)
        }
        let (small, large) = (measure(5000), measure(20_000))
        #expect(large.work < 5 * small.work + 20_000, "\(small), \(large)")
        #expect(large.work < 600 * large.length, "\(large)")
    }

    @Test("one long line is shown while it arrives", arguments: ["word ", "x", "日本", "- a "])
    func longLine(part: String) {
        var renderer = MarkdownRenderer(columns: 80)
        let piece = String(repeating: part, count: 1000)
        let counts = (0..<20).map { _ in plain(renderer.append(piece)).count }
        #expect(counts.dropFirst().allSatisfy { $0 > 10 } && Set(counts.dropFirst(2)).count <= 2, "\(counts)")
    }
}
