@testable import Terminal
import Testing

@Suite("The drawing of progress")
struct ProgressRowsTests {
    private static let rows = [[StyledText(safe: "  one")], [StyledText(safe: "  two")]]

    @Test(
        "progress is drawn below the cursor, which stays in its place",
        arguments: [(0, true), (0, false), (1, true), (2, false), (3, true), (3, false)]
    )
    func place(row: Int, isAtLineStart: Bool) {
        var screen = EmulatedScreen(rows: 4, columns: 20)
        screen.write((0..<row).map { "line \($0)\r\n" }.joined() + (isAtLineStart ? "" : "text"))
        screen.write(ProgressRows.drawing(Self.rows, isAtLineStart: isAtLineStart, hasStyles: false))
        let expected = (0..<row).map { "line \($0)" } + (isAtLineStart ? [] : ["text"]) + ["  one", "  two"]
        let scrolled = max(expected.count - 4, 0)
        #expect(screen.rows == Array(expected.dropFirst(scrolled)))
        // Drawn again, with a row less.
        screen.write(ProgressRows.drawing([Self.rows[1]], isAtLineStart: isAtLineStart, hasStyles: false))
        #expect(screen.rows == expected.dropFirst(scrolled).dropLast(2) + ["  two"])
        // Other output takes the place of the area.
        screen.write(ProgressRows.erasure + " more\r\nnext")
        let lines = (scrolled..<row).map { "line \($0)" }
        #expect(screen.rows == lines + [isAtLineStart ? " more" : "text more", "next"])
        #expect(screen.unknown.isEmpty)
    }

    @Test("no rows erase the area")
    func empty() {
        #expect(ProgressRows.drawing([], isAtLineStart: true, hasStyles: true) == ProgressRows.erasure)
    }
}
