@testable import Terminal
import Testing

@Suite("The rules of line editing")
struct LineStateMachineTests {
    /// Keys and the line after them, with `|` for the cursor.
    private static let edits: [(keys: [Key], line: String)] = [
        ([.text("ab"), .left, .text("c")], "ac|b"), ([.text("ab"), .home, .text("c")], "c|ab"),
        ([.text("ab"), .control("A"), .control("F"), .text("c")], "ac|b"),
        ([.text("ab"), .home, .end, .control("B"), .control("E"), .text("c")], "abc|"),
        // Removal of whole characters
        ([.text("あい"), .backspace], "あ|"), ([.text("e\u{301}x"), .left, .backspace], "|x"),
        ([.text("a👨‍👩‍👧b"), .left, .backspace], "a|b"), ([.text("a👨‍👩‍👧b"), .home, .right, .delete], "a|b"),
        ([.text("🇩🇪🇫🇷"), .backspace], "🇩🇪|"), ([.text("ab"), .home, .control("D")], "|b"),
        ([.text("ab"), .control("H")], "a|"), ([.text("a"), .backspace, .backspace], "|"),
        // Words
        ([.text("one two.three"), .wordLeft, .wordLeft, .text("X")], "one X|two.three"),
        ([.text("one two"), .home, .wordRight, .text("X")], "oneX| two"),
        ([.text("one two"), .alt("b"), .alt("b"), .alt("f"), .text("X")], "oneX| two"),
        ([.text("日本 語"), .wordLeft, .text("X")], "日本 X|語"), ([.text("a。b"), .wordLeft, .text("X")], "a。X|b"),
        ([.text("one two"), .home, .alt("d")], "| two"), ([.text("one t.two"), .alt("\u{7F}")], "one t.|"),
        ([.text("one t.two"), .control("W")], "one |"), ([.text("one  "), .control("W")], "|"),
        // Kill and yank
        ([.text("one two"), .control("U"), .text("x"), .control("Y")], "xone two|"),
        ([.text("one two"), .home, .control("K"), .control("Y"), .control("Y")], "one twoone two|"),
        ([.text("a b c"), .control("W"), .control("W"), .control("Y")], "a b c|"),
        ([.text("a b"), .home, .alt("d"), .alt("d"), .end, .control("Y")], "a b|"),
        ([.text("a b"), .control("W"), .text("x"), .control("W"), .control("Y")], "a x|"),
        ([.text("x"), .control("Y")], "x|"),
        // Exchange
        ([.text("ab"), .control("T")], "ba|"), ([.text("abc"), .left, .control("T")], "acb|"),
        ([.text("日e\u{301}"), .control("T")], "e\u{301}日|"), ([.text("a"), .control("T")], "a|"),
        // Several lines
        ([.text("a"), .newline, .text("b"), .home, .text("c")], "a\nc|b"),
        ([.text("abc"), .newline, .text("de"), .up, .text("X")], "abX|c\nde"),
        ([.text("a"), .newline, .text("bcd"), .up, .down, .text("X")], "a\nbX|cd"),
        ([.text("a"), .newline, .text("b"), .control("U"), .control("U")], "a|"),
        ([.text("a"), .newline, .text("b"), .up, .end, .control("K")], "a|b"),
        // Unbound keys
        (
            [
                .text("a"), .escape, .alt("x"), .control("_"), .control("@"), .control("G"), .control("S"),
                .control("V"),
            ], "a|"
        ),
    ]

    @Test("keys edit the line", arguments: edits.indices)
    func edit(index: Int) {
        let (keys, line) = Self.edits[index]
        var machine = LineStateMachine()
        for key in keys { _ = machine.handle(key) }
        #expect(machine.shown == line)
    }

    @Test(
        "the outcome of a key",
        arguments: [
            ([.enter], .accepted), ([.text("a"), .enter], .accepted), ([.control("C")], .interrupted),
            ([.text("a"), .control("C")], .cleared), ([.control("D")], .endOfInput),
            ([.text("a"), .control("D")], .refused), ([.control("L")], .screenCleared), ([.control("Z")], .suspended),
            ([.control("G")], .editorRequested), ([.text("a"), .control("R"), .control("G")], .changed),
            ([.left], .refused), ([.up], .refused), ([.text("ab"), .left], .changed), ([.escape], .unchanged),
            ([.text("/he"), .tab], .completionNeeded("/he")), ([.text("ab"), .left, .tab], .completionNeeded("a")),
        ] as [([Key], LineStateMachine.Outcome)]
    )
    func outcome(keys: [Key], outcome: LineStateMachine.Outcome) {
        var machine = LineStateMachine()
        #expect(keys.map { machine.handle($0) }.last == outcome)
    }

    // MARK: - Pastes

    private static let long = Array(repeating: "line", count: 200).joined(separator: "\n")

    @Test("a paste is one line of input, and its parts stay distinct from typed ones")
    func paste() {
        var machine = LineStateMachine()
        for key in [.text("see "), .paste("@a\nb"), .text(" x"), .left, .left, .left, .text("!")] as [Key] {
            #expect(machine.handle(key) == .changed)
        }
        #expect(
            machine.takeLine().parts == [
                .init("see "), .init("@a\n", isPasted: true), .init("!"), .init("b", isPasted: true), .init(" x"),
            ]
        )
        #expect(machine.text.isEmpty)
    }

    @Test("a long paste is passed and removed in one step", arguments: [long, String(repeating: "x", count: 2001)])
    func fold(paste: String) {
        var machine = LineStateMachine()
        for key in [.text("a "), .paste(paste), .text(" b")] as [Key] { _ = machine.handle(key) }
        for key in [.left, .left, .left, .text("X")] as [Key] { _ = machine.handle(key) }
        #expect(machine.shown == "a X|\(paste) b")
        for key in [.right, .text("Y"), .left, .backspace] as [Key] { _ = machine.handle(key) }
        #expect(machine.shown == "a X|Y b")
    }

    @Test("text that was pasted stays pasted when it is removed and inserted again", arguments: ["x y", long])
    func killedPaste(paste: String) {
        var machine = LineStateMachine()
        for key in [.paste(paste), .control("U"), .text("a"), .control("Y"), .left, .control("T")] as [Key] {
            _ = machine.handle(key)
        }
        let pasted = machine.takeLine().parts.filter(\.isPasted).map(\.text).joined()
        #expect(pasted == (paste == "x y" ? "xy " : Self.long))
    }

    @Test("text beyond the limit is refused")
    func limit() {
        var machine = LineStateMachine()
        #expect(machine.handle(.paste(String(repeating: "a", count: EditBuffer.limit))) == .changed)
        #expect(machine.handle(.text("b")) == .refused && machine.handle(.paste("b")) == .refused)
        #expect(machine.handle(.backspace) == .changed && machine.handle(.text("b")) == .changed)
    }

    // MARK: - Blocks

    @Test(
        "three quotes begin a block of several lines, which three quotes end",
        arguments: [
            ([.text("\"\"\""), .enter, .text("a"), .enter, .text("b"), .enter, .text("\"\"\"")], "a\nb"),
            ([.text("\"\"\"a"), .enter, .text("b\"\"\"")], "a\nb"), ([.text("\"\"\"a\"\"\"")], "a"),
            ([.text("\"\"\""), .enter, .paste("a\nb\n"), .text("\"\"\"")], "a\nb"), ([.text("\"\"\"\"\"\"")], ""),
            // A pasted text does not begin a block.
            ([.paste("\"\"\"a")], "\"\"\"a"), ([.text("\""), .paste("\"\"a")], "\"\"\"a"),
            ([.text("a\"\"\"")], "a\"\"\""),
        ] as [([Key], String)]
    )
    func block(keys: [Key], text: String) {
        var machine = LineStateMachine()
        for key in keys { #expect(machine.handle(key) == .changed) }
        #expect(machine.handle(.enter) == .accepted)
        #expect(machine.takeLine().string == text)
    }

    // MARK: - Answers

    @Test("the answer to a question is one short typed line")
    func answer() {
        var machine = LineStateMachine(history: [LineText("old")], isAnswer: true)
        for key in [.paste("y"), .newline, .up, .tab, .control("R"), .text(String(repeating: "y", count: 5000))]
            as [Key]
        {
            #expect(machine.handle(key) == .refused)
        }
        #expect(machine.handle(.text("\"\"\"")) == .changed && machine.handle(.enter) == .accepted)
        #expect(machine.takeLine().string == "\"\"\"")
        _ = machine.handle(.text("y"))
        #expect(machine.handle(.control("C")) == .interrupted)
    }

    // MARK: - Any keys

    @Test("any keys keep the text valid, and the cursor in it", arguments: 0..<30)
    func anyKeys(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let texts = ["a", " ", "日本", "e\u{301}", "\u{301}", "👨‍👩‍👧", "\u{200D}", "🇩", "\"\"\"", "b c.d", "\u{202E}"]
        let others: [Key] = [
            .enter, .newline, .tab, .escape, .backspace, .delete, .left, .right, .up, .down, .home, .end, .wordLeft,
            .wordRight, .alt("d"), .alt("\u{7F}"), .paste("x\ny"), .paste(Self.long), .paste("\u{301}z"),
            .paste(String(repeating: "日", count: 700)),
        ]
        var machine = LineStateMachine(history: [
            LineText("first"), LineText(Self.long, isPasted: true), LineText("日\n本"),
        ])
        var layout = LineLayout(prompt: "> ", size: (6, 20))
        for _ in 0..<300 {
            switch numbers.next() % 5 {
            case 0, 1: _ = machine.handle(.text(texts[Int(numbers.next() % UInt64(texts.count))]))
            case 2: _ = machine.handle(.control(Unicode.Scalar(UInt8(0x40 + numbers.next() % 32))))
            default: _ = machine.handle(others[Int(numbers.next() % UInt64(others.count))])
            }
            let bytes = machine.text.utf8
            #expect(String(validating: bytes, as: UTF8.self) != nil)
            #expect(String(validating: bytes.prefix(machine.cursor), as: UTF8.self) != nil)
            layout.size.columns = Int(8 + numbers.next() % 60)
            let frame = layout.frame(machine)
            #expect(frame.rows.count <= 6 && frame.rows.indices.contains(frame.cursorRow))
            #expect(frame.rows[frame.cursorRow].utf8.starts(with: frame.cursorPrefix.utf8))
            #expect(frame.rows.allSatisfy { LineLayout.width($0) < layout.size.columns }, "\(frame.rows)")
        }
    }
}

extension LineStateMachine {
    /// The line with `|` for the cursor.
    var shown: String {
        let bytes = text.utf8
        return String(decoding: bytes[..<cursor], as: UTF8.self) + "|"
            + String(decoding: bytes[cursor...], as: UTF8.self)
    }
}
