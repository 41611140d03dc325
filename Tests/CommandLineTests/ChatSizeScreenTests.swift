import Foundation
import TestSupport
import Testing

@Suite("A chat on terminals of any kind", .timeLimit(.minutes(10)))
struct ChatSizeScreenTests {
    private static let line = String(repeating: "several words and 日本語 ", count: 4) + "end"

    /// The text of the open line, without its margins.
    private func openLine(_ screen: TerminalScreen) -> String {
        let rows = Array(screen.rows)
        guard let first = rows.lastIndex(where: { $0.hasPrefix("> ") }) else { return "" }
        return rows[first...].map { String($0.dropFirst(2)) }.joined()
    }

    @Test(
        "a line stays whole when the terminal is resized",
        arguments: [[40, 100], [20, 21, 80], [100, 30], [12, 80]]
    )
    func resize(columns: [Int]) throws {
        let chat = try ScriptedChat([ScriptedChat.text("the answer")])
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type(Self.line)
        try terminal.wait("line") { self.openLine($0) == Self.line }
        for (number, columns) in columns.enumerated() {
            terminal.terminal.resize(rows: 24, columns: columns)
            // A new character shows that the program has drawn the line for this size.
            terminal.type("\(number)")
            let expected = Self.line + (0...number).map(String.init).joined()
            let screen = try terminal.wait("line in \(columns) columns") { self.openLine($0) == expected }
            #expect(screen.rows(beginningWith: "> ").count == 1, "\(screen.allRows)")
        }
        terminal.type("\r")
        try terminal.wait("answer") { $0.allRows.joined().contains("the answer") || chat.conversations.count == 1 }
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == [Self.line + columns.indices.map(String.init).joined()])
    }

    @Test("a terminal that is resized during an answer gets its rows in the new width")
    func resizedAnswer() throws {
        let (first, second) = (ScriptedServer.Gate(), ScriptedServer.Gate())
        func line(_ text: String) -> ScriptedServer.Reply.Step { .bytes(Array("\(text)\n".utf8)) }
        let words = String(repeating: "word ", count: 40)
        let reply = ScriptedServer.Reply(steps: [
            line(ScriptedChat.piece(content: "Begin.\n\n")), .wait(first), line(ScriptedChat.piece(content: words)),
            .wait(second), line(ScriptedChat.end),
        ])
        let chat = try ScriptedChat([reply])
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.wait(for: "Begin.")
        terminal.terminal.resize(rows: 24, columns: 30)
        first.open()
        second.open()
        let screen = try terminal.waitForPrompt()
        let rows = screen.allRows.filter { $0.contains("word") }
        // No row is broken by the terminal, and none begins without the margin.
        #expect(rows.allSatisfy { $0.hasPrefix("  word") && $0.count < 30 }, "\(rows)")
        #expect(rows.joined(separator: " ").split(separator: " ").count == 40, "\(rows)")
        #expect(try terminal.leave() == 0)
    }

    @Test("a terminal with 20 columns shows the prompt, the question and the answer")
    func narrow() throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        let call = #"{"name":"touch","arguments":{"how":"read","path":"\#(fixture.data)/file"}}"#
        let answer = """
            # A heading that is long

            - some **bold words** and `code`
            - 日本語日本語日本語日本語日本語

            | column one | column two |
            |---|---|
            | a long cell | another cell |

            Run touch? [y]es > prompt
            """
        var chat = try ScriptedChat([ScriptedChat.calls(call), ScriptedChat.text(answer)])
        chat.command = try fixture.command("chat", "-m", "qwen3", "--num-ctx", "4096")
        chat.command.environment["OLLAMA_HOST"] = chat.server.address
        let terminal = try ChatTerminal(chat.command, columns: 20)
        try terminal.waitForPrompt()
        terminal.type("what is in 日本語の file?")
        try terminal.wait("line") { self.openLine($0) == "what is in 日本語の file?" }
        terminal.type("\r")
        let question = try terminal.wait("question") { $0.beforeCursor.hasSuffix(": ") && $0.contains("[y]es") }
        #expect(question.contains("Run touch?"), "\(question.rows)")
        terminal.type("y\r")
        try terminal.wait("request") { _ in chat.conversations.count == 2 }
        let screen = try terminal.waitForPrompt()
        let start = try #require(screen.allRows.lastIndex { $0.contains("A heading") })
        let rows = screen.allRows[start...].dropLast()
        #expect(rows.allSatisfy { $0.isEmpty || $0.hasPrefix("  ") }, "\(rows)")
        #expect(rows.joined().contains("日本語"), "\(rows)")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts.first == "what is in 日本語の file?")
    }

    @Test("a terminal without movement gets no control sequences")
    func dumb() throws {
        let reply = ScriptedServer.Reply.lines(
            ScriptedChat.piece(thinking: "let me think"),
            ScriptedChat.piece(content: "**The** answer"),
            ScriptedChat.end
        )
        var chat = try ScriptedChat([reply, ScriptedChat.text("the last")])
        chat.command.environment["TERM"] = "dumb"
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type("onx\u{7F}e あい\u{7F}う")
        try terminal.wait("line") { $0.cursorRow == "> one あう" }
        terminal.type("\r")
        try terminal.wait(for: "answer")
        // A line is longer than the driver of the terminal would allow.
        let long = String(repeating: "0123456789", count: 600)
        try terminal.waitForPrompt()
        terminal.type(long + "!")
        try terminal.wait("end of the line") { $0.beforeCursor.hasSuffix("!") }
        terminal.type("\r")
        try terminal.wait(for: "the last")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["one あう", long + "!"])
        #expect(!terminal.terminal.output.contains(0x1B))
    }

    @Test(
        "a chat whose terminal is closed exits",
        arguments: ["prompt", "line", "loading", "streaming", "question"]
    )
    func closed(stage: String) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        let second: ScriptedServer.Reply =
            switch stage {
            case "loading": ScriptedServer.Reply(steps: [.wait(ScriptedServer.Gate())])
            case "streaming": .hanging(ScriptedChat.piece(content: "The answer "))
            default: ScriptedChat.calls(#"{"name":"touch","arguments":{"how":"read","path":"/"}}"#)
            }
        var chat = try ScriptedChat([ScriptedChat.text("the first"), second])
        chat.command = try fixture.command("chat", "-m", "qwen3", "--num-ctx", "4096")
        chat.command.environment["OLLAMA_HOST"] = chat.server.address
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("remember this")
        try terminal.wait(for: "the first")
        try terminal.waitForPrompt()
        if stage == "line" {
            terminal.type("half a line")
            try terminal.waitForPrompt("half a line")
        } else if stage != "prompt" {
            try terminal.enter("two")
            try terminal.wait("request") { _ in chat.conversations.count == 2 }
            if stage == "streaming" { try terminal.wait(for: "The answer") }
            if stage == "question" { try terminal.waitForQuestion() }
        }
        terminal.terminal.hangUp()
        // A chat that hangs is killed after minutes.
        #expect(terminal.waitForExit() != -SIGKILL)
        // The finished turn is stored.
        var history = Command("history")
        history.environment["HOME"] = fixture.directory.path + "/home"
        let listed = try history.run()
        #expect(listed.status == 0 && listed.output.contains("remember this"), "\(listed.output) \(listed.errors)")
    }
}
