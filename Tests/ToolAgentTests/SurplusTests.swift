import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("Messages with too many calls")
struct SurplusTests {
    private static let calls = Array(repeating: Chunk.call("counted"), count: 300)

    private struct Counted: ProgramTool {
        let schema: JSONObject = ["name": "counted"]
        func execute(_ arguments: JSONObject) async throws -> ToolReply { .text("done") }
    }

    /// One form of a response.
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lines: [String]
    }

    private static func line(_ calls: [JSON], done: Bool = false) -> String {
        let message: JSON = ["role": "assistant", "content": "", "tool_calls": .array(calls)]
        return JSON.object(["message": message, "done": .bool(done)]).text()
    }

    @Test(
        "a message with too many calls is kept with as many as have results, and one result reports the others",
        arguments: [
            Form(testDescription: "one line", lines: [line(calls, done: true)]),
            Form(testDescription: "a line each", lines: calls.map { line([$0]) } + [Chunk.done()]),
            Form(
                testDescription: "two lines, cut below the limit",
                lines: [line(Array(calls[..<100])), line(Array(calls[100...])), Chunk.done()]
            ),
            Form(
                testDescription: "two lines, cut behind the limit",
                lines: [line(Array(calls[..<129])), line(Array(calls[129...])), Chunk.done()]
            ),
        ]
    )
    func agent(form: Form) async throws {
        let scenario = try Scenario(
            server: [.lines(form.lines), .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Counted()]
        )
        _ = try await scenario.respond(to: "Count")
        let messages = try #require(try scenario.requests().last?["messages"]?.array)
        let calls = try #require(messages[1]["tool_calls"]?.array)
        let results = messages.dropFirst(2)
        #expect(calls.count == 129 && results.count == 129)
        // Each call in the conversation has a result.
        #expect(calls.map { $0["id"] } == results.map { $0["tool_call_id"] })
        #expect(results.dropLast().allSatisfy { $0["content"] == "done" })
        let sentence =
            "Not run: at most 128 calls of one message are run, and this one and 171 more after it were not. Call again."
        #expect(results.last?["content"]?.string == sentence)
        #expect(scenario.events.finished.map(\.index).sorted() == Array(0..<129))
        #expect(scenario.events.results.count { $0.status == .notRun } == 1)
    }

    @Test(
        "a recorded response with too many calls is read in each form",
        arguments: [
            Form(testDescription: "a response", lines: [line(calls, done: true)]),
            Form(testDescription: "a message", lines: [JSON.object(["tool_calls": .array(calls)]).text()]),
            Form(testDescription: "a line each", lines: calls.map { line([$0]) } + [Chunk.done()]),
            Form(
                testDescription: "two lines",
                lines: [line(Array(calls[..<129])), "", line(Array(calls[129...]), done: true)]
            ),
        ]
    )
    func recorded(form: Form) throws {
        let text = form.lines.joined(separator: "\n")
        let recorded = try RecordedResponse(parsing: Array(text.utf8))
        #expect(recorded.calls.count == 128)
        #expect(recorded.surplusResult?.status == .notRun)
        #expect(recorded.surplusResult?.text.contains("this one and 171 more after it") == true)
        #expect(
            recorded.refusals(because: "it rains").map(\.text) == Array(repeating: "Not run: it rains.", count: 129)
        )
        #expect(try RecordedResponse(parsing: Array(text.utf8), maximumCalls: 300).surplusResult == nil)
        let all = try RecordedResponse(parsing: Array(text.utf8), maximumCalls: 299)
        #expect(all.surplusResult?.text.contains("and this one was not.") == true)
    }
}
