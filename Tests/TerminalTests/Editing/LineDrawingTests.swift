@testable import Terminal
import Testing

@Suite("The drawing of a line")
struct LineDrawingTests {
    private static let long = Array(repeating: "line", count: 200).joined(separator: "\n")

    private static func screen(
        _ keys: [Key],
        prompt: String = "> ",
        rows: Int = 6,
        columns: Int = 20,
        isPlain: Bool = false
    ) -> EmulatedScreen {
        var screen = EmulatedScreen(rows: rows, columns: columns)
        var machine = LineStateMachine()
        var drawing = LineDrawing(isPlain: isPlain)
        let layout = LineLayout(prompt: prompt, size: (rows, columns), hasStyles: false, isPlain: isPlain)
        screen.write(drawing.show(layout.frame(machine)))
        for key in keys {
            if case .completionNeeded = machine.handle(key) {
                _ = machine.complete(
                    Completion(replacing: 0, with: ["one", "two", "three", "e\u{1B}", "五", "six", "seven"])
                )
            }
            screen.write(drawing.show(layout.frame(machine)))
        }
        return screen
    }

    @Test(
        "rows of the screen, and the text before the cursor",
        arguments: [
            ([], ["> "], "> "), ([.text("ab"), .left], ["> ab"], "> a"),
            ([.text("123456789 123456789 ")], ["> 123456789 1234567", "  89"], "  89 "),
            ([.text("12345678901234567")], ["> 12345678901234567"], "> 12345678901234567"),
            ([.text("日本語日本語日本語")], ["> 日本語日本語日本", "  語"], "  語"),
            ([.text("日本"), .backspace, .text("語"), .left], ["> 日語"], "> 日"),
            ([.text("e\u{301}x"), .left], ["> e\u{301}x"], "> e\u{301}"),
            ([.text("a👨‍👩‍👧b"), .left], ["> a👨‍👩‍👧b"], "> a👨‍👩‍👧"),
            ([.text("\u{301}"), .left], ["> ◌\u{301}"], "> "),
            ([.text("e"), .paste("\u{301}"), .left], ["> e◌\u{301}"], "> e"),
            ([.text("a"), .newline, .text("b"), .up], ["> a", "  b"], "> a"),
            ([.paste("a\tb")], ["> a     b"], "> a     b"),
            ([.paste("a\u{1B}[2J")], ["> a<U+001B>[2J"], "> a<U+001B>[2J"),
            ([.text("a\u{202E}b")], ["> a<U+202E>b"], "> a<U+202E>b"),
            ([.text("a "), .paste(long), .text(" b")], ["> a [200 lines", "  pasted] b"], ""),
            ([.text("a"), .tab], ["> a", "  one  two  three", "  五  six  seven"], "> a"),
            ([.text("a"), .tab, .text("b")], ["> ab"], "> ab"),
            ([.text("a"), .control("R"), .text("x")], ["(no match: x) a"], "(no match: x) a"),
        ] as [([Key], [String], String)]
    )
    func rows(keys: [Key], rows: [String], before: String) {
        let screen = Self.screen(keys)
        if before.isEmpty {
            #expect(screen.rows.joined().contains("[200 lines paste"))
        } else {
            #expect(screen.rows == rows.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 })
            #expect(screen.beforeCursor == before)
        }
        #expect(screen.unknown.isEmpty)
    }

    @Test("a line with more rows than the screen shows the rows around the cursor")
    func window() {
        let lines = (1...8).flatMap { [Key.text("line \($0)"), .newline] }
        #expect(Self.screen(lines).rows == ["  line 5", "  line 6", "  line 7", "  line 8"])
        let up = Array(repeating: Key.up, count: 8)
        #expect(Self.screen(lines + up).rows == ["> line 1", "  line 2", "  line 3", "  line 4", "  line 5"])
    }

    @Test("a prompt that is wider than the screen is broken at spaces")
    func widePrompt() {
        let screen = Self.screen([.text("y")], prompt: "[y]es [n]o [a]lways [e]xplain: ")
        #expect(screen.rows == ["[y]es [n]o", "  [a]lways", "  [e]xplain: y"])
    }

    @Test("the output for a typed character is that character, and for the cursor the row up to it")
    func outputSize() {
        var machine = LineStateMachine()
        var drawing = LineDrawing(isPlain: false)
        let layout = LineLayout(prompt: "> ", size: (24, 80))
        func output(_ key: Key) -> String {
            _ = machine.handle(key)
            return drawing.show(layout.frame(machine))
        }
        #expect(output(.text("abc")) == "> abc")
        #expect(output(.text("d")) == "d" && output(.text("日")) == "日" && output(.escape) == "")
        #expect(output(.left) == "\r> abcd")
        #expect(output(.backspace) == "\r> abc日\u{1B}[K\r> abc")
    }

    @Test("each change of any keys leaves the screen that a new drawing shows", arguments: 0..<60)
    func anyKeys(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let keys: [Key] = [
            .text("a"), .text("bcd efg "), .text("日本語"), .text("e\u{301}"), .text("👨‍👩‍👧"), .newline, .backspace, .delete,
            .left, .left, .right, .up, .down, .home, .end, .wordLeft, .wordRight, .control("K"), .control("U"),
            .control("W"), .control("Y"), .control("T"), .paste("x\ny\tz"), .paste(Self.long), .control("R"), .escape,
            .tab,
        ]
        let (rows, columns) = (Int(4 + numbers.next() % 8), Int(20 + numbers.next() % 30))
        let layout = LineLayout(prompt: "> ", size: (rows, columns))
        var machine = LineStateMachine(history: [LineText("first"), LineText("a\nb")])
        var drawing = LineDrawing(isPlain: false)
        var screen = EmulatedScreen(rows: rows, columns: columns)
        for _ in 0..<150 {
            let outcome = machine.handle(keys[Int(numbers.next() % UInt64(keys.count))])
            if case .completionNeeded = outcome {
                _ = machine.complete(Completion(replacing: 0, with: (0..<40).map { "w\($0)" }))
            }
            if numbers.next() % 20 == 0 {
                screen.write(drawing.erase() + "other output\r\n")
            }
            screen.write(drawing.show(layout.frame(machine)))
            var fresh = LineDrawing(isPlain: false)
            var expected = EmulatedScreen(rows: rows, columns: columns)
            expected.write(fresh.show(layout.frame(machine)))
            #expect(screen.rows.suffix(expected.rows.count) == expected.rows[...])
            #expect(screen.beforeCursor == expected.beforeCursor)
            #expect(screen.unknown.isEmpty)
        }
    }

    @Test("the rows have the whole text", arguments: 0..<40)
    func wholeText(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let pieces = ["a", "bcd efg ", "日本", "e\u{301}", "\u{301}", "👨‍👩‍👧", "ü", "\n", "x\u{301}\u{302}y"]
        let text = (0..<60).map { _ in pieces[Int(numbers.next() % UInt64(pieces.count))] }
        var machine = LineStateMachine()
        for piece in text { _ = machine.handle(numbers.next() % 3 == 0 ? .paste(piece) : .text(piece)) }
        let columns = Int(10 + numbers.next() % 60)
        let frame = LineLayout(prompt: "> ", size: (500, columns)).frame(machine)
        // A mark without a letter has a dotted circle.
        let shown = frame.rows.flatMap { $0.unicodeScalars.dropFirst(2) }.filter { $0 != "\u{25CC}" }
        #expect(shown == text.joined().unicodeScalars.filter { $0 != "\n" })
        #expect(frame.cursorPrefix == frame.rows.last)
    }

    @Test("a line that is erased leaves nothing, and the cursor where it began")
    func erase() {
        var screen = EmulatedScreen(rows: 6, columns: 20)
        var machine = LineStateMachine()
        var drawing = LineDrawing(isPlain: false)
        let layout = LineLayout(prompt: "> ", size: (6, 20))
        screen.write("before\r\n")
        _ = machine.handle(.paste("one\ntwo\nthree"))
        screen.write(drawing.show(layout.frame(machine)))
        screen.write(drawing.erase() + "other\r\n" + drawing.show(layout.frame(machine)))
        #expect(screen.rows == ["before", "other", "> one", "  two", "  three"])
        _ = machine.handle(.up)
        screen.write(drawing.show(layout.frame(machine)) + drawing.end() + "after")
        #expect(screen.rows == ["before", "other", "> one", "  two", "  three", "after"])
    }

    @Test(
        "a terminal without movement shows each change at the end, or the line again",
        arguments: [
            ([.text("ab"), .backspace], ["> a"]), ([.text("abc"), .control("U"), .text("d")], ["> d"]),
            ([.text("a日"), .backspace], ["> a日", "> a"]), ([.text("a"), .newline, .text("b")], ["> a", "  b"]),
            ([.text("12345678901234567890")], ["> 123456789012345678", "90"]),
        ] as [([Key], [String])]
    )
    func plain(keys: [Key], rows: [String]) {
        let screen = Self.screen(keys, isPlain: true)
        #expect(screen.rows == rows)
    }
}
