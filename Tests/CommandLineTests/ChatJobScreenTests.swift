import Foundation
import TestSupport
import Testing

@Suite("A chat as a job of a shell", .timeLimit(.minutes(10)))
struct ChatJobScreenTests {
    /// A chat that a shell with job control runs, and whose process id is in a file.
    ///
    /// - Parameter script: The commands of the shell; `chat` runs the chat.
    private func terminal(_ chat: ScriptedChat, _ script: String) throws -> ChatTerminal {
        var command = chat.command
        // A crash would wait for a key.
        command.environment["SWIFT_BACKTRACE"] = "enable=no"
        command.shell = """
            set -m
            sh -c 'echo $$ >"$HOME/process"; exec "$@"' sh "$@"
            \(script)
            """
        return try ChatTerminal(command)
    }

    private func process(_ terminal: ChatTerminal) throws -> pid_t {
        let text = try String(contentsOfFile: terminal.home.path + "/process", encoding: .utf8)
        return try #require(pid_t(text.dropLast()))
    }

    /// Expects the modes that the terminal had before the chat.
    private func expectOriginalModes(_ terminal: ChatTerminal) {
        let (modes, original) = (terminal.terminal.modes, terminal.terminal.originalModes)
        #expect(modes.c_lflag == original.c_lflag)
        #expect(modes.c_iflag == original.c_iflag)
        #expect(modes.c_oflag == original.c_oflag)
        #expect(!terminal.screen.modes.contains("?2004"))
    }

    /// The ways to stop a chat, the last of which it cannot notice.
    enum Stop: String, CaseIterable { case key, request, force }

    @Test("a chat that is stopped restores the terminal, and shows its line again", arguments: Stop.allCases)
    func stopped(stop: Stop) throws {
        let chat = try ScriptedChat([ScriptedChat.text("the answer")])
        let terminal = try self.terminal(chat, "echo stopped; read word; fg; echo left")
        try terminal.waitForPrompt()
        let line = "half a line " + String(repeating: "that continues in the next row ", count: 4)
        terminal.type(line)
        try terminal.wait("line") { $0.cursorRow.hasSuffix("next row ") && $0.cursor.row > 2 }
        switch stop {
        case .key: terminal.type("\u{1A}")
        case .request: kill(try process(terminal), SIGTSTP)
        case .force: kill(try process(terminal), SIGSTOP)
        }
        // Without Ctrl-Z, the line stays on the screen.
        try terminal.wait("shell") { $0.allRows.last?.hasSuffix("stopped") == true }
        if stop != .force { expectOriginalModes(terminal) }
        terminal.type("go on\n")
        let screen = try terminal.wait("line again") {
            $0.cursorRow.hasSuffix("next row ") && $0.cursor.row > 2 && $0.modes.contains("?2004")
        }
        let place = try #require(screen.allRows.lastIndex { $0.hasSuffix("stopped") })
        #expect(screen.allRows[place...].count { $0.hasPrefix("> half a line") } == 1, "\(screen.allRows)")
        terminal.type("end\r")
        try terminal.wait(for: "the answer")
        try terminal.waitForPrompt()
        terminal.type("\u{4}")
        try terminal.wait(for: "left")
        expectOriginalModes(terminal)
        #expect(try terminal.exitCode() == 0)
        #expect(chat.prompts == [line + "end"])
    }

    @Test("a chat in the background gives its answer, and is stopped at its prompt")
    func background() throws {
        let gate = ScriptedServer.Gate()
        let first = ScriptedChat.text("the first part", endingAfter: gate)
        let chat = try ScriptedChat([first, ScriptedChat.text("the last")])
        let script = "echo stopped; bg; read word; echo read; wait; echo waited; fg; echo left"
        let terminal = try self.terminal(chat, script)
        try terminal.enter("one")
        try terminal.wait(for: "the first part")
        terminal.type("\u{1A}")
        try terminal.wait(for: "stopped")
        // The shell gets what is typed meanwhile.
        terminal.type("a word for the shell\n")
        try terminal.wait("shell") { $0.rows(beginningWith: "read").count == 1 }
        gate.open()
        try terminal.wait("prompt again") { $0.contains("waited") && $0.beforeCursor == "> " }
        terminal.type("two\r")
        try terminal.wait(for: "the last")
        try terminal.waitForPrompt()
        terminal.type("\u{4}")
        try terminal.wait(for: "left")
        expectOriginalModes(terminal)
        #expect(try terminal.exitCode() == 0)
        #expect(chat.prompts == ["one", "two"])
    }

    @Test("an answer continues behind the margin after the chat was stopped")
    func answer() throws {
        let gate = ScriptedServer.Gate()
        func line(_ text: String) -> ScriptedServer.Reply.Step { .bytes(Array("\(text)\n".utf8)) }
        let reply = ScriptedServer.Reply(steps: [
            line(ScriptedChat.piece(content: "Run it? ")), .wait(gate), line(ScriptedChat.piece(content: "[y]es")),
            line(ScriptedChat.end),
        ])
        let chat = try ScriptedChat([reply])
        let terminal = try self.terminal(chat, "echo; read word; fg")
        try terminal.enter("one")
        try terminal.wait(for: "Run it?")
        terminal.type("\u{1A}")
        try terminal.wait("shell") { $0.beforeCursor.isEmpty && $0.cursorLine > 0 }
        terminal.type("go on\n")
        try terminal.wait("chat") { $0.modes.contains("?2004") }
        gate.open()
        let screen = try terminal.waitForPrompt()
        #expect(screen.allRows.contains { $0.hasPrefix("  ") && $0.hasSuffix("[y]es") }, "\(screen.allRows)")
        #expect(try terminal.leave() == 0)
    }

    @Test("a chat that is terminated leaves a usable terminal", arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGABRT])
    func terminated(signal: Int32) throws {
        let terminal = try self.terminal(try ScriptedChat([]), "echo left")
        try terminal.waitForPrompt()
        terminal.type("a line")
        try terminal.waitForPrompt("a line")
        terminal.type("\u{1B}[D")
        try terminal.waitForPrompt("a lin")
        kill(try process(terminal), signal)
        let screen = try terminal.wait(for: "left")
        expectOriginalModes(terminal)
        #expect(screen.rows(beginningWith: "> a line") == ["> a line"] || signal == SIGQUIT || signal == SIGABRT)
        #expect(try terminal.exitCode() == 0)
    }
}
