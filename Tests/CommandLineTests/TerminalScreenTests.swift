import Testing

@Suite("The screen of the tests")
struct TerminalScreenTests {
    private typealias Case = (output: String, rows: [String], cursor: (Int, Int))

    /// Output on a terminal of 4 rows and 10 columns, the rows without the spaces at their end, and the cursor.
    private static let cases: [Case] = [
        ("", [], (0, 0)), ("one\r\ntwo", ["one", "two"], (1, 3)), ("one\ntwo", ["one", "   two"], (1, 6)),
        ("abc\rx", ["xbc"], (0, 1)), ("abc\u{8}\u{8}x", ["axc"], (0, 2)), ("\u{8}a", ["a"], (0, 1)),
        ("a\tb", ["a       b"], (0, 9)), ("a\tbcd\te", ["a       bc", "d       e"], (1, 9)),
        // A full row is broken by the next character only.
        ("0123456789", ["0123456789"], (0, 10)), ("0123456789a", ["0123456789", "a"], (1, 1)),
        ("0123456789\r\na", ["0123456789", "a"], (1, 1)), ("0123456789\u{8}x", ["01234567x9"], (0, 9)),
        // Scrolling.
        ("1\r\n2\r\n3\r\n4\r\n5", ["2", "3", "4", "5"], (3, 1)),
        ("1\r\n2\r\n3\r\n4\u{1B}D5", ["2", "3", "4", " 5"], (3, 2)),
        // Wide characters and marks.
        ("日本a", ["日本a"], (0, 5)), ("e\u{301}x", ["éx"], (0, 2)), ("👍x", ["👍x"], (0, 3)),
        ("日本\r\u{1B}[2Cx", ["日x"], (0, 3)), ("日本\u{1B}[2D\u{1B}[K", ["日"], (0, 2)),
        // Movement, which ends at the margins.
        ("ab\u{1B}[Dx", ["ax"], (0, 2)), ("ab\u{1B}[9Dx", ["xb"], (0, 1)), ("a\u{1B}[3Cb", ["a   b"], (0, 5)),
        ("a\u{1B}[99Cb", ["a        b"], (0, 10)), ("a\r\nb\u{1B}[Ac", ["ac", "b"], (0, 2)),
        ("a\u{1B}[2Bb", ["a", "", " b"], (2, 2)), ("a\u{1B}[9Bb", ["a", "", "", " b"], (3, 2)),
        ("\u{1B}[2;3Ha", ["", "  a"], (1, 3)), ("abc\u{1B}[Hx", ["xbc"], (0, 1)), ("abc\u{1B}[2Gx", ["axc"], (0, 2)),
        ("a\r\nb\u{1B}Mc", ["ac", "b"], (0, 2)),
        // Erasing.
        ("abc\u{1B}[2D\u{1B}[K", ["a"], (0, 1)), ("abc\u{1B}[2K", [], (0, 3)),
        ("a\r\nb\r\nc\u{1B}[2A\u{1B}[J", ["a"], (0, 1)), ("a\r\nb\u{1B}[2J\u{1B}[Hc", ["c"], (0, 1)),
        // The position is one of the screen, not of the text.
        ("a\u{1B}7b\u{1B}8c", ["ac"], (0, 2)), ("1\r\n2\r\n3\r\n\u{1B}74\r\n5\u{1B}8x", ["2", "3", "4", "x"], (3, 1)),
        // Styles and modes have no width.
        ("\u{1B}[1ma\u{1B}[0;2mb\u{1B}[0m", ["ab"], (0, 2)), ("\u{1B}[?2004h\u{1B}[?25la", ["a"], (0, 1)),
    ]

    private static let size = (rows: 4, columns: 10)

    @Test("output has its effect on the rows and the cursor, also in pieces", arguments: cases.indices)
    func output(index: Int) {
        let expected = Self.cases[index]
        let bytes = Array(expected.output.utf8)
        for length in [1, 2, 3, max(bytes.count, 1)] {
            var screen = TerminalScreen(rows: Self.size.rows, columns: Self.size.columns)
            for start in stride(from: 0, to: bytes.count, by: length) {
                screen.write(bytes[start..<min(start + length, bytes.count)])
            }
            #expect(
                Pyte.Screen(screen)
                    == Pyte.Screen(rows: expected.rows, row: expected.cursor.0, column: expected.cursor.1),
                "\(expected.output.debugDescription) in pieces of \(length)"
            )
            #expect(screen.unknown.isEmpty)
        }
    }

    @Test(
        "pyte shows the same for the same output",
        .enabled(if: Pyte.isInstalled, "the package python3-pyte is not installed")
    )
    func pyte() throws {
        var events: [Pyte.Event] = [.size(rows: Self.size.rows, columns: Self.size.columns)]
        // The sequence before each case resets the terminal.
        for test in Self.cases { events += [.output(Array("\u{1B}c\(test.output)".utf8)), .snapshot] }
        let screens = try Pyte.screens(events)
        #expect(screens.count == Self.cases.count)
        for (test, screen) in zip(Self.cases, screens) {
            let own = Pyte.Screen(rows: test.rows, row: test.cursor.0, column: test.cursor.1)
            #expect(screen == own, "\(test.output.debugDescription)")
        }
    }

    @Test("a narrower terminal cuts its rows, and a wider one keeps them")
    func resize() throws {
        var screen = TerminalScreen("0123456789\nab", rows: 4, columns: 10)
        screen.resize(rows: 4, columns: 5)
        #expect(Array(screen.rows) == ["01234", "ab"])
        screen.resize(rows: 4, columns: 20)
        screen.write("\u{1B}[9Cx".utf8)
        #expect(Array(screen.rows) == ["01234", "ab         x"])
        // The rows above the screen are kept.
        screen.resize(rows: 1, columns: 20)
        #expect(Array(screen.rows) == ["ab         x"])
        #expect(screen.allRows.count == 2)
    }

    @Test(
        "sequences that the program has no reason to write are recorded",
        arguments: [
            "\u{1B}]0;title\u{7}", "\u{1B}]8;;https://example.org\u{1B}\\", "\u{1B}P1$r\u{1B}\\",
            "\u{1B}[6n", "\u{1B}[5i", "\u{1B}[?1049h", "\u{1B}[3J", "\u{1B}c", "\u{1B}(0", "\u{9B}", "\u{7F}", "\u{0}",
            "\u{1B}[38m",
        ]
    )
    func unknown(output: String) {
        let screen = TerminalScreen("a\(output)b")
        #expect(Array(screen.rows) == ["ab"])
        #expect(screen.unknown.count == 1)
    }

    @Test("a character has the styles of its place")
    func styles() {
        let screen = TerminalScreen("a\u{1B}[1;31mb\u{1B}[32mc\u{1B}[0md\u{1B}[2m日本\u{1B}[me")
        #expect("abcd本e".map { screen.styles(of: String($0)) } == [[], [1, 31], [1, 32], [], [2], []])
        #expect(screen.styles(of: "x") == nil)
    }
}
