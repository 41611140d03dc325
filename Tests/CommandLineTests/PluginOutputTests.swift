import Foundation
import TestSupport
import Testing
import ToolJSON

/// The output and the log lines of plugins, by the verbs and flags that show them.
@Suite("The output of a plugin", .timeLimit(.minutes(10)))
struct PluginOutputTests {
    /// The tool `printer`, which prints and logs in every way.
    private static let printer = FixtureSource.tool(
        "printer",
        before: """
            #include <stdio.h>
            __attribute__((constructor)) static void load(void) { puts("loading"); }
            """,
        extra: #","toolhost":{"examples":[{"arguments":{},"result":"done"}]}"#,
        body: """
            printf("printf %d\\n", 1);
            fputs("fputs to standard error\\n", stderr);
            if (write(1, "write to 1\\n", 11) + write(2, "write to 2\\n", 11) != 22) return TOOL_DONE;
            puts("\\033[2Jgone\\a\\r");
            #ifndef TEXT_ALONE
            puts("\\377\\200 bytes");
            #endif
            call->host->log(call->host, TOOL_LOG_DEBUG, tool_text("at debug"));
            call->host->log(call->host, TOOL_LOG_INFO, tool_text("at info"));
            call->host->log(call->host, TOOL_LOG_WARNING, tool_text("at warning"));
            call->host->log(call->host, TOOL_LOG_ERROR, tool_text("at error"));
            printf("no line break");
            return tool_reply(call, tool_text("done"));
            """
    )

    private static let printed = [
        "loading", "printf 1", "fputs to standard error", "write to 1", "write to 2",
        "<U+001B>[2Jgone<U+0007><U+000D>",
        "\u{FFFD}\u{FFFD} bytes", "no line break",
    ]
    private static let logged = ["debug: at debug", "info: at info", "warning: at warning", "error: at error"]

    private static func directory(_ tool: String, _ source: String, _ flags: String...) throws -> FixtureDirectory {
        let directory = try FixtureDirectory()
        try directory.plugin("\(tool).so", source, flags: flags)
        return directory
    }

    private static let verbs = [
        ["call", "printer", "--json"], ["chat", "-m", "rehearsal", "use printer"], ["dispatch"],
        ["dispatch", "--json"],
        ["test", "--json"],
    ]

    @Test(
        "the output of a plugin is shown only with -v, on standard error, with the plugin's name before each line",
        arguments: verbs
    )
    func shown(verb: [String]) throws {
        let directory = try Self.directory("printer", Self.printer)
        var command = Command(plugins: directory, input: "")
        if verb[0] == "dispatch" { command.input = #"{"tool_calls":[{"function":{"name":"printer"}}]}"# }
        command.arguments = verb + command.arguments
        let plain = try command.run()
        command.arguments.append("-v")
        let verbose = try command.run()
        for result in [plain, verbose] {
            #expect(result.status == 0, "\(result.errors)")
            #expect(!(Self.printed + ["at debug"]).contains { result.output.contains($0) }, "\(result.output)")
            if verb[0] != "chat" { #expect(throws: Never.self) { try result.json } }
        }
        func lines(_ errors: String, _ kind: String) -> [String] {
            let prefix = "\(kind): printer.so: "
            return errors.split(separator: "\n").filter { $0.hasPrefix(prefix) }
                .map { String($0.dropFirst(prefix.count)) }
        }
        #expect(lines(plain.errors, "log") == ["at warning", "at error"])
        #expect(!plain.errors.contains("output: ") && !plain.errors.contains("printf"), "\(plain.errors)")
        #expect(lines(verbose.errors, "log") == Self.logged, "\(verbose.errors)")
        let printed = lines(verbose.errors, "output")
        #expect(printed.first == "loading", "\(printed)")
        // The plugin is loaded once to register, and once to run.
        #expect(printed.drop { $0 == "loading" } == Self.printed.dropFirst(), "\(printed)")
    }

    @Test("the output of a plugin goes to standard error with --in-process", arguments: ["", "-v"])
    func inProcess(flag: String) throws {
        let directory = try Self.directory("printer", Self.printer, "-DTEXT_ALONE")
        var command = Command("call", "printer", "--json", "--in-process", plugins: directory)
        if !flag.isEmpty { command.arguments.append(flag) }
        let result = try command.run()
        #expect(try result.json["text"] == "done")
        for words in ["loading", "printf 1", "fputs to", "write to 1", "write to 2", "no line break", "at warning"] {
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        #expect(result.errors.contains("log: printer.so: debug: at debug") == (flag == "-v"))
    }

    @Test("the output of a plugin is limited in lines per second, and the dropped bytes are counted")
    func flood() throws {
        let count = 400_000
        let source = FixtureSource.tool(
            "flood",
            before: "#include <stdio.h>",
            body: """
                for (int i = 0; i < \(count); i++) puts("nineteen characters");
                call->host->log(call->host, TOOL_LOG_INFO, tool_text("the last"));
                return tool_reply(call, tool_text("done"));
                """
        )
        let directory = try Self.directory("flood", source)
        let result = try Command("call", "flood", "-v", plugins: directory).run()
        #expect(result.output == "done\n")
        let lines = result.errors.split(separator: "\n")
        let shown = lines.count { $0 == "output: flood.so: nineteen characters" }
        let dropped = lines.compactMap { line in
            line.wholeMatch(of: /output: flood.so: \[(\d+) bytes came too fast and were dropped\]/).flatMap {
                Int($0.1)
            }
        }
        #expect(shown >= 200 && shown < count / 4)
        #expect(shown * 20 + dropped.reduce(0, +) == count * 20, "\(lines.suffix(5))")
        #expect(lines.contains("log: flood.so: info: the last"))
        #expect(try Command("call", "flood", plugins: directory).run().errors.isEmpty)
    }

    @Test("the output of a plugin is shown while its tool runs, even without a line break")
    func whileRunning() throws {
        let source = FixtureSource.tool(
            "hang",
            body: """
                if (write(2, "half a line", 11) != 11) return TOOL_DONE;
                while (!tool_is_cancelled(call)) usleep(1000);
                return tool_finish(call, TOOL_CANCELLED);
                """
        )
        let directory = try Self.directory("hang", source)
        let result = try Command("call", "hang", "-v", "--timeout", "200", plugins: directory).run { feed in
            try feed.read("output: hang.so: half a line\n")
            feed.interrupt()
        }
        #expect(result.status == 130, "\(result.errors)")
    }

    @Test(
        "the report of a crash has the last lines of the plugin's output",
        arguments: [["call", "crash"], ["chat", "-m", "rehearsal", "use crash"]]
    )
    func crash(verb: [String]) throws {
        let source = FixtureSource.tool(
            "crash",
            before: "#include <stdio.h>\n#include <stdlib.h>",
            body: """
                for (int i = 0; i < 300; i++) fprintf(stderr, "step %d of many\\n", i);
                puts("the last words");
                abort();
                """
        )
        let directory = try Self.directory("crash", source)
        var command = Command(plugins: directory)
        command.arguments = verb + command.arguments
        let result = try command.run()
        let note = try #require(result.errors.split(separator: "\n").first { $0.contains("The last of its output: ") })
        #expect(note.contains("crashed with SIGABRT"))
        #expect(note.contains("step 299 of many") && note.hasSuffix("the last words"), "\(note)")
    }
}
