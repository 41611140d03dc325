import Foundation
import TestSupport
import Testing

@Suite("Ctrl-C", .timeLimit(.minutes(10)))
struct InterruptTests {
    @Test("Ctrl-C cancels the running call, and the verb exits with 130", arguments: ["call", "test", "dispatch"])
    func running(verb: String) throws {
        let directory = try FixtureDirectory()
        let mark = directory.path + "/started"
        mkfifo(mark, 0o600)
        try directory.plugin(
            "stuck.so",
            FixtureSource.tool(
                "stuck",
                before: "#include <fcntl.h>",
                extra: #","toolhost":{"examples":[{"arguments":{},"result":"done"}]}"#,
                body: """
                    int mark = open(\(FixtureSource.literal(mark)), O_WRONLY);
                    close(mark);
                    while (!tool_is_cancelled(call)) { }
                    return tool_finish(call, TOOL_CANCELLED);
                    """
            )
        )
        try directory.file("input", #"{"tool_calls":[{"function":{"name":"stuck"}}]}"#.utf8)
        let errors = try directory.file("errors", [])
        var command = Command(plugins: directory)
        command.arguments =
            [verb] + (verb == "call" ? ["stuck"] : []) + ["--allow", "write=\(mark)"]
            + command.arguments
        let running = try command.start(in: directory) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, directory.path + "/input", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, errors, O_WRONLY | O_APPEND, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_APPEND, 0)
        }
        // The pipe is closed once the tool has opened and closed its end, so the tool runs now.
        var reader = pollfd(fd: open(mark, O_RDONLY | O_NONBLOCK | O_CLOEXEC), events: 0, revents: 0)
        defer { close(reader.fd) }
        #expect(poll(&reader, 1, 30_000) == 1)
        running.send(SIGINT)
        #expect(running.wait() == 130)
        #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("cancelled"))
    }
}
