import Foundation
import TestSupport
import Testing

/// The standard input of a running command, and its output so far.
final class CommandFeed {
    private let running: RunningCommand
    private let output: String
    private let errors: String
    private var writer: Int32

    fileprivate init(_ running: RunningCommand, output: String, errors: String, writer: Int32) {
        (self.running, self.output, self.errors, self.writer) = (running, output, errors, writer)
    }

    deinit { close() }

    func write(_ text: String) { #expect(Foundation.write(writer, text, text.utf8.count) == text.utf8.count) }

    func close() {
        if writer >= 0 { Foundation.close(writer) }
        writer = -1
    }

    func interrupt() { running.send(SIGINT) }

    /// Waits until standard error contains a string.
    func read(_ words: String) throws { try Self.wait(for: words, in: errors) }

    /// Waits until standard output contains a string.
    func readOutput(_ words: String) throws { try Self.wait(for: words, in: output) }

    /// Waits until a file contains a string.
    ///
    /// The function polls, because a file reports no new content.
    private static func wait(for words: String, in file: String) throws {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            if text.contains(words) { return }
            try #require(ContinuousClock.now < end, "\(text)")
            usleep(10_000)
        }
    }
}

extension Command {
    /// Runs the command with a pipe as its standard input, which stays open unless `body` closes it.
    ///
    /// If `body` throws, the command is killed.
    func run(_ body: (CommandFeed) throws -> Void) throws -> Result {
        let directory = try FixtureDirectory()
        let (output, errors) = (try directory.file("output", []), try directory.file("errors", []))
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let running = try start(in: directory) { actions in
            posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_APPEND, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_APPEND, 0)
        }
        let feed = CommandFeed(running, output: output, errors: errors, writer: ends[1])
        let status = try withExtendedLifetime(feed) {
            do { try body(feed) } catch {
                running.send(SIGKILL)
                _ = running.wait()
                throw error
            }
            return running.wait()
        }
        return Result(
            status: status,
            output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8)
        )
    }
}
