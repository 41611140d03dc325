import Foundation
import TestSupport
import Testing

/// The memory of the `toolhost` process, as the kernel counts it.
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
        _ = try fixture.program("measure", FixtureSource.file("measure_memory.c"))
        // A value that lives as long as the process is never released.
        atexit {
            if let directory = try? MemoryTests.directory.get() {
                try? FileManager.default.removeItem(atPath: directory.path)
            }
        }
        return fixture
    }

    /// The tool `write`, which writes data of a kind and returns a status.
    private static var source: String {
        get throws {
            try FixtureSource.tool(
                "write",
                before: FixtureSource.file("output_writer.c"),
                extra: """
                    ,"parameters":{"type":"object","properties":{"kind":{"type":"string"},"mib":{"type":"integer"},\
                    "status":{"type":"integer"}}}
                    """,
                body: "return write_output(call);"
            )
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var words = ["dispatch"]
        var input = ""
        var status: Int32 = 0
        /// The maximum memory in MiB.
        var mebibytes = 200
    }

    private static func message(_ calls: [String]) -> String {
        #"{"message":{"role":"assistant","tool_calls":["# + calls.joined(separator: ",") + "]}}"
    }

    private static func write(_ kind: String, mib: Int, times: Int = 1, status: Int = 0) -> String {
        let arguments = #"{"kind":"\#(kind)","mib":\#(mib),"status":\#(status)}"#
        return message(Array(repeating: #"{"function":{"name":"write","arguments":\#(arguments)}}"#, count: times))
    }

    /// Returns an array of many values.
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

    @Test("the memory of the host is bounded for hostile messages and results", arguments: cases)
    func bounds(test: Case) throws {
        let (status, peak) = try peak(test.words, test.input)
        #expect(status == test.status)
        #expect(peak < test.mebibytes, "\(peak) MiB")
    }

    @Test("the memory of the host is bounded with all kinds of hostile calls in one message")
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
