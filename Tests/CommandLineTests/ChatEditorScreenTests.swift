import TestSupport
import Testing

@Suite("The editor of a chat's user", .timeLimit(.minutes(10)))
struct ChatEditorScreenTests {
    /// Adds two lines to the file that it is started with.
    private static let editor = #"sh -c 'printf "/exit\n@%s\n\n" "$1" >>"$1"; cat "$1" | wc -l' sh"#

    private func chat(editor: String) throws -> ScriptedChat {
        var chat = try ScriptedChat([ScriptedChat.text("answer 0"), ScriptedChat.text("answer 1")])
        chat.command.environment["VISUAL"] = editor
        return chat
    }

    /// Waits for the answer with a number, and returns the last prompt with the name of the editor's file replaced.
    private func prompt(_ number: Int, _ terminal: ChatTerminal, _ chat: ScriptedChat) throws -> String {
        try terminal.wait(for: "answer \(number)")
        let lines = chat.prompts[number].split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.map { $0.hasPrefix("@/") && $0.hasSuffix(".md") ? "@FILE" : $0 }.joined(separator: "\n")
    }

    @Test("/edit and Ctrl-G open the editor with the text, and send what it writes as text")
    func edit() throws {
        let chat = try chat(editor: Self.editor)
        let terminal = try ChatTerminal(chat.command)
        try terminal.enter("/edit one ")
        #expect(try prompt(0, terminal, chat) == "one/exit\n@FILE")
        try terminal.waitForPrompt()
        terminal.type("two ")
        try terminal.waitForPrompt("two ")
        terminal.type("\u{7}")
        #expect(try prompt(1, terminal, chat) == "two /exit\n@FILE")
        // The terminal and its keys work as before.
        try terminal.waitForPrompt()
        terminal.type("x\u{1B}[A")
        try terminal.wait("last prompt") { $0.contains("> two /exit") }
        terminal.type("\u{3}")
        #expect(try terminal.leave() == 0)
    }

    @Test(
        "an editor that fails or writes nothing sends nothing, and the text can be recalled",
        arguments: [
            ("false", "The editor false failed"), ("/none/such", "The editor /none/such failed"),
            ("sh -c ': >\"$1\"' sh", "The prompt is empty"), (#"sh -c 'printf "\377" >"$1"' sh"#, "not valid UTF-8"),
        ]
    )
    func failure(editor: String, words: String) throws {
        let chat = try chat(editor: editor)
        let terminal = try ChatTerminal(chat.command)
        try terminal.waitForPrompt()
        terminal.type("my text")
        try terminal.waitForPrompt("my text")
        terminal.type("\u{7}")
        try terminal.wait(for: words)
        if words.contains("failed") {
            try terminal.waitForPrompt()
            terminal.type("\u{1B}[A")
            try terminal.waitForPrompt("my text")
            terminal.type("\u{3}")
        }
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts.isEmpty)
    }
}
