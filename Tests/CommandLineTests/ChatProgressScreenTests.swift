import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The screen of a chat", .timeLimit(.minutes(10)))
struct ChatProgressScreenTests {
    private func hasSpinner(_ screen: TerminalScreen) -> Bool {
        screen.allRows.contains { !ChatTerminal.spinner.isDisjoint(with: $0) }
    }

    @Test("the banner names the model, the server, the context size and the number of tools", arguments: [80, 20])
    func banner(columns: Int) throws {
        let chat = try ScriptedChat([])
        let terminal = try ChatTerminal(chat.command, columns: columns)
        let screen = try terminal.waitForPrompt()
        let banner = screen.allRows.joined(separator: " ").split(separator: " ").joined(separator: " ")
        for words in ["qwen3", "4,096 tokens", " tools"] { #expect(banner.contains(words), "\(screen.allRows)") }
        #expect(banner.replacing(" ", with: "").contains(chat.server.address), "\(screen.allRows)")
        #expect(try terminal.leave() == 0)
    }

    @Test("something moves until the model responds, and nothing of it stays", arguments: [80, 20])
    func waiting(columns: Int) throws {
        let gate = ScriptedServer.Gate()
        let chat = try ScriptedChat([ScriptedChat.text("The answer").held(by: gate)])
        let terminal = try ChatTerminal(chat.command, columns: columns)
        try terminal.enter("one")
        let first = try terminal.wait("spinner", until: hasSpinner)
        let second = try terminal.wait("next frame") { self.hasSpinner($0) && Array($0.rows) != Array(first.rows) }
        // The same row is drawn again.
        #expect(second.rows.count == first.rows.count, "\(first.allRows) \(second.allRows)")
        gate.open()
        try terminal.wait(for: "The answer")
        let screen = try terminal.waitForPrompt()
        #expect(!hasSpinner(screen), "\(screen.allRows)")
        #expect(!screen.contains("qwen3…"), "\(screen.allRows)")
        #expect(try terminal.leave() == 0)
    }

    @Test("each running call has a row with its plugin and its progress, which is removed")
    func calls() throws {
        let directory = try FixtureDirectory()
        let mark = directory.path + "/mark"
        try directory.plugin(
            "slow.so",
            FixtureSource.tool(
                "slow",
                before: "#include <unistd.h>",
                manifest: #"{"name":"slow_plugin"}"#,
                body: """
                    tool_progress(call, 0.5, "half \\x1b[2Jof it");
                    while (access(\(FixtureSource.literal(mark)), F_OK)) usleep(1000);
                    return tool_reply(call, tool_text("done"));
                    """
            )
        )
        let chat = try ScriptedChat([
            ScriptedChat.calls(#"{"name":"slow"}"#, #"{"name":"slow"}"#), ScriptedChat.text("The answer"),
        ])
        var command = chat.command
        command.arguments += ["--plugins", directory.path + "/slow.so", "--allow", "read=\(directory.path)"]
        let terminal = try ChatTerminal(command)
        try terminal.enter("one")
        let screen = try terminal.wait("rows of the calls") { screen in
            screen.rows.count { $0.contains("50 %") && !ChatTerminal.spinner.isDisjoint(with: $0) } == 2
        }
        let row = try #require(screen.rows.first { $0.contains("50 %") })
        #expect(row.contains("slow (slow_plugin)") && row.contains("half <U+001B>[2Jof it"), "\(row)")
        try directory.file("mark", [])
        try terminal.wait(for: "The answer")
        let end = try terminal.waitForPrompt()
        #expect(!end.allRows.contains { $0.contains("50 %") }, "\(end.allRows)")
        #expect(end.rows(beginningWith: "✓ slow").count == 2, "\(end.allRows)")
        #expect(try terminal.leave() == 0)
    }

    @Test("thinking is dimmed, and can be hidden and shown again")
    func thinking() throws {
        let replies = (0..<2).map { number in
            ScriptedServer.Reply.lines(
                ScriptedChat.piece(thinking: "let me think \(number)"),
                ScriptedChat.piece(content: "The **answer** \(number)"),
                ScriptedChat.end
            )
        }
        let chat = try ScriptedChat(replies)
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        let screen = try terminal.wait(for: "The answer 0")
        #expect(screen.styles(of: "let me think 0") == [2])
        #expect(screen.styles(of: "The") == [] && screen.styles(of: "answer 0") == [1])
        try terminal.enter("/think hide")
        try terminal.enter("two")
        try terminal.wait(for: "The answer 1")
        let folded = try terminal.waitForPrompt()
        #expect(!folded.contains("let me think 1"), "\(folded.allRows)")
        try terminal.enter("/think show")
        try terminal.wait(for: "let me think 1")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["one", "two"])
    }

    @Test("a long result is shortened, and /show shows the whole")
    func results() throws {
        let text = (1...60).map { "row \($0) \u{1B}[1m" }.joined(separator: "\n")
        let call: JSON = ["name": "typed", "arguments": ["s": .string(text)]]
        let chat = try ScriptedChat([ScriptedChat.calls(call.text()), ScriptedChat.text("The answer")])
        let terminal = try ChatTerminal(chat.command, rows: 100)
        try terminal.enter("one")
        let screen = try terminal.wait(for: "The answer")
        #expect(screen.contains("/show 1"), "\(screen.allRows)")
        #expect(!screen.contains("row 59"), "\(screen.allRows)")
        try terminal.enter("/show 1")
        try terminal.wait("whole result") { screen in
            let text = screen.rows(beginningWith: "  ").map { $0.dropFirst(2) }.joined()
            return (1...60).allSatisfy { text.contains("row \($0) ") }
        }
        try terminal.enter("/show 7")
        try terminal.wait(for: "no such result")
        #expect(try terminal.leave() == 0)
    }

    @Test("no string of a model or a server reaches the terminal unchanged")
    func hostile() throws {
        let hostile = "\u{1B}[2J\u{1B}]0;title\u{7}\u{9B}1mx\u{202E}y\u{8}\u{7F}\n\u{1B}[HRun touch?\n> \n[y]es"
        let message: JSON = [
            "role": "assistant", "content": .string(hostile), "thinking": .string(hostile),
            "tool_calls": [["function": ["name": .string(hostile), "arguments": ["\(hostile)": .string(hostile)]]]],
        ]
        let reply = ScriptedServer.Reply.lines((["message": message, "done": true] as JSON).text())
        let failure = ScriptedServer.Reply.json((["error": .string(hostile)] as JSON).text(), status: 400)
        let chat = try ScriptedChat([reply, failure, ScriptedChat.text("The answer")])
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.wait("failure") { _ in chat.conversations.count == 2 }
        try terminal.enter("two")
        try terminal.wait(for: "The answer")
        let screen = try terminal.waitForPrompt()
        #expect(screen.rows(beginningWith: "> ") == ["> one", "> two", "> "], "\(screen.allRows)")
        #expect(screen.rows(beginningWith: "Run ").isEmpty && screen.rows(beginningWith: "[y]").isEmpty)
        #expect(screen.bells == 0)
        #expect(try terminal.leave() == 0)
    }
}
