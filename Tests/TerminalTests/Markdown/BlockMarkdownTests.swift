@testable import Terminal
import Testing

@Suite("Blocks of Markdown")
struct BlockMarkdownTests {
    private static let cases: [(source: String, rows: String)] = [
        ("", ""),
        ("\n\n", ""),
        ("\n\na\n\n\n\nb\n\n", "  a\n\n  b\n"),
        ("a\r\nb\r", "  a\n  b<U+000D>\n"),
        // Headings
        ("# A\n## B *c*\n###### D", "  ‹bu:A›\n  ‹b:B ›‹bi:c›\n  ‹b:D›\n"),
        ("#a\n#######  b\n#", "  #a\n  #######  b\n\n"),
        // Lists
        ("- a\n* b\n+ c\n-d\n-", "  • a\n  • b\n  • c\n  -d\n  •\n"),
        ("- a\n  - b\n    - c\n  d", "  • a\n    • b\n      • c\n    d\n"),
        ("1. a\n    - b\n10) c\n1.5 d", "  1. a\n      • b\n  10) c\n  1.5 d\n"),
        ("1234567890. a", "  1234567890. a\n"),
        ("- [ ] a\n- [x] **b**", "  • [ ] a\n  • [x] ‹b:b›\n"),
        ("* *a* b\n*c*", "  • ‹i:a› b\n  ‹i:c›\n"),
        ("**a**\n***b***", "  ‹b:a›\n  ‹bi:b›\n"),
        ("- \n-\ta", "  •\n  • a\n"),
        // Quotes
        ("> a\n>b\n> > c\nd", "  ‹d:│› a\n  ‹d:│› b\n  ‹d:│› ‹d:│› c\n  d\n"),
        ("> a\n>\n> b", "  ‹d:│› a\n  ‹d:│›\n  ‹d:│› b\n"),
        ("> # a\n> - b\n> ```\n> c\n> ```", "  ‹d:│› ‹bu:a›\n  ‹d:│› • b\n  ‹d:│›   c\n"),
        ("> ```\n> a\nb", "  ‹d:│›   a\n  b\n"),
        // Rules
        ("---\n***\n_ _ _\n- - -\n--", Array(repeating: "  ‹d:──────────────────›\n", count: 4).joined() + "  --\n"),
        (
            String(repeating: "-", count: 90) + "\n" + String(repeating: "* ", count: 50) + "a",
            "  ‹d:──────────────────›\n  ‹d:──────────────────›\n  a\n"
        ),
        ("```\n" + String(repeating: "`", count: 90) + "\na", "  a\n"),
        (
            String(repeating: " ", count: 90) + "a\n```\n" + String(repeating: " ", count: 70) + "b",
            String(repeating: " ", count: 34) + "a\n" + String(repeating: " ", count: 39) + "\n"
                + String(repeating: " ", count: 39) + "\n    b\n"
        ),
        ("--- a\n*** b", "  --- a\n  *** b\n"),
        // Code
        ("```\n**a**\n  b\n\n\nc\n```\nd", "    **a**\n      b\n\n\n    c\n  d\n"),
        ("```swift\nlet a = `b`\n```", "  ‹d:swift›\n    let a = `b`\n"),
        ("~~~ a b\n```\n~~~", "  ‹d:a b›\n    ```\n"),
        ("````\n```\n````\n```a`b```", "    ```\n  ‹c:a`b›\n"),
        ("```\na", "    a\n"),
        ("```\n``\n    ```\n``` x", "    ``\n  ‹d:x›\n"),
        ("- a\n  ```\n  b\n    c\n  ```", "  • a\n      b\n        c\n"),
        ("```\n> a\n- b\n# c\n| d |\n```", "    > a\n    - b\n    # c\n    | d |\n"),
        ("a\n\n    **b**\n        c\n\nd", "  a\n\n        **b**\n            c\n\n  d\n"),
        ("a\n    b", "  a\n      b\n"),
        ("- a\n\n    b", "  • a\n\n      b\n"),
        ("\ta", "        a\n"),
        ("```\n\ta\n ab\tc\n```", "        a\n     ab c\n"),
        // No tables
        ("|a|\nb", "  |a|\n  b\n"),
        ("|a|\n|b|\n|-|", "  |a|\n  ‹b:b›\n  ‹d:─›\n"),
        ("| |x| < 5 |", "  | |x| < 5 |\n"),
    ]

    @Test("a block is laid out, also if the text is cut anywhere", arguments: cases)
    func blocks(source: String, rows: String) {
        #expect(StyledRows(MarkdownFixture.render(source)).description == rows)
        let difference = MarkdownFixture.difference(source)
        #expect(difference == nil, "\(difference?.pieces ?? []): \(difference?.rows ?? "")")
    }

    @Test("the rows of a block that continue begin below its text")
    func hanging() {
        let source =
            "- " + String(repeating: "ab ", count: 10) + "\n  > 1. " + String(repeating: "cd ", count: 6) + "\n```\n"
            + String(repeating: "x", count: 40)
        let rows = plain(MarkdownFixture.render(source, columns: 21))
        let expected = [
            "  • ab ab ab ab ab", "    ab ab ab ab ab", "  │ 1. cd cd cd cd", "  │    cd cd",
            "    " + String(repeating: "x", count: 16), "    " + String(repeating: "x", count: 16),
            "    " + String(repeating: "x", count: 8), "",
        ]
        #expect(rows == expected)
    }

    @Test("a renderer is as new after the end of a text")
    func again() {
        var renderer = MarkdownRenderer(columns: 40)
        for source in ["```\na", "- a\n\n\n", "> **a", "| a |\n|---|\n| b |", "# a", "x"] {
            let rows = renderer.append(source) + renderer.finish()
            #expect(StyledRows(rows) == StyledRows(MarkdownFixture.render(source)), "\(source)")
        }
    }

    @Test("a new width applies to the rows that follow")
    func resize() {
        var renderer = MarkdownRenderer(columns: 30)
        let words = String(repeating: "word ", count: 10)
        var rows = plain(renderer.append(words + "\n") + renderer.append("word word "))
        renderer.columns = 20
        rows += plain(renderer.append(words) + renderer.finish())
        #expect(rows[0] == "  word word word word word")
        #expect(rows.last { !$0.isEmpty }?.count ?? 0 <= 19)
        #expect(rows.dropFirst(4).allSatisfy { $0.count <= 19 }, "\(rows)")
    }
}
