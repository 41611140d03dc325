import Foundation
import TestSupport
import Testing

/// One message of a model with a hostile call of each kind beside three healthy ones.
@Suite("A message with hostile calls", .timeLimit(.minutes(5)))
struct HostileMessageTests {
    /// A hostile tool, and the start of the result that its call gets.
    private struct Hostile {
        let tool: String
        var arguments = "{}"
        let result: String
        /// True if the call lasts longer than those of the healthy tools.
        var isLong = false
    }

    private static let calls = [
        Hostile(tool: "check", arguments: #"{"a":1}"#, result: "✗ check(a: 1)"),
        Hostile(
            tool: "echo",
            arguments: #"{"huge":9223372036854775808,"vast":1e400}"#,
            result: "✓ echo(huge: 9223372036854775808, vast: 1e400)"
        ),
        Hostile(tool: "flood", result: "✓ flood()", isLong: true),
        Hostile(tool: "grow", result: "✗ grow()", isLong: true),
        Hostile(tool: "signals", result: "✓ signals()"),
    ]

    private static func directory() throws -> FixtureDirectory {
        let directory = try FixtureDirectory()
        try directory.plugin("healthy.so", FixtureSource.healthy)
        let names = (0..<20_000).map { "\"r\($0)\"" }.joined(separator: ",")
        try directory.plugin(
            "check.so",
            FixtureSource.tool(
                "check",
                extra: #","parameters":{"type":"object","required":[\#(names)]}"#,
                body: "return tool_reply(call, tool_text(\"ran\"));"
            )
        )
        try directory.plugin(
            "flood.so",
            FixtureSource.tool(
                "flood",
                body: """
                    char page[4096];
                    memset(page, 1, sizeof page);
                    for (int i = 0; i < 63 << 8; i++) tool_write_text(call, (tool_text_v1){page, sizeof page});
                    return tool_finish(call, TOOL_OK);
                    """
            )
        )
        try directory.plugin(
            "grow.so",
            FixtureSource.tool(
                "grow",
                before: "#include <sys/mman.h>",
                body: """
                    size_t size = 16 << 20;
                    for (int i = 0; i < 256; i++) {
                        char *part = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                        if (part == MAP_FAILED) return tool_fail(call, TOOL_ERROR, "refused");
                        memset(part, 1, size);
                        mprotect(part, size, PROT_READ);
                    }
                    return tool_reply(call, tool_text("took 4 GiB"));
                    """
            )
        )
        try directory.plugin(
            "signals.so",
            FixtureSource.tool(
                "signals",
                before: "#include <signal.h>\n#include <unistd.h>",
                body: """
                    sigset_t set;
                    union sigval value = {0};
                    int count = 0;
                    sigemptyset(&set);
                    sigaddset(&set, SIGRTMIN + 3);
                    pthread_sigmask(SIG_BLOCK, &set, 0);
                    for (int i = 0; i < 100000; i++) count += !pthread_sigqueue(pthread_self(), SIGRTMIN + 3, value);
                    tool_print(call, "%d", count);
                    return tool_finish(call, TOOL_OK);
                    """
            )
        )
        return directory
    }

    @Test("hostile calls delay no other result of their message, and do not exhaust the memory of the host")
    func beside() async throws {
        let directory = try Self.directory()
        var calls = Self.calls.map { (tool: $0.tool, arguments: $0.arguments) }
        for (number, place) in [0, 3, 7].enumerated() { calls.insert(("echo", #"{"n":\#(number)}"#), at: place) }
        let texts = calls.map { #"{"function":{"name":"\#($0.tool)","arguments":\#($0.arguments)}}"# }
        let message = #"{"message":{"role":"assistant","tool_calls":[\#(texts.joined(separator: ","))]},"done":true}"#
        let isMeasured = ScriptedServer.Gate()
        var end = ScriptedServer.Reply.lines(#"{"message":{"role":"assistant","content":"Hello"},"done":true}"#)
        end.steps.insert(.wait(isMeasured), at: 0)
        let server = try ScriptedServer([.json(message), end])
        var command = Command("chat", "-m", "m", "--num-ctx", "1000000", "Go", plugins: directory)
        command.environment["OLLAMA_HOST"] = server.address
        let errors = try directory.file("errors", [])
        let running = try command.start(in: directory) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_APPEND, 0)
        }
        _ = await server.request(1)
        let peak = try running.peakMemory()
        isMeasured.open()
        #expect(running.wait() == 0)
        #expect(peak < 300, "\(peak) MiB")

        let ends = try String(contentsOfFile: errors, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("✓") || $0.hasPrefix("✗") }
        #expect(ends.count == calls.count, "\(ends)")
        for call in Self.calls {
            #expect(ends.contains { $0.hasPrefix(call.result) }, "\(call.tool): \(ends)")
        }
        let long = Self.calls.filter(\.isLong).map(\.result)
        let first = try #require(ends.firstIndex { line in long.contains { line.hasPrefix($0) } })
        for number in 0..<3 {
            let place = try #require(ends.firstIndex { $0.hasPrefix("✓ echo(n: \(number))") }, "\(ends)")
            #expect(place < first, "\(ends)")
        }
    }
}
