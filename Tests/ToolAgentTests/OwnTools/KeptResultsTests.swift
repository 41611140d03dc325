import Testing
import ToolHost

@testable import ToolAgent

@Suite("The store of long results")
struct KeptResultsTests {
    private static func result(_ count: Int, of tool: String = "long") -> ToolResult {
        ToolResult(call: ToolCall(name: tool), status: .ok, parts: [.text(String(repeating: "x", count: count))])
    }

    @Test("a result gets a handle if it is longer than the limit for the model")
    func handles() {
        let results = KeptResults()
        #expect(results.keep(Self.result(10), limit: 10) == nil)
        #expect(results.keep(Self.result(11), limit: 10) == "result_1")
        #expect(results.keep(Self.result(11), limit: 10) == "result_2")
        #expect(results.entry("result_2").entry?.text.count == 11)
        #expect(results.limit == 10)
        // 30 bytes are 10 characters.
        let short = ToolResult(call: ToolCall(name: "short"), status: .ok, parts: [.text("€€€€€€€€€€")])
        #expect(results.keep(short, limit: 10) == nil)
        // A part of a result needs no handle.
        #expect(results.keep(Self.result(11, of: "read_result"), limit: 10) == nil)
    }

    @Test("the oldest results are dropped first, and a result that is too long is not stored")
    func eviction() {
        let results = KeptResults(maximumBytes: 100)
        for _ in 0..<4 { _ = results.keep(Self.result(40), limit: 10) }
        #expect(["result_1", "result_2"].allSatisfy { results.entry($0).entry == nil })
        #expect(["result_3", "result_4"].allSatisfy { results.entry($0).entry != nil })
        #expect(results.entry("result_1").sentence.contains("was dropped"))
        #expect(results.entry("result_1").sentence.contains("kept: result_3, result_4."))
        #expect(results.keep(Self.result(101), limit: 10) == nil)
        #expect(results.entry("result_4").entry != nil)
    }

    @Test(
        "a handle that does not exist has a sentence that names those that do",
        arguments: [
            "", "result_", "result_0", "result_2", "result_-1", "result_01x", "RESULT_1", "result_99999999999999999999",
            "result_1\0", "1", String(repeating: "result_", count: 1_000),
        ]
    )
    func unknown(handle: String) {
        let results = KeptResults()
        _ = results.keep(Self.result(11), limit: 10)
        let (entry, sentence) = results.entry(handle)
        #expect(entry == nil)
        #expect(sentence.hasPrefix("There is no result") && sentence.hasSuffix("These are kept: result_1."))
        #expect(sentence.count < 200)
    }

    @Test("the handles of earlier runs are not given again, and their absence is explained")
    func earlierRuns() {
        let results = KeptResults()
        results.avoidHandles(in: [
            "call read_result with handle result_7, offset 5", "rresult_12", "result_", "result_9999999 is too long",
        ])
        #expect(results.keep(Self.result(11), limit: 10) == "result_13")
        #expect(results.entry("result_12").sentence.contains("earlier run"))
        #expect(results.entry("result_14").sentence.contains("There is no result"))
    }
}
