import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Typing while the model talks", .timeLimit(.minutes(10)))
struct ChatAheadScreenTests {
    @Test("text that is typed during an answer is kept for the next prompt, and not mixed into the answer")
    func ahead() throws {
        let gate = ScriptedServer.Gate()
        let chat = try ScriptedChat([ScriptedChat.text("The answer", endingAfter: gate), ScriptedChat.text("the last")])
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.wait(for: "The answer")
        terminal.type("next 日本")
        gate.open()
        let screen = try terminal.waitForPrompt("next 日本")
        #expect(screen.allRows.filter { $0.contains("next") } == ["> next 日本"])
        // It is not shown twice, such as by the driver of the terminal.
        #expect(terminal.terminal.text.components(separatedBy: "next").count == 2)
        terminal.type("\r")
        try terminal.wait(for: "the last")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["one", "next 日本"])
    }

    @Test("lines that are typed during an answer are the next prompts")
    func lines() throws {
        let gate = ScriptedServer.Gate()
        let chat = try ScriptedChat([
            ScriptedChat.text("The answer", endingAfter: gate), ScriptedChat.text("the second"),
            ScriptedChat.text("the third"),
        ])
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.wait(for: "The answer")
        terminal.type("two\rthree\r")
        gate.open()
        let screen = try terminal.wait(for: "the third")
        #expect(screen.rows(beginningWith: "> ").prefix(3) == ["> one", "> two", "> three"])
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["one", "two", "three"])
    }

    @Test("what was typed before a question does not answer it", arguments: ["y\r", "a\r", "yes\rn\r", "y"])
    func question(ahead: String) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        let gate = ScriptedServer.Gate()
        let call = #"{"name":"touch","arguments":{"how":"read","path":"\#(fixture.data)/file"}}"#
        let lines = ahead.split(separator: "\r").map(String.init)
        var chat = try ScriptedChat(
            [ScriptedChat.calls(call).held(by: gate)] + (0..<4).map { ScriptedChat.text("answer \($0)") }
        )
        chat.command = try fixture.command("chat", "-m", "qwen3", "--num-ctx", "4096")
        chat.command.environment["OLLAMA_HOST"] = chat.server.address
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.wait("request") { _ in chat.conversations.count == 1 }
        terminal.type(ahead)
        gate.open()
        try terminal.waitForQuestion()
        // Only a clear answer that is typed now counts.
        terminal.type("maybe\r")
        try terminal.wait("question again") { screen in
            screen.rows(beginningWith: "[y]es").count == 2 && screen.cursorRow.hasPrefix("[y]es")
                && screen.beforeCursor.hasSuffix(": ")
        }
        terminal.type("n\r")
        try terminal.wait(for: "answer 0")
        if ahead.hasSuffix("\r") {
            try terminal.wait(for: "answer \(lines.count)")
        } else {
            try terminal.waitForPrompt(ahead)
            terminal.type("\u{15}")
        }
        #expect(try terminal.leave() == 0)
        #expect(!terminal.terminal.text.contains("✓ touch"))
        #expect(chat.prompts.first == "one" && chat.prompts[1].contains("the user said no"), "\(chat.prompts)")
        #expect(Array(chat.prompts.dropFirst(2)) == (ahead.hasSuffix("\r") ? lines : []))
    }

    @Test("a question is answered by the keys that follow it", arguments: [("y", true), ("no", false), ("YES", true)])
    func answer(word: String, isAllowed: Bool) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        let call = #"{"name":"touch","arguments":{"how":"read","path":"\#(fixture.data)/file"}}"#
        var chat = try ScriptedChat([ScriptedChat.calls(call), ScriptedChat.text("the last")])
        chat.command = try fixture.command("chat", "-m", "qwen3", "--num-ctx", "4096")
        chat.command.environment["OLLAMA_HOST"] = chat.server.address
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.waitForQuestion()
        terminal.type("x\u{7F}\(word)\r")
        try terminal.wait(for: "the last")
        #expect(try terminal.leave() == 0)
        #expect(terminal.terminal.text.contains("✓ touch") == isAllowed)
        // The answer is no prompt of the history.
        #expect(!terminal.screen.rows(beginningWith: "> ").contains("> \(word)"))
    }
}
