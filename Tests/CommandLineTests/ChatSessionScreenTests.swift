import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("A chat that goes on", .timeLimit(.minutes(10)))
struct ChatSessionScreenTests {
    /// Repeats the first prompt, whose attempt has failed, and continues the conversation.
    private func expectRetry(of chat: ScriptedChat, in terminal: ChatTerminal) throws {
        try terminal.enter("/retry")
        try terminal.wait(for: "answer 0")
        try terminal.enter("two")
        try terminal.wait(for: "answer 1")
        #expect(try terminal.leave() == 0)
        let contents = chat.conversations.map { $0.compactMap { $0["content"]?.string } }
        #expect(contents == [["one"], ["one"], ["one", "answer 0", "two"]])
    }

    @Test("an error of the server does not end the chat, and /retry sends the prompt again")
    func serverError() throws {
        let failure = ScriptedServer.Reply.json(#"{"error":"too busy"}"#, status: 400)
        let chat = try ScriptedChat([failure, ScriptedChat.text("answer 0"), ScriptedChat.text("answer 1")])
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.wait(for: "too busy")
        try expectRetry(of: chat, in: terminal)
    }

    @Test("a prompt that is cancelled before any reply is removed, and /retry sends it again")
    func cancelledPrompt() throws {
        let silent = ScriptedServer.Reply(steps: [.wait(ScriptedServer.Gate())])
        let chat = try ScriptedChat([silent, ScriptedChat.text("answer 0"), ScriptedChat.text("answer 1")])
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.wait("request") { _ in chat.conversations.count == 1 }
        terminal.type("\u{3}")
        try terminal.wait(for: "cancelled")
        try expectRetry(of: chat, in: terminal)
    }

    @Test("/model changes the model if the server has it, and the conversation goes on")
    func model() throws {
        let details = ScriptedServer.Reply.answering { request in
            let isKnown = (try? request.json["model"]) != "lama"
            return isKnown
                ? .json(#"{"capabilities":["completion","tools"]}"#)
                : .json(#"{"error":"model 'lama' not found"}"#, status: 404)
        }
        let chat = try ScriptedChat(
            [
                ScriptedChat.text("answer 0"), ScriptedChat.text("answer 1"),
                .json(#"{"models":[{"name":"llama"},{"name":"qwen3"}]}"#), ScriptedChat.text("answer 2"),
            ],
            details: details
        )
        let terminal = try ChatTerminal(chat.command, columns: 200)
        try terminal.enter("one")
        try terminal.wait(for: "answer 0")
        try terminal.enter("/model llama")
        try terminal.wait(for: "The model is llama.")
        try terminal.enter("two")
        try terminal.wait(for: "answer 1")
        try terminal.enter("/model lama")
        try terminal.wait(for: "Did you mean \"llama\"?")
        try terminal.enter("three")
        try terminal.wait(for: "answer 2")
        #expect(try terminal.leave() == 0)
        let requests = chat.server.requests.filter { $0.path == "/api/chat" }
        #expect(try requests.map { try $0.json["model"]?.string } == ["qwen3", "llama", "llama"])
        #expect(chat.conversations.last?.count == 5)
    }

    @Test("/image attaches a picture to the next prompt only")
    func image() throws {
        let directory = try FixtureDirectory()
        let file = try directory.file("a picture.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1])
        let chat = try ScriptedChat([ScriptedChat.text("answer 0"), ScriptedChat.text("answer 1")])
        let terminal = try ChatTerminal(chat.command, columns: 200)
        try terminal.enter("/image \(file)")
        try terminal.wait(for: "a picture.png (9 bytes)")
        try terminal.enter("/image \(directory.path)")
        try terminal.wait(for: "is not a file")
        try terminal.enter("one")
        try terminal.wait(for: "answer 0")
        try terminal.enter("two")
        try terminal.wait(for: "answer 1")
        #expect(try terminal.leave() == 0)
        let messages = try #require(chat.conversations.last)
        #expect(messages.map { $0["images"]?.array?.count ?? 0 } == [1, 0, 0])
    }

    @Test("/history lists the stored conversations, and finds those with a text")
    func history() throws {
        let chat = try ScriptedChat([ScriptedChat.text("answer 0")])
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("/history")
        try terminal.wait(for: "Nothing is stored.")
        try terminal.enter("about pears")
        try terminal.wait(for: "answer 0")
        try terminal.enter("/history")
        try terminal.wait("conversation") { screen in
            screen.rows.contains { $0.contains("about pears") && $0.contains("2 messages") }
        }
        try terminal.enter("/history pears")
        try terminal.wait("hit") { $0.rows.contains { $0.contains("user: ") && $0.contains("pears") } }
        try terminal.enter("/history apples")
        try terminal.wait(for: "Nothing is stored with these words.")
        #expect(try terminal.leave() == 0)
    }

    @Test("a second Ctrl-C during an answer does not leave the chat")
    func stubborn() throws {
        let directory = try FixtureDirectory()
        let mark = directory.path + "/mark"
        let source = FixtureSource.tool(
            "stubborn",
            before: "#include <unistd.h>",
            body: """
                while (access(\(FixtureSource.literal(mark)), F_OK)) usleep(1000);
                return tool_finish(call, TOOL_OK);
                """
        )
        try directory.plugin("stubborn.so", source)
        let chat = try ScriptedChat([ScriptedChat.calls(#"{"name":"stubborn"}"#), ScriptedChat.text("answer 0")])
        var command = chat.command
        command.arguments += ["--plugins", directory.path + "/stubborn.so", "--allow", "read=\(directory.path)"]
        let terminal = try ChatTerminal(command)
        try terminal.enter("one")
        try terminal.wait(for: "→ stubborn")
        terminal.type("\u{3}\u{3}")
        try terminal.wait("notice or prompt") { $0.contains("Still cancelling") || $0.beforeCursor == "> " }
        try directory.file("mark", [])
        try terminal.enter("two")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
    }
}
