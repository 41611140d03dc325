import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The commands of a chat", .timeLimit(.minutes(10)))
struct ChatCommandScreenTests {
    private func chat(_ count: Int = 4) throws -> ScriptedChat {
        try ScriptedChat((0..<count).map { ScriptedChat.text("answer \($0)") })
    }

    /// Returns the names of the tools that a request offers.
    private func tools(_ request: ScriptedServer.Request?) throws -> [String] {
        try (request?.json["tools"]?.array ?? []).compactMap { $0[pointer: "/function/name"]?.string }
    }

    @Test("/help lists all commands, and none is sent to the model")
    func help() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command, rows: 50)
        try terminal.enter("/help")
        let screen = try terminal.wait(for: "/exit")
        let names = "help tools tool model system think save load history undo retry image exit"
        for name in names.split(separator: " ") {
            #expect(screen.contains("/\(name)"), "\(name): \(screen.allRows)")
        }
        try terminal.enter("/hlep")
        try terminal.wait(for: "Did you mean")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts.isEmpty)
    }

    @Test(
        "a line that is no command is a prompt",
        arguments: ["/usr/bin is full", " /help", "exit the building", "//"]
    )
    func noCommand(line: String) throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter(line)
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == [line])
    }

    @Test("a pasted command is a prompt")
    func pastedCommand() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type("\u{1B}[200~/exit\u{1B}[201~")
        try terminal.waitForPrompt("/exit")
        terminal.type("\r")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["/exit"])
    }

    @Test("/tool switches a tool off and on")
    func tool() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("/tool typed off")
        try terminal.enter("one")
        try terminal.wait(for: "answer 0")
        try terminal.enter("/tool typed on")
        try terminal.enter("two")
        try terminal.wait(for: "answer 1")
        try terminal.enter("/tool nothing off")
        try terminal.enter("/tool typed maybe")
        #expect(try terminal.leave() == 0)
        let requests = chat.server.requests.filter { $0.path == "/api/chat" }
        #expect(requests.count == 2)
        #expect(try !tools(requests.first).contains("typed"))
        #expect(try tools(requests.last).contains("typed"))
        #expect(chat.conversations.last?.count == 3)
    }

    @Test("/undo removes the last prompt and its answer, and /retry asks it again")
    func undo() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        for (number, prompt) in ["one", "two"].enumerated() {
            try terminal.enter(prompt)
            try terminal.wait(for: "answer \(number)")
        }
        try terminal.enter("/undo")
        try terminal.enter("three")
        try terminal.wait(for: "answer 2")
        try terminal.enter("/retry")
        try terminal.wait(for: "answer 3")
        #expect(try terminal.leave() == 0)
        let users = chat.conversations.map { $0.filter { $0["role"] == "user" }.compactMap { $0["content"]?.string } }
        #expect(users == [["one"], ["one", "two"], ["one", "three"], ["one", "three"]])
    }

    @Test("/save names a conversation, and /load opens it again")
    func save() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("one")
        try terminal.wait(for: "answer 0")
        try terminal.enter("/save first")
        #expect(try terminal.leave() == 0)

        let second = try self.chat()
        let later = try ChatTerminal(second.command, home: terminal.home)
        try later.enter("two")
        try later.wait(for: "answer 0")
        try later.enter("/load first")
        try later.enter("three")
        try later.wait(for: "answer 1")
        #expect(try later.leave() == 0)
        #expect(
            second.conversations.map { $0.compactMap { $0["content"]?.string } } == [
                ["two"], ["one", "answer 0", "three"],
            ]
        )
    }

    @Test("a chat whose history cannot be used goes on, warns once, and does not promise to store anything")
    func unusableHistory() throws {
        let home = try FixtureDirectory()
        try home.directory(".local/state/toolhost/conversations.db")
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command, home: home)
        try terminal.enter("one")
        try terminal.wait(for: "is not a regular file")
        try terminal.enter("two")
        try terminal.wait(for: "answer 1")
        try terminal.enter("/save first")
        try terminal.wait(for: "cannot be stored")
        try terminal.enter("three")
        try terminal.wait(for: "answer 2")
        #expect(try terminal.leave() == 0)
        let warnings = terminal.terminal.text.split(separator: "warning: the conversation is not stored")
        #expect(warnings.count == 2)
    }

    @Test("a typed word @path attaches a file, and a pasted one, or one that is no file, stays text")
    func attachment() throws {
        let directory = try FixtureDirectory()
        let file = try directory.file("notes.txt", "the secret\n".utf8)
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command, columns: 200)
        try terminal.enter("sum up @\(file)")
        let screen = try terminal.wait(for: "answer 0")
        #expect(screen.rows.contains { $0.contains("notes.txt") && $0.contains("11 bytes") }, "\(screen.allRows)")
        try terminal.waitForPrompt()
        terminal.type("\u{1B}[200~@\(file)\u{1B}[201~\r")
        try terminal.wait(for: "answer 1")
        try terminal.enter("ask @nobody at a@\(file)")
        try terminal.wait(for: "answer 2")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts[0].contains("the secret") && chat.prompts[0].contains("sum up"), "\(chat.prompts)")
        #expect(Array(chat.prompts.dropFirst()) == ["@\(file)", "ask @nobody at a@\(file)"])
    }

    @Test("/system changes the system prompt, and /think the amount of thinking")
    func settings() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("/system Be brief.")
        try terminal.enter("/think high")
        try terminal.enter("one")
        try terminal.wait(for: "answer 0")
        #expect(try terminal.leave() == 0)
        let messages = try #require(chat.conversations.first)
        #expect(messages.first?["role"] == "system" && messages.first?["content"] == "Be brief.")
        #expect(try chat.server.requests.last { $0.path == "/api/chat" }?.json["think"] == "high")
    }
}
