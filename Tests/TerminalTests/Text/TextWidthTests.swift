import Terminal
import Testing

@Suite("The width of text")
struct TextWidthTests {
    @Test(
        "a scalar takes the columns that most terminals give it",
        arguments: [
            ("a", 1), ("é", 1), ("\u{301}", 0), ("\u{20E3}", 0), ("日", 2), ("한", 2), ("\u{1161}", 0), ("，", 2),
            ("ﬁ", 1),
            ("→", 1), ("✓", 1), ("✅", 2), ("👍", 2), ("❤", 1), ("\u{FE0F}", 1), ("│", 1), ("…", 1), ("𝒳", 1), ("𠀀", 2),
        ] as [(Unicode.Scalar, Int)]
    )
    func scalars(scalar: Unicode.Scalar, columns: Int) {
        #expect(TextWidth.onMostTerminals(scalar) == columns)
    }

    @Test("the width for breaking rows is never lower than the width on most terminals")
    func bound() {
        for value in 0x20...0x3FFFF as ClosedRange<UInt32> {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let (columns, bound) = (TextWidth.onMostTerminals(scalar), TextWidth.of(scalar))
            if columns > bound { Issue.record("U+\(String(value, radix: 16)): \(columns) > \(bound)") }
        }
    }
}
