import Foundation
import TestSupport
import Testing

/// A chat on a terminal that a test uses as a person does: it looks at the screen, and types.
final class ChatTerminal {
    let terminal: PseudoTerminal
    /// The home directory, with the state of the chat.
    let home: FixtureDirectory
    private let running: RunningCommand
    private var hasExited = false

    /// The frames of the progress indicator.
    static let spinner = Set("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")

    /// Starts a chat.
    ///
    /// - Parameter home: The home directory of an earlier chat, or nil for a new one.
    init(
        _ command: Command,
        home: FixtureDirectory? = nil,
        rows: Int = 24,
        columns: Int = 80,
        isUTF8: Bool = true
    ) throws {
        terminal = try PseudoTerminal(rows: rows, columns: columns, isUTF8: isUTF8)
        self.home = try home ?? FixtureDirectory()
        running = try terminal.start(command, in: self.home)
    }

    deinit {
        if hasExited { return }
        running.send(SIGKILL)
        _ = running.wait()
    }

    var screen: TerminalScreen { terminal.screen }

    func type(_ text: String) { terminal.type(text) }

    /// Waits until the screen, or something else, meets a condition.
    @discardableResult
    func wait(_ wanted: String, until condition: (TerminalScreen) -> Bool) throws -> TerminalScreen {
        let end = ContinuousClock.now + .seconds(60)
        while !condition(screen) {
            // A condition may depend on the server, which sends no event to this loop.
            guard terminal.read(within: 20) != .closed, ContinuousClock.now < end else {
                throw Command.Failure(description: "no \(wanted):\n" + screen.allRows.joined(separator: "\n"))
            }
        }
        return terminal.snapshot()
    }

    /// Waits until a row contains a text.
    @discardableResult
    func wait(for text: String) throws -> TerminalScreen { try wait(text) { $0.contains(text) } }

    /// Waits for the open prompt, with a text before the cursor.
    @discardableResult
    func waitForPrompt(_ text: String = "") throws -> TerminalScreen {
        try wait("prompt with \"\(text)\"") { $0.beforeCursor == "> " + text }
    }

    /// Waits for the open question of a call.
    @discardableResult
    func waitForQuestion() throws -> TerminalScreen {
        try wait("question") { $0.cursorRow.hasPrefix("[y]es") && $0.beforeCursor.hasSuffix(": ") }
    }

    /// Types a prompt, looks at it, and ends it.
    func enter(_ prompt: String) throws {
        try waitForPrompt()
        type(prompt)
        try waitForPrompt(prompt)
        type("\r")
    }

    /// Types Ctrl-D at an empty prompt, and waits for the exit.
    ///
    /// - Returns: The exit code, or the negated number of the signal that terminated the process.
    func leave() throws -> Int32 {
        try waitForPrompt()
        type("\u{4}")
        return try exitCode()
    }

    /// Waits for the exit of a program that writes no more.
    ///
    /// - Returns: The exit code, or the negated number of the signal that terminated the process.
    func waitForExit() -> Int32 {
        hasExited = true
        return running.wait()
    }

    /// Waits for the exit, and compares all screens with those of another emulator.
    ///
    /// - Returns: The exit code, or the negated number of the signal that terminated the process.
    func exitCode() throws -> Int32 {
        while terminal.read(within: -1) != .closed {}
        let status = waitForExit()
        let difference = try terminal.difference()
        #expect(difference == nil)
        #expect(screen.unknown.isEmpty)
        #expect(!screen.modes.contains("?2004"))
        return status
    }
}
