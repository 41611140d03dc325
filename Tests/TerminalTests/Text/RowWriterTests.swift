@testable import Terminal
import Testing

@Suite("Rows of text")
struct RowWriterTests {
    private static func rows(_ text: String, columns: Int = 20, isVerbatim: Bool = false) -> [String] {
        var renderer = PlainRenderer(columns: columns, isVerbatim: isVerbatim)
        return plain(renderer.append(text) + renderer.finish())
    }

    @Test(
        "text is broken at spaces, or anywhere in a long word",
        arguments: [
            ("one two three four five", ["  one two three", "  four five"]),
            ("abcdefghijklmnopqrstuvwxyz", ["  abcdefghijklmnopq", "  rstuvwxyz"]),
            ("ab abcdefghijklmnopqrstuvwxyz", ["  ab abcdefghijklmn", "  opqrstuvwxyz"]),
            ("one two   three      four", ["  one two   three", "  four"]),
            ("日本語日本語日本語", ["  日本語日本語日本", "  語"]),
            ("one 日本語日本語", ["  one 日本語日本語"]),
            ("👍👍👍👍👍👍👍👍👍👍", ["  👍👍👍👍👍👍👍👍", "  👍👍"]),
            ("  a\n\n\n b", ["    a", "", "", "   b"]),
            ("\n\na\n\n", ["  a"]),
        ]
    )
    func words(text: String, rows: [String]) {
        #expect(Self.rows(text) == rows + [""])
        for first in 0...text.unicodeScalars.count {
            var renderer = PlainRenderer(columns: 20)
            let cut = pieces(text, first: first, size: 1).flatMap { renderer.append($0) } + renderer.finish()
            #expect(plain(cut) == rows + [""])
        }
    }

    @Test("verbatim text keeps its spaces")
    func verbatim() {
        let rows = Self.rows("a  b\tc   \n" + String(repeating: " ", count: 20) + "d", isVerbatim: true)
        #expect(rows == ["  a  b    c   ", "  " + String(repeating: " ", count: 17), "     d", ""])
    }

    @Test("a word is shown while it arrives, unless it may belong to the next row")
    func streaming() {
        var renderer = PlainRenderer(columns: 40)
        func next(_ piece: String) -> String { plain(renderer.append(piece)).joined(separator: "\n") }
        #expect(next("w") == "  w")
        #expect(next("ord") == "ord")
        #expect(next(" and") == " and")
        #expect(next(" then some mor") == " then some")
        #expect(next("e wo") == " more")
        #expect(next("rds that en") == " words that")
        #expect(next("d") == "\n  end")
        #expect(next("ing") == "ing")
    }

    @Test("a very narrow terminal has rows of ten columns", arguments: [-1, 0, 1, 5, 10])
    func narrow(columns: Int) {
        #expect(Self.rows("abcdefghij", columns: columns) == ["  abcdefg", "  hij", ""])
    }

    @Test(
        "a row that other output has ended continues behind a margin",
        arguments: [
            (["  a"], "  a"), (["a"], "  a"), ([" a"], "   a"), (["\n", "  a"], "\n  a"), (["", "a"], "  a"), ([], ""),
            ([""], ""), (["Run a?\n  b"], "  Run a?\n  b"),
        ]
    )
    func continued(pieces: [String], rows: String) {
        let pieces = pieces.map { StyledText(safe: $0) }
        #expect(pieces.atRowStart().encoded(hasStyles: false) == rows)
    }

    @Test("styles become escape sequences, which end before each other style")
    func encoding() {
        let pieces = [StyledText(safe: "a"), StyledText("b\u{1B}\n", [.bold, .cyan]), StyledText(safe: "c", .dim)]
        let escape = "\u{1B}"
        #expect(
            pieces.encoded(hasStyles: true)
                == "a\(escape)[1;36mb<U+001B><U+000A>\(escape)[0m\(escape)[2mc\(escape)[0m"
        )
        #expect(pieces.encoded(hasStyles: false) == "ab<U+001B><U+000A>c")
    }

    @Test(
        "a row is cut at a number of columns",
        arguments: [
            (["abc", "def"], 6, "abcdef"), (["abc", "defg"], 6, "abcd…"), (["abcd", "efg"], 6, "abcd…"),
            (["abcde", "fg"], 6, "abcd…"), (["日本語", "x"], 6, "日本…"), (["日本語"], 6, "日本語"), (["", "abc"], 3, "abc"),
        ]
    )
    func cut(pieces: [String], columns: Int, row: String) {
        #expect(pieces.map { StyledText(safe: $0) }.prefix(columns: columns).encoded(hasStyles: false) == row)
    }
}
