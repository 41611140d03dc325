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

    @Test("that is full is told, and ends with 74", arguments: verbs)
    func full(words: [String]) throws {
        var command = try command(words)
        command.shell = #"exec "$@" > /dev/full"#
        let result = try command.run()
        #expect(result.status == 74)
        #expect(result.errors.contains("standard output cannot be written: No space left on device"))
    }

    @Test("that is closed ends with 74, and no other file is written instead", arguments: verbs)
    func closed(words: [String]) throws {
        var command = try command(words)
        command.shell = #"exec "$@" >&-"#
        let result = try command.run()
        #expect(result.status == 74)
        #expect(result.errors.contains("standard output cannot be written: Bad file descriptor"), "\(result.errors)")
    }

    @Test("whose reader has gone ends with 74, without a word")
    func readerGone() throws {
        // More than a pipe holds, so that it cannot be written before its reader is gone.
        let text = String(repeating: "x", count: 1 << 20)
        var command = try Command("call", "typed", "-", plugins: Fixture.plugins, input: #"{"s":"\#(text)"}"#)
        command.shell = #"{ "$@"; echo $? >&2; } | head -c 1"#
        let result = try command.run()
        #expect(result.output == "{")
        #expect(result.errors == "74\n")
    }

    @Test("and standard error may both be closed")
    func bothClosed() throws {
        var command = try command(["call", "typed"])
        command.shell = #"exec "$@" >&- 2>&- <&-"#
        #expect(try command.run().status == 74)
    }
}
