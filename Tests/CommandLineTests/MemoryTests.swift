import Foundation
import TestSupport
import Testing

/// The memory of the real command line, as the kernel counts it.
@Suite("The memory of the host", .timeLimit(.minutes(10)))
struct MemoryTests {
    private static let directory: Result<FixtureDirectory, any Error> = Result {
        let fixture = try FixtureDirectory()
        try fixture.plugin("write.so", source)
        try fixture.plugin("healthy.so", FixtureSource.healthy)
        let list = #","parameters":{"type":"object","properties":{"list":{"type":"array"}}}"#
        try fixture.plugin(
            "lists.so",
            FixtureSource.tool("lists", extra: list, body: "return tool_finish(call, TOOL_OK);")
        )
        let policy = #"{"version":1,"rules":[{"tool":"echo","arguments":{"/path":"/etc/*"},"decision":"deny"}]}"#
        try fixture.directory("configuration/toolhost")
        try fixture.file("configuration/toolhost/policy.json", policy.utf8)
        _ = try fixture.program("measure", measure)
        // A value that lives as long as the process is never released.
        atexit {
            if let directory = try? MemoryTests.directory.get() {
                try? FileManager.default.removeItem(atPath: directory.path)
            }
        }
        return fixture
    }

    /// `write` writes so many MiB of a kind, and `fail` the same as its error.
    private static let source = FixtureSource.tool(
        "write",
        extra: """
            ,"parameters":{"type":"object","properties":{"kind":{"type":"string"},"mib":{"type":"integer"},\
            "status":{"type":"integer"}}}
            """,
        body: """
            char page[4096];
            tool_text_v1 kind;
            int64_t mib = 0, status = 0;
            if (tool_get_text(call, "/kind", &kind) != TOOL_RESULT_OK) return tool_finish(call, TOOL_OK);
            tool_get_i64(call, "/mib", &mib);
            tool_get_i64(call, "/status", &status);
            memset(page, kind.bytes[0] == 'c' ? 1 : kind.bytes[0] == 'u' ? 0xFF : 'x', sizeof page);
            if (kind.bytes[0] == 'j') {
                for (size_t i = 0; i + 4 <= sizeof page; i += 4) memcpy(page + i, "[0],", 4);
                tool_write_json(call, tool_text("["));
            }
            for (int64_t i = 0; i < mib << 8; i++) {
                tool_text_v1 text = {page, sizeof page};
                if (kind.bytes[0] == 'i') tool_write_data(call, "image/png", page, sizeof page);
                else if (kind.bytes[0] == 'j') tool_write_json(call, text);
                else if (kind.bytes[0] == 'p') tool_write_data(call, i % 2 ? "a/b" : "c/d", page, 1);
                else tool_write_text(call, text);
            }
            if (kind.bytes[0] == 'j') tool_write_json(call, tool_text("0]"));
            return tool_finish(call, (int32_t)status);
            """
    )

    /// Runs a program and prints its exit code and its greatest memory in KiB.
    ///
    /// A child of the tests would start with the memory of the tests.
    private static let measure = """
        #include <stdio.h>
        #include <fcntl.h>
        #include <unistd.h>
        #include <sys/resource.h>
        #include <sys/wait.h>
        int main(int count, char **words) {
            struct rusage usage;
            int status = 0;
            pid_t child = fork();
            if (child == 0) {
                dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
                execv(words[1], words + 1);
                _exit(127);
            }
            wait4(child, &status, 0, &usage);
            printf("%d %ld", WIFEXITED(status) ? WEXITSTATUS(status) : -1, usage.ru_maxrss);
            return 0;
        }
        """

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var words = ["dispatch"]
        var input = ""
        var status: Int32 = 0
        /// The greatest memory, in MiB.
        var mebibytes = 200
    }

    private static func message(_ calls: [String]) -> String {
        #"{"message":{"role":"assistant","tool_calls":["# + calls.joined(separator: ",") + "]}}"
    }

    private static func write(_ kind: String, mib: Int, times: Int = 1, status: Int = 0) -> String {
        let arguments = #"{"kind":"\#(kind)","mib":\#(mib),"status":\#(status)}"#
        return message(Array(repeating: #"{"function":{"name":"write","arguments":\#(arguments)}}"#, count: times))
    }

    /// An array of many values.
    private static func wide(_ unit: String, count: Int) -> String {
        "[" + Array(repeating: unit, count: count).joined(separator: ",") + "]"
    }

    private static func echo(_ arguments: String) -> String {
        #"{"function":{"name":"echo","arguments":\#(arguments)}}"#
    }

    /// An array of strings, as JSON inside a JSON string.
    private static let strings = wide(#"\"1\""#, count: 80_000)

    private static let cases: [Case] = [
        Case(testDescription: "text of six results", input: write("text", mib: 20, times: 6)),
        Case(
            testDescription: "text, reported",
            words: ["dispatch", "--json"],
            input: write("text", mib: 20, times: 6)
        ),
        Case(testDescription: "control characters", input: write("control", mib: 16, times: 2)),
        Case(
            testDescription: "control characters, reported",
            words: ["dispatch", "--json"],
            input: write("control", mib: 8, times: 2)
        ),
        Case(testDescription: "invalid UTF-8", input: write("utf8", mib: 16, times: 2)),
        Case(testDescription: "pictures", input: write("image", mib: 20, times: 6)),
        Case(testDescription: "JSON of many values", input: write("json", mib: 8, times: 2)),
        Case(testDescription: "many tiny parts", input: write("parts", mib: 8, times: 128)),
        Case(
            testDescription: "the text of an error",
            words: ["call", "write", #"{"kind":"control","mib":8,"status":1}"#],
            status: 1,
            mebibytes: 120
        ),
        Case(
            testDescription: "the result of a call",
            words: ["call", "write", "--json", #"{"kind":"control","mib":8}"#],
            mebibytes: 120
        ),
        Case(
            testDescription: "half a million calls",
            input: message(Array(repeating: #"{"function":{"name":"echo"}}"#, count: 500_000)),
            mebibytes: 120
        ),
        Case(
            testDescription: "half a million lines with a call",
            input: String(repeating: #"{"message":{"tool_calls":[{"function":{"name":"no"}}]}}"# + "\n", count: 250_000)
                + #"{"done":true}"#,
            mebibytes: 120
        ),
        Case(testDescription: "a wide argument", input: message([echo(#"{"a":"# + wide("[0]", count: 100_000) + "}")])),
        Case(
            testDescription: "arrays that come as JSON in strings",
            input: message(
                Array(repeating: #"{"function":{"name":"lists","arguments":{"list":"\#(strings)"}}}"#, count: 60)
            )
        ),
        Case(
            testDescription: "a path of many names beside a policy",
            input: message([echo(#"{"path":""# + String(repeating: "/a", count: 7 << 20) + #""}"#)])
        ),
        Case(
            testDescription: "a deep argument",
            input: message([echo(String(repeating: #"{"a":"#, count: 100) + "0" + String(repeating: "}", count: 100))]),
            mebibytes: 100
        ),
        Case(
            testDescription: "a message of more values than are read",
            input: message([echo(#"{"a":"# + wide("[[],{}]", count: 2_000_000) + "}")]),
            status: 2
        ),
    ]

    @Test("is bounded, whatever a message and its results are", arguments: cases)
    func bounds(test: Case) throws {
        let (status, peak) = try peak(test.words, test.input)
        #expect(status == test.status)
        #expect(peak < test.mebibytes, "\(peak) MiB")
    }

    @Test("is bounded with one hostile call of each kind beside three healthy ones")
    func together() throws {
        let kinds = ["text", "control", "utf8", "image", "json", "parts"].map { kind in
            #"{"function":{"name":"write","arguments":{"kind":"\#(kind)","mib":20}}}"#
        }
        let wide = Self.echo(#"{"a":"# + Self.wide("[0]", count: 50_000) + "}")
        let healthy = Self.echo(#"{"a":1}"#)
        let message = Self.message([healthy] + kinds + [healthy, wide, healthy])
        let (status, peak) = try peak(["dispatch", "--fail"], message)
        #expect(status == 0)
        #expect(peak < 300, "\(peak) MiB")
    }

    private func peak(_ words: [String], _ input: String) throws -> (status: Int32?, mebibytes: Int) {
        let directory = try Self.directory.get()
        var command = Command(plugins: directory, input: input)
        command.arguments = [command.program] + words + command.arguments
        command.program = directory.path + "/measure"
        command.environment["XDG_CONFIG_HOME"] = directory.path + "/configuration"
        let numbers = try command.run().output.split(separator: " ").compactMap { Int($0) }
        #expect(numbers.count == 2)
        return (numbers.first.flatMap { Int32(exactly: $0) }, (numbers.last ?? .max) >> 10)
    }
}
