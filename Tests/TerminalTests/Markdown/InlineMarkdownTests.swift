@testable import Terminal
import Testing

@Suite("Inline Markdown")
struct InlineMarkdownTests {
    private static let cases: [(source: String, rows: String)] = [
        ("plain", "plain"),
        ("a **b** c", "a ‹b:b› c"),
        ("*b* __c__ _d_", "‹i:b› ‹b:c› ‹i:d›"),
        ("***b*** **a *b* c**", "‹bi:b› ‹b:a ›‹bi:b›‹b: c›"),
        ("*a **b** c*", "‹i:a ›‹bi:b›‹i: c›"),
        ("~~a~~ ~b~ ~~~c~~~", "‹s:a› ~b~ ~~~c~~~"),
        ("**a** ~~**b**~~", "‹b:a› ‹bs:b›"),
        ("snake_case_name __init__.py", "snake_case_name ‹b:init›.py"),
        ("2 * 3 * 4, 2*3*4, a*b*c", "2 * 3 * 4, 2*3*4, a*b*c"),
        ("**kwargs and *args", "**kwargs and *args"),
        ("*.txt and *.md", "*.txt and *.md"),
        ("a ** b ** c", "a ** b ** c"),
        ("un**frigging**real", "un‹b:frigging›real"),
        ("(*a*), \"**b**\"", "(‹i:a›), \"‹b:b›\""),
        ("**a*", "*‹i:a›"),
        ("*a**", "‹i:a›*"),
        ("**中文。**中文", "‹b:中文。›中文"),
        ("`a` ``b`c`` `` ` ``", "‹c:a› ‹c:b`c› ‹c:`›"),
        ("`*a*` and `a", "‹c:*a*› and `a"),
        ("a ` b *c*", "a ` b *c*"),
        ("**a `*b` c**", "‹b:a ›‹bc:*b›‹b: c›"),
        (#"\*a\* \_ \\ \` \[x\] \(y\) \d"#, #"*a* _ \ ` \[x\] \(y\) \d"#),
        ("[a](https://b.c/d_e_f)", "‹u:a› (‹d:https://b.c/d_e_f›)"),
        ("[**a** b](c) d", "‹bu:a›‹u: b› (‹d:c›) d"),
        ("[https://a.b](https://a.b)", "‹u:https://a.b›"),
        ("[a](b \"c d\") [a](b c)", "‹u:a› (‹d:b \"c d\"›) [a](b c)"),
        ("[a](b(c)d)", "‹u:a› (‹d:b(c)d›)"),
        ("[a] (b) [1], x[0][1] ]( [c]( d", "[a] (b) [1], x[0][1] ]( [c]( d"),
        ("![a](b)", "!‹u:a› (‹d:b›)"),
        ("**[a](b)**", "‹bu:a›‹b: (›‹bd:b›‹b:)›"),
        ("[x](javascript:alert)", "‹u:x› (‹d:javascript:alert›)"),
        ("<b>a</b> &lt; https://a.b/c_d_e", "<b>a</b> &lt; https://a.b/c_d_e"),
        ("**a\nb**", "**a\n  b**"),
        ("a\u{301}**b\u{301}**", "a\u{301}‹b:b\u{301}›"),
    ]

    @Test("inline markup has its style, and text that only looks like it is shown as it is", arguments: cases)
    func markup(source: String, rows: String) {
        let rendered = StyledRows(MarkdownFixture.render(source)).description
        #expect(rendered == "  " + rows + "\n")
        let difference = MarkdownFixture.difference(source)
        #expect(difference == nil, "\(difference?.pieces ?? []): \(difference?.rows ?? "")")
    }

    @Test("markers are shown where there are no styles", arguments: cases)
    func markers(source: String, rows: String) {
        // Only the backslashes of escapes can be missing.
        let shown = plain(MarkdownFixture.render(source, keepsMarkers: true)).joined(separator: "\n")
        #expect(shown == "  " + source.replacing("\n", with: "\n  ") + "\n")
    }

    @Test("text is shown while it arrives, except after a marker that is not closed")
    func streaming() {
        var renderer = MarkdownRenderer(columns: 80)
        func next(_ piece: String) -> String { StyledRows(renderer.append(piece)).description }
        #expect(next("H") == "  H")
        #expect(next("ello") == "ello")
        #expect(next(" **bo") == "")
        #expect(next("ld** ") == " ‹b:bold›")
        #expect(next("x") == " x")
        #expect(StyledRows(renderer.finish()).description == "\n")
    }

    @Test(
        "an unclosed marker holds back a bounded amount of text",
        arguments: ["**", "*", "`", "~~", "[", "[a](", "_"]
    )
    func unclosed(marker: String) {
        var renderer = MarkdownRenderer(columns: 80)
        let text = marker + String(repeating: "abc ", count: 500)
        var shown = 0
        var longest = 0
        for (index, scalar) in text.unicodeScalars.enumerated() {
            shown += plain(renderer.append(String(scalar))).joined().filter { $0 != " " }.count
            let read = text.prefix(index + 1).filter { $0 != " " }.count
            longest = max(longest, read - shown)
        }
        #expect(longest > 100 && longest <= InlineParser.limit + 40, "\(longest)")
        let whole = plain(MarkdownFixture.render(text)).joined(separator: " ")
        #expect(whole.filter { $0 != " " } == text.filter { $0 != " " })
    }
}
