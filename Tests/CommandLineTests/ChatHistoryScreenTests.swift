import Foundation
import TestSupport
import Testing

@Suite("The history of the prompts of a chat", .timeLimit(.minutes(10)))
struct ChatHistoryScreenTests {
    private static let up = "\u{1B}[A"
    private static let down = "\u{1B}[B"

    private func chat() throws -> ScriptedChat {
        try ScriptedChat((0..<6).map { ScriptedChat.text("answer \($0)") })
    }

    /// Enters prompts, and waits for each answer.
    private func enter(_ prompts: [String], _ terminal: ChatTerminal) throws {
        for (number, prompt) in prompts.enumerated() {
            try terminal.enter(prompt)
            try terminal.wait(for: "answer \(number)")
        }
        try terminal.waitForPrompt()
    }

    @Test("the arrows show earlier prompts, and the new line again")
    func arrows() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try enter(["one", "two 日本"], terminal)
        terminal.type("new" + Self.up)
        try terminal.waitForPrompt("two 日本")
        terminal.type(Self.up)
        try terminal.waitForPrompt("one")
        // There is none before the first.
        terminal.type(Self.up + Self.down)
        try terminal.waitForPrompt("two 日本")
        terminal.type(Self.down)
        try terminal.waitForPrompt("new")
        terminal.type(Self.up + Self.up + "!")
        try terminal.waitForPrompt("one!")
        terminal.type("\r")
        try terminal.wait(for: "answer 2")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["one", "two 日本", "one!"])
    }

    @Test("a search shows the last prompt with a text, and Enter sends it")
    func search() throws {
        let chat = try chat()
        let terminal = try ChatTerminal(chat.command)
        try enter(["first words", "other words", "more"], terminal)
        terminal.type("\u{12}wor")
        try terminal.wait("match") { $0.cursorRow.contains("wor") && $0.cursorRow.hasSuffix("other words") }
        terminal.type("\u{12}")
        try terminal.wait("earlier match") { $0.cursorRow.hasSuffix("first words") }
        terminal.type("\r")
        try terminal.wait(for: "answer 3")
        try terminal.waitForPrompt()
        // A search that is given up shows the line again.
        terminal.type("draft\u{12}more")
        try terminal.wait("match") { $0.cursorRow.hasSuffix(" more") }
        terminal.type("\u{7}")
        try terminal.waitForPrompt("draft")
        terminal.type("\u{15}")
        #expect(try terminal.leave() == 0)
        #expect(chat.prompts == ["first words", "other words", "more", "first words"])
    }

    @Test("a later chat has the prompts, except those that begin with a space, in files that only the user can read")
    func laterChat() throws {
        let first = try chat()
        let terminal = try ChatTerminal(first.command)
        try enter(["one"], terminal)
        terminal.type(" secret")
        try terminal.waitForPrompt(" secret")
        terminal.type("\r")
        try terminal.wait(for: "answer 1")
        try terminal.waitForPrompt()
        terminal.type("\u{1B}[200~two\rlines\u{1B}[201~\r")
        try terminal.wait(for: "answer 2")
        #expect(try terminal.leave() == 0)
        #expect(first.prompts == ["one", " secret", "two\nlines"])

        let state = terminal.home.path + "/.local/state/toolhost"
        let files = try FileManager.default.subpathsOfDirectory(atPath: state)
        for file in files + [""] {
            let attributes = try FileManager.default.attributesOfItem(atPath: state + "/" + file)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o077 == 0, "\(file): \(String(mode, radix: 8))")
        }
        #expect(!files.isEmpty)

        let second = try chat()
        let later = try ChatTerminal(second.command, home: terminal.home)
        try later.waitForPrompt()
        later.type(Self.up)
        try later.wait("last prompt") { screen in
            screen.beforeCursor.hasSuffix("lines") && screen.rows(beginningWith: "> two").count == 1
        }
        // Up first moves to the first row of the prompt.
        later.type(Self.up + Self.up)
        try later.waitForPrompt("one")
        later.type("\r")
        try later.wait(for: "answer 0")
        #expect(try later.leave() == 0)
        #expect(second.prompts == ["one"])
    }

    @Test(
        "a chat works although its history is damaged or cannot be read",
        arguments: ["damaged", "directory", "link"]
    )
    func badFile(kind: String) throws {
        let first = try chat()
        let terminal = try ChatTerminal(first.command)
        try enter(["one"], terminal)
        #expect(try terminal.leave() == 0)
        let state = terminal.home.path + "/.local/state/toolhost"
        // Every file is spoilt, because the test does not know their names.
        for file in try FileManager.default.subpathsOfDirectory(atPath: state) {
            let path = state + "/" + file
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
                continue
            }
            if kind == "damaged" {
                try Data([0xFF, 0x00, 0x1B, 0x5B] + Array("\u{1B}[2J\n{\"".utf8)).write(to: URL(filePath: path))
                continue
            }
            try FileManager.default.removeItem(atPath: path)
            if kind == "directory" {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            } else {
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/passwd")
            }
        }
        let second = try chat()
        let later = try ChatTerminal(second.command, home: terminal.home)
        try enter(["two"], later)
        later.type(Self.up)
        try later.waitForPrompt("two")
        later.type("\u{15}")
        #expect(try later.leave() == 0)
        #expect(second.prompts == ["two"])
    }
}
