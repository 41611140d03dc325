import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Ctrl-C in a chat", .timeLimit(.minutes(10)))
struct ChatInterruptScreenTests {
    /// The text that is on the screen while a model is in a stage, by stage.
    private static let stages: [(title: String, text: String)] = [
        ("loading", "waiting for qwen3"), ("thinking", "let me think"), ("streaming", "The answer is"),
        ("calling", "stuck"), ("approving", "[n]o"), ("typing", "half a line"),
    ]

    /// The reply that stays in a stage.
    private static func reply(_ stage: String, _ text: String) -> ScriptedServer.Reply? {
        switch stage {
        case "loading": ScriptedServer.Reply(steps: [.wait(ScriptedServer.Gate())])
        case "thinking": .hanging(ScriptedChat.piece(thinking: text + " "))
        case "streaming": .hanging(ScriptedChat.piece(content: text + " "))
        case "calling": ScriptedChat.calls(#"{"name":"stuck","arguments":{}}"#, #"{"name":"stuck","arguments":{}}"#)
        case "approving": ScriptedChat.calls(#"{"name":"touch","arguments":{"how":"read","path":"/"}}"#)
        default: nil
        }
    }

    @Test("Ctrl-C returns to a prompt, and the conversation goes on", arguments: stages.map(\.title), [24, 8])
    func stage(title: String, rows: Int) throws {
        let text = try #require(Self.stages.first { $0.title == title }?.text)
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        try fixture.directory.plugin(
            "plugins/stuck.so",
            FixtureSource.tool(
                "stuck",
                before: "#include <unistd.h>",
                body: "while (!tool_is_cancelled(call)) usleep(1000); return tool_finish(call, TOOL_CANCELLED);"
            )
        )
        let reply = Self.reply(title, text)
        let replies = [ScriptedChat.text("the first"), reply, ScriptedChat.text("the last")]
        var chat = try ScriptedChat(replies.compactMap(\.self))
        chat.command = try fixture.command("chat", "-m", "qwen3", "--num-ctx", "4096")
        chat.command.environment["OLLAMA_HOST"] = chat.server.address

        let terminal = try ChatTerminal(chat.command, rows: rows)
        try terminal.enter("one")
        try terminal.wait(for: "the first")
        if reply == nil {
            try terminal.waitForPrompt()
            terminal.type(text)
            try terminal.waitForPrompt(text)
        } else {
            try terminal.enter("two")
            try terminal.wait(title) { $0.contains(text) && chat.conversations.count == 2 }
        }
        if title == "approving" { try terminal.waitForQuestion() }
        terminal.type("\u{3}")
        try terminal.enter("three")
        try terminal.wait(for: "the last")
        #expect(try terminal.leave() == 0)

        #expect(chat.conversations.count == (reply == nil ? 2 : 3))
        let last = try #require(chat.conversations.last)
        #expect(ScriptedChat.isComplete(last), "\(last)")
        let prompts = last.filter { $0["role"] == "user" }.compactMap { $0["content"]?.string }
        #expect(prompts.first == "one" && prompts.last == "three", "\(prompts)")
        #expect(!prompts.contains(text))
        // A call that was not approved did not run.
        #expect(!terminal.terminal.text.contains("✓ touch"))
    }

    @Test("Ctrl-C on an empty prompt leaves at the second time, and other keys begin anew")
    func twice() throws {
        let chat = try ScriptedChat([ScriptedChat.text("the answer")])
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type("\u{3}")
        try terminal.waitForPrompt()
        try terminal.enter("one")
        try terminal.wait(for: "the answer")
        let prompt = try terminal.waitForPrompt()
        terminal.type("\u{3}")
        try terminal.wait("another prompt") { $0.cursorLine > prompt.cursorLine && $0.beforeCursor == "> " }
        terminal.type("\u{3}")
        let status = try terminal.exitCode()
        #expect([0, 130].contains(status))
        #expect(chat.prompts == ["one"])
    }

    @Test("the chat restores the terminal", arguments: ["\u{4}", "\u{3}\u{3}", "/exit\r", "/bye\r", "exit\r"])
    func exit(keys: String) throws {
        let chat = try ScriptedChat([])
        let terminal = try ChatTerminal(chat.command)
        let original = terminal.terminal.originalModes
        try terminal.waitForPrompt()
        #expect(terminal.terminal.modes.c_lflag & tcflag_t(ICANON | ECHO) == 0)
        terminal.type(keys)
        let status = try terminal.exitCode()
        #expect(status == 0 || keys.hasPrefix("\u{3}") && status == 130)
        #expect(chat.prompts.isEmpty)
        let restored = terminal.terminal.modes
        #expect(restored.c_lflag == original.c_lflag && restored.c_iflag == original.c_iflag)
    }
}
