@testable import Terminal
import Testing

@Suite("Tables of Markdown")
struct TableMarkdownTests {
    @Test(
        "the columns of a table are aligned by the columns of the terminal",
        arguments: [
            ("|a|b|\n|-|-|\n|c|d|", ["a │ b", "──┼──", "c │ d"]),
            (
                "| a | b | c |\n|:--|--:|:-:|\n| 123 | 1 | 2 |\n| 4 | 12345 | 678 |\n\nx",
                ["a   │     b │  c", "────┼───────┼────", "123 │     1 │  2", "4   │ 12345 │ 678", "", "x"]
            ),
            ("|a|b|\n|---|---|\n|日本|x|\n|e\u{301}e|y|", ["a    │ b", "─────┼──", "日本 │ x", "e\u{301}e   │ y"]),
            ("|a|b|\n|---|---|\n|→|x|\n|✅|y|", ["a  │ b", "───┼──", "→  │ x", "✅ │ y"]),
            ("|a|b|\n|---|---|\n|c|\n|d|e|f|", ["a │ b", "──┼──────", "c │", "d │ e | f"]),
            (#"|a|b|"# + "\n|-|-|\n" + #"|c\|d|`e`|"#, ["a   │ b", "────┼──", "c|d │ e"]),
            ("|a|b|\n|-|-|", ["a │ b", "──┼──"]),
            ("|a|b\n|-|-\n|c|d", ["a │ b", "──┼──", "c │ d"]),
            ("> |a|\n> |-|\n> |b|\n|c|", ["│ a", "│ ─", "│ b", "|c|"]),
            ("|\n|\n|x|", ["|", "|", "|x|"]),
            ("||\n|-|\n|x|||", ["", "───────", "x | |"]),
            ("|a|b|\n|-|\n", ["|a|b|", "|-|"]),
            ("|a|\n|-|\n|b|\n# c", ["a", "─", "b", "c"]),
        ]
    )
    func alignment(source: String, rows: [String]) {
        let rendered = plain(MarkdownFixture.render(source)).map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : $0 }
        #expect(rendered.map { $0.trimmingEnd() } == rows + [""])
        let difference = MarkdownFixture.difference(source)
        #expect(difference == nil, "\(difference?.pieces ?? []): \(difference?.rows ?? "")")
    }

    @Test("the cells of a wide table are broken at spaces, and markup keeps its style")
    func wrapping() {
        let source = "|Name|Note|\n|-|-|\n|alpha|some **bold words** that are long|\n|b|https://example.com/a/b|"
        let expected = """
              ‹b:Name›  ‹d:│› ‹b:Note›
              ‹d:──────┼────────────────────›
              alpha ‹d:│› some ‹b:bold› ‹b:words›
                    ‹d:│› that are long
              b     ‹d:│› https://example.com
                    ‹d:│› /a/b

            """
        #expect(StyledRows(MarkdownFixture.render(source, columns: 31)).description == expected)
    }

    @Test("a table for which the terminal is too narrow becomes a list", arguments: [10, 20, 24])
    func records(columns: Int) {
        let source = "|Name|Size|Note|\n|-|-|-|\n|alphabet|1234567|longer text|\n|b|2||"
        let rows = plain(MarkdownFixture.render(source, columns: columns))
        let text = rows.joined(separator: " ").filter { $0 != " " }
        #expect(text == "Name:alphabetSize:1234567Note:longertextName:bSize:2")
        #expect(rows.allSatisfy { $0.isEmpty || $0.hasPrefix("  ") && $0.count < columns }, "\(rows)")
        if columns == 24 { #expect(rows[0] == "  Name: alphabet") }
    }

    @Test("short rows below long names do not become much output", arguments: ["|\n", "|a\n"])
    func longNames(row: String) {
        let names = String(repeating: "|" + String(repeating: "n", count: 120), count: 60)
        let source = names + "\n" + String(repeating: "|-", count: 60) + "\n" + String(repeating: row, count: 2000)
        let rows = plain(MarkdownFixture.render(source, columns: 80))
        // The first row has the whole names.
        #expect(rows.prefix { !$0.isEmpty }.joined().filter { $0 == "n" }.count == 60 * 120)
        #expect(rows.reduce(0) { $0 + $1.count } < 60 * source.count)
    }

    @Test("a long table is shown before its end, in the widths of its beginning")
    func long() {
        var renderer = MarkdownRenderer(columns: 60)
        _ = renderer.append("|number|text|\n|---|---|\n")
        var shown: [Int] = []
        var rows: [String] = []
        for number in 1...4000 {
            let pieces = renderer.append("|\(number)|some text of the table|\n")
            if !pieces.isEmpty { shown.append(number) }
            rows += plain(pieces).filter { !$0.isEmpty }
        }
        #expect(shown.first ?? 0 > 100 && shown.last == 4000 && shown.count > 1000)
        _ = renderer.append("|5000|a cell that is longer than all cells before it|\n")
        #expect(plain(renderer.finish()) == [""])
        #expect(rows.count == 4002)
        #expect(Set(rows.dropFirst(2).map { $0.firstIndex(of: "│") }).count == 1)
    }

    @Test("a row that is too long for a table is text, after the table")
    func longRow() {
        let cell = String(repeating: "word ", count: 2000)
        let rows = plain(MarkdownFixture.render("|a|\n|-|\n|b|\n|\(cell)|\n|c|\n"))
        #expect(rows.prefix(3) == ["  a", "  ─", "  b"] && rows[3].hasPrefix("  |word word"), "\(rows.prefix(5))")
        #expect(rows.joined().filter { $0 == "w" }.count == 2000)
    }

    @Test("a row that is wide on some terminals stays narrower than the terminal", arguments: [12, 20, 30, 31, 40])
    func bound(columns: Int) {
        let wide = String(repeating: "→", count: 30)
        let source = "|a|\(wide)|c|\n|-|-:|-|\n|\(wide)|\(wide)|Run?|\n|→|x|y|\n"
        for row in plain(MarkdownFixture.render(source, columns: columns)) where !row.contains("─") {
            let width = row.unicodeScalars.reduce(0) { $0 + TextWidth.of($1) }
            #expect(width < columns && (row.isEmpty || row.hasPrefix("  ")), "\(row)")
        }
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}
