import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Tests of the library of a binding.
@Suite("Libraries of bindings", .timeLimit(.minutes(10)))
struct BindingLibraryTests {
    private static let binding = #"""
        {"toolhost": 1, "plugin": {"name": "answers"}, "library": "lib/answer.so",
         "tools": [{"name": "answer", "description": "Answer", "parameters": [], "returns": "i32"}]}
        """#

    @Test("a binding whose library crashes repeatedly is quarantined until the library is replaced")
    func isQuarantined() async throws {
        let directory = try FixtureDirectory()
        try directory.directory("lib")
        try directory.file("answer.tool.json", Self.binding.utf8)
        try directory.plugin("lib/answer.so", "int answer(void) { __builtin_trap(); }")
        func load() async throws -> HostFixture {
            try await HostFixture.make(directory) {
                $0.isolation = Isolation.workers
                $0.stateDirectory = directory.path + "/state"
            }
        }
        let first = try await load()
        for _ in 0..<5 { #expect(await first.call("answer")?.status == .pluginFailed) }
        #expect(try #require(await load().breakage("answer.tool.json")).contains("died 5 times"))
        try directory.plugin("lib/answer.so", "int answer(void) { return 42; }")
        #expect(try await load().call("answer")?.text == "42")
    }

    @Test("a library that was replaced after its check is not loaded")
    func isTheOneThatWasChecked() async throws {
        let directory = try FixtureDirectory()
        try directory.directory("lib")
        try directory.file("answer.tool.json", Self.binding.utf8)
        try directory.plugin("lib/answer.so", "int answer(void) { return 41; }")
        let fixture = try await HostFixture.make(directory) { $0.isolation = Isolation.workers }
        try directory.plugin("lib/answer.so", "int answer(void) { return 42; }")
        let answer = await fixture.call("answer")
        #expect(
            answer?.status == .pluginFailed && answer?.text.contains("has changed since its tools were listed") == true,
            "\(answer?.text ?? "")"
        )
    }

    @Test("the result of a bound function is limited in bytes", .inBothIsolations)
    func isBounded() async throws {
        let directory = try FixtureDirectory()
        let sample = URL(filePath: #filePath).appending(path: "../../../../Bindings/sqlite.tool.json").standardized
        try directory.file("sqlite.tool.json", Data(contentsOf: sample))
        let host = try await HostFixture.make(directory).host
        func call(_ tool: String, _ arguments: JSON) async throws -> ToolResult {
            try #require(await host.dispatch([ToolCall(name: tool, arguments: arguments)]).results.first)
        }
        let opened = try JSON(parsing: try await call("open_database", ["file": ":memory:"]).text)
        let database = try #require(opened["database"])
        func query(_ sql: String) async throws -> ToolResult {
            try await call("query_database", ["database": database, "sql": .string(sql)])
        }
        let flood = try await query(
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 100000) "
                + "SELECT hex(zeroblob(100000)) FROM c"
        )
        #expect(
            flood.status == .toolError && flood.text == "The function returned more than 67108864 bytes. Ask for less."
        )
        let repeated = try await query("SELECT 1 AS id, 2 AS id, 3 AS other, 4 AS id")
        #expect(repeated.text == #"{"rows":[{"id":"1","id_2":"2","other":"3","id_3":"4"}]}"#)
        let binary = try await query("SELECT CAST(x'ff' AS TEXT)")
        #expect(binary.status == .toolError && binary.text.contains("not UTF-8"), "\(binary.text)")
        #expect(try await query("SELECT hex(x'ff') AS x").text == #"{"rows":[{"x":"FF"}]}"#)
        #expect(try await call("close_database", ["database": database]).status == .ok)
    }
}
