import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The verb bench", .timeLimit(.minutes(10)))
struct BenchTests {
    /// Tools that repeated calls do not harm, and one that may change something.
    private static var plugins: FixtureDirectory {
        get throws { try shared.get() }
    }

    private static let shared = Result { () throws -> FixtureDirectory in
        let directory = try FixtureDirectory()
        func plugin(_ name: String, _ members: String, _ body: String) throws {
            try directory.plugin(name + ".so", FixtureSource.tool(name, extra: members, body: body))
        }
        let example = #""examples":[{"arguments":{"a":1},"result":"done"}]"#
        let reply = #"return tool_reply(call, tool_text("done"));"#
        try plugin("quick", #","toolhost":{"annotations":{"readOnly":true},\#(example)}"#, reply)
        try plugin("bare", #","toolhost":{"annotations":{"readOnly":true}}"#, reply)
        try plugin("change", #","toolhost":{\#(example)}"#, reply)
        try plugin(
            "destroy",
            #","toolhost":{"annotations":{"idempotent":true,"destructive":true},\#(example)}"#,
            reply
        )
        try plugin(
            "strict",
            #","parameters":{"type":"object","required":["a"]},"toolhost":{"annotations":{"readOnly":true}}"#,
            reply
        )
        try plugin(
            "fails",
            #","toolhost":{"annotations":{"readOnly":true},"examples":[{"arguments":{},"error":"TOOL_ERROR"},"#
                + #"{"arguments":{},"result":"never"}]}"#,
            #"return tool_fail(call, TOOL_ERROR, "the tool says no");"#
        )
        try plugin(
            "stuck",
            #","toolhost":{"timeout":0.1,"annotations":{"readOnly":true}}"#,
            "while (!tool_is_cancelled(call)) usleep(1000); return tool_finish(call, TOOL_CANCELLED);"
        )
        try plugin("slow", #","toolhost":{"annotations":{"readOnly":true}}"#, "usleep(60000); " + reply)
        // A static value is never released.
        atexit {
            if let directory = try? BenchTests.plugins { try? FileManager.default.removeItem(atPath: directory.path) }
        }
        return directory
    }

    private func run(_ words: [String]) throws -> Command.Result {
        var command = Command(plugins: try Self.plugins)
        command.arguments = ["bench"] + words + command.arguments
        return try command.run()
    }

    @Test("bench prints the percentiles and the stages of a tool, with the arguments of its example")
    func report() throws {
        let result = try run(["quick", "--calls", "50"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0] == #"quick {"a":1}"#)
        #expect(lines[1].hasPrefix("The first call took "))
        #expect(lines[3].split(separator: " ").map(String.init) == ["p50", "p90", "p99", "calls/s", "calls"])
        #expect(lines[4].hasPrefix("isolated ") && lines[4].hasSuffix(" 50"))
        #expect(lines[5].hasPrefix("  batch of 8 ") && lines[5].hasSuffix(" 48"))
        #expect(lines[7] == "The stages of a typical call:")
        let stages = ["parse", "check", "authorize", "call", "transport"]
        #expect(lines[8].split(separator: " ").map(String.init) == stages)
        #expect(lines[9].hasPrefix("isolated "))
        #expect(lines[11].hasPrefix("Only 50 calls took place"))
        #expect(!result.output.contains("█") && !result.output.contains("in process"))
    }

    @Test("bench --in-process measures the tool in its process and in this one")
    func places() throws {
        let result = try run(["quick", "--calls", "20", "--in-process"])
        #expect(result.status == 0 && result.output.contains("\nisolated "), "\(result.errors)")
        #expect(result.output.contains("\nin process "))
        let json = try run(["quick", "--calls", "20", "--in-process", "--json"]).json
        #expect(json[pointer: "/tools/0/isolated/calls"] == 20)
        #expect(json[pointer: "/tools/0/in_process/calls"] == 20)
    }

    @Test("bench --json has consistent numbers")
    func json() throws {
        let json = try run(["quick", #"{"b":2}"#, "--arg", "a:=[1]", "--calls", "200", "--json"]).json
        #expect(json["interrupted"] == false && json["tools"]?.array?.count == 1)
        let tool = try #require(json[pointer: "/tools/0"])
        #expect(tool["tool"] == "quick" && tool["arguments"] == ["b": 2, "a": [1]])
        let row = try #require(tool["isolated"])
        func number(_ pointer: String) throws -> Int { try #require(row[pointer: pointer]?.int) }
        #expect(try number("/calls") == 200)
        let stages = ["parse", "check", "authorize", "call", "transport"]
        #expect(row["stages_ns"]?.object?.map(\.key) == stages)
        #expect(try stages.reduce(0) { try $0 + number("/stages_ns/" + $1) } == number("/p50_ns"))
        for part in ["", "/batch"] {
            #expect(try number(part + "/p50_ns") <= number(part + "/p90_ns"))
            #expect(try number(part + "/p90_ns") <= number(part + "/p99_ns"))
        }
        #expect(try number("/batch/size") == 8 && number("/batch/batches") == 25)
        let histogram = try #require(row["histogram"]?.array)
        #expect(histogram.reduce(0) { $0 + ($1["calls"]?.int ?? 0) } == 200)
        #expect(row["first_call_ns"]?.int ?? 0 > 0 && row["failure"] == nil)
        let rate = try #require(row["calls_per_second"]?.double(in: 0...1e9))
        #expect(try abs(rate - 1e9 / Double(number("/mean_ns"))) < 0.1)
    }

    @Test("bench without a tool measures the read-only and idempotent tools that have an example")
    func allTools() throws {
        let result = try run(["--calls", "10"])
        #expect(result.status == 1)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines[0].split(separator: " ").map(String.init).prefix(3) == ["call", "p50", "p90"])
        #expect(lines[1].hasPrefix("fails") && lines[1].contains("not measured: the tool says no"))
        #expect(lines[2].hasPrefix("quick ") && lines.count == 3, "\(lines)")
        let json = try run(["--calls", "10", "--json"])
        #expect(try json.json["tools"]?.array?.map { $0["tool"] } == ["fails", "quick"])
        #expect(try json.json[pointer: "/tools/0/isolated/failure/status"] == "tool_error")
    }

    @Test(
        "bench stops at a failed call, with its exit code",
        arguments: [
            (["fails"], 1, "the tool says no"), (["strict"], 2, "has no example to call"),
            (["strict", #"{"b":1}"#], 2, "a: "), (["quick", "{"], 2, "not valid JSON"),
            (["quick", "--arg", "a"], 64, "expected name=value"), (["nope"], 3, "Tool nope not found."),
            (["stuck"], 5, "did not answer within 0.1 seconds"), (["change"], 6, "--calls 100"),
            (["--arg", "a=1"], 64, "Name the tool"), (["quick", "--calls", "0"], 64, "from 1 to 100000"),
            (["quick", "--seconds", "0"], 64, "--seconds"),
            (["quick", "--in-process", "--sandbox", "required"], 64, "--sandbox"),
        ] as [([String], Int32, String)]
    )
    func failures(words: [String], status: Int32, message: String) throws {
        let result = try run(words)
        #expect(result.status == status, "\(result)")
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("bench exits with 4 if there is no tool that it may call")
    func nothing() throws {
        let directory = try FixtureDirectory()
        try directory.plugin(
            "change.so",
            FixtureSource.tool("change", body: #"return tool_reply(call, tool_text("x"));"#)
        )
        let result = try Command("bench", plugins: directory).run()
        #expect(result.status == 4 && result.errors.contains("Nothing was measured"), "\(result)")
    }

    @Test("a tool that may change something is called with --calls, or after a yes", arguments: ["yes", "no"])
    func confirmation(answer: String) throws {
        #expect(try run(["change", "--calls", "8"]).status == 0)
        var command = Command(plugins: try Self.plugins)
        command.arguments = ["bench", "change", "--seconds", "0.05"] + command.arguments
        let session = try PseudoTerminal.run(command, (after: "[y]es [n]o: ", type: answer + "\n"))
        #expect(session.status == (answer == "yes" ? 0 : 6), "\(session.text)")
        #expect(session.text.contains("p50") == (answer == "yes"))
    }

    @Test("the number of calls of a slow tool follows from the time, and the report says that they are few")
    func slow() throws {
        let result = try run(["slow", "--seconds", "0.05"])
        #expect(result.status == 0 && result.output.contains("Only 1 call took place"), "\(result)")
        #expect(!result.output.contains("batch of 8"))
    }

    @Test("a histogram fits the terminal", arguments: [40, 80, 200])
    func histogram(columns: Int) throws {
        var command = Command(plugins: try Self.plugins)
        command.arguments = ["bench", "quick", "--calls", "300"] + command.arguments
        let terminal = try PseudoTerminal.run(command, columns: columns, steps: [])
        #expect(terminal.status == 0, "\(terminal.text)")
        let chart = terminal.text.split(separator: "\n").filter { $0.contains("█") }
        #expect(!chart.isEmpty && chart.allSatisfy { $0.count < columns }, "\(terminal.text)")
        // The longest bar fills the row.
        #expect(chart.contains { $0.count >= columns - 6 }, "\(terminal.text)")
    }

    @Test("Ctrl-C prints the calls so far, and exits with 130")
    func interruption() throws {
        var command = Command(plugins: try Self.plugins)
        command.arguments = ["bench", "slow", "--calls", "100000"] + command.arguments
        let session = try PseudoTerminal.run(command, (after: "measuring slow, isolated", type: "\u{3}"))
        #expect(session.status == 130 && session.text.contains("interrupted"), "\(session.text)")
    }
}
