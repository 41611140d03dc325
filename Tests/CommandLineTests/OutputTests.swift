import TestSupport
import Testing

@Suite("Standard output", .timeLimit(.minutes(10)))
struct OutputTests {
    private static let verbs: [[String]] = [
        ["list"], ["list", "--ollama"], ["show", "typed"], ["call", "typed"], ["test"], ["doctor", "--json"],
        ["dispatch"],
    ]

    private func command(_ words: [String]) throws -> Command {
        var command = try Command(plugins: Fixture.plugins, input: #"{"tool_calls":[{"function":{"name":"typed"}}]}"#)
        command.arguments = words + command.arguments
        return command
    }

    @Test("a verb reports a full standard output and exits with 74", arguments: verbs)
    func full(words: [String]) throws {
        var command = try command(words)
        command.shell = #"exec "$@" > /dev/full"#
        let result = try command.run()
        #expect(result.status == 74)
        #expect(result.errors.contains("standard output cannot be written: No space left on device"))
    }

    @Test("a verb exits with 74 if standard output is closed, and writes to no other file", arguments: verbs)
    func closed(words: [String]) throws {
        var command = try command(words)
        command.shell = #"exec "$@" >&-"#
        let result = try command.run()
        #expect(result.status == 74)
        #expect(result.errors.contains("standard output cannot be written: Bad file descriptor"), "\(result.errors)")
    }

    @Test("a verb exits with 74 without a message if the reader of its output has exited")
    func readerGone() throws {
        // The text is longer than the buffer of a pipe, so the write waits until the reader has exited.
        let text = String(repeating: "x", count: 1 << 20)
        var command = try Command("call", "typed", "-", plugins: Fixture.plugins, input: #"{"s":"\#(text)"}"#)
        command.shell = #"{ "$@"; echo $? >&2; } | head -c 1"#
        let result = try command.run()
        #expect(result.output == "{")
        #expect(result.errors == "74\n")
    }

    @Test("a verb exits with 74 if standard output and standard error are closed")
    func bothClosed() throws {
        var command = try command(["call", "typed"])
        command.shell = #"exec "$@" >&- 2>&- <&-"#
        #expect(try command.run().status == 74)
    }
}
