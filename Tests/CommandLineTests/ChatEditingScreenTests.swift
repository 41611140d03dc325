import TestSupport
import Testing

@Suite("Typing at the prompt of a chat", .timeLimit(.minutes(10)))
struct ChatEditingScreenTests {
    private typealias Case = (title: String, keys: String, shown: String, sent: String)

    /// Keys, the text before the cursor after them, and the prompt that Enter sends.
    private static let cases: [Case] = [
        ("left and right", "helo\u{1B}[Dl\u{1B}[C!", "hello!", "hello!"),
        ("the arrows of an application", "helo\u{1B}ODl\u{1B}OC!", "hello!", "hello!"),
        ("home and end", "bc\u{1B}[Ha\u{1B}[Fd", "abcd", "abcd"),
        ("Ctrl-A and Ctrl-E", "bc\u{1}a\u{5}d", "abcd", "abcd"),
        ("words", "one three\u{1B}btwo \u{1B}f", "one two three", "one two three"),
        ("erasing a multi-byte character", "あい\u{7F}う", "あう", "あう"),
        ("erasing a letter with a mark", "ae\u{301}\u{7F}b", "ab", "ab"),
        ("a wide character before the cursor", "日本\u{1B}[D語", "日語", "日語本"),
        ("delete", "日本語\u{1B}[D\u{1B}[D\u{1B}[3~x", "日x", "日x語"),
        ("kill and insert", "one two\u{17}\u{1}\u{19}and ", "twoand ", "twoand one "),
        ("unknown sequences", "a\u{1B}[99;5~b\u{1B}[?7xc\u{1B}Odd", "abcd", "abcd"),
        ("a tab in a word", "a\u{9}b", "ab", "ab"),
    ]

    private func chat(_ count: Int = 1) throws -> ScriptedChat {
        try ScriptedChat((0..<count).map { ScriptedChat.text("answer \($0)") })
    }

    @Test("a key edits the line, and no key is sent to the model", arguments: cases.map(\.title), [true, false])
    func keys(title: String, isUTF8: Bool) throws {
        let test = try #require(Self.cases.first { $0.title == title })
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command, isUTF8: isUTF8)
        try terminal.waitForPrompt()
        terminal.type(test.keys)
        try terminal.waitForPrompt(test.shown)
        terminal.type("\r")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == [test.sent])
    }

    @Test("an empty line sends nothing")
    func empty() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type("\r \r\thello\r")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["hello"])
    }

    @Test(
        "a prompt has several lines",
        arguments: [
            ("Alt-Enter", "one\u{1B}\rtwo", "one\ntwo"), ("quotes", "\"\"\"one\rtwo\"\"\"", "one\ntwo"),
            ("quotes in rows", "\"\"\"\rone\r\r  two\r\"\"\"", "one\n\n  two"),
        ]
    )
    func lines(title: String, keys: String, sent: String) throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type(keys)
        try terminal.wait("second line") { $0.cursorRow.hasPrefix("  ") && $0.rows(beginningWith: "> ").count == 1 }
        #expect(chat.prompts.isEmpty)
        terminal.type("\r")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == [sent])
    }

    @Test("a line of any length is sent whole", arguments: [4095, 4096, 6003, 100_000])
    func longLine(length: Int) throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        let line = String(String(repeating: "0123456789 ", count: length / 11 + 1).prefix(length - 1)) + "!"
        try terminal.waitForPrompt()
        terminal.type(line)
        try terminal.wait("end of the line") { $0.beforeCursor.hasSuffix("!") }
        terminal.type("\r")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == [line])
    }

    @Test("a paste of 200 lines is one prompt, shown in one row", arguments: ["\r", "\n"])
    func paste(lineBreak: String) throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        let lines = (1...200).map { "line \($0) 日本語\t." }
        try terminal.waitForPrompt()
        terminal.type("see: \u{1B}[200~" + lines.joined(separator: lineBreak) + "\u{1B}[201~")
        try terminal.waitForPrompt("see: [200 lines pasted]")
        #expect(chat.prompts.isEmpty)
        terminal.type("\r")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["see: " + lines.joined(separator: "\n")])
    }

    @Test("a paste with control sequences is shown, and not obeyed")
    func hostilePaste() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type("\u{1B}[200~a\u{1B}[2J\u{3}\u{1B}]0;b\u{7}\u{202E}c\u{1B}[201~")
        try terminal.wait("paste") { $0.cursorRow.contains("<U+001B>[2J") && $0.cursorRow.hasSuffix("c") }
        terminal.type("\r")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts.count == 1)
    }

    @Test("completion inserts the only command, and lists several")
    func completion() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type("/hel\t")
        try terminal.wait("command") { $0.cursorRow.hasPrefix("> /help") }
        terminal.type("\u{15}/t\t")
        try terminal.wait("list") { $0.contains("/think") && $0.contains("/tools") }
        terminal.type("\u{15}")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts.isEmpty)
    }
}
