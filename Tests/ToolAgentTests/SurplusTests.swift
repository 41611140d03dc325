import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("A message with more calls than are run")
struct SurplusTests {
    private static let calls = Array(repeating: Chunk.call("counted"), count: 300)

    private struct Counted: ProgramTool {
        let schema: JSONObject = ["name": "counted"]
        func execute(_ arguments: JSONObject) async throws -> ToolReply { .text("done") }
    }

    /// An answer in one of its forms.
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lines: [String]
    }

    private static func line(_ calls: [JSON], done: Bool = false) -> String {
        let message: JSON = ["role": "assistant", "content": "", "tool_calls": .array(calls)]
        return JSON.object(["message": message, "done": .bool(done)]).text()
    }

    @Test(
        "is kept with those that are answered, and one answer tells of the others",
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
        let scenario = try await Scenario(
            [.lines(form.lines), .lines(Chunk.content("Done."), Chunk.done())],
            tools: [Counted()]
        )
        _ = try await scenario.respond(to: "Count")
        let messages = try #require(try scenario.requests().last?["messages"]?.array)
        let calls = try #require(messages[1]["tool_calls"]?.array)
        let results = messages.dropFirst(2)
        #expect(calls.count == 129 && results.count == 129)
        // Each call that stands in the history is followed by its result.
        #expect(calls.map { $0["id"] } == results.map { $0["tool_call_id"] })
        #expect(results.dropLast().allSatisfy { $0["content"] == "done" })
        let sentence =
            "Not run: at most 128 calls of one message are run, and this one and 171 more after it were not. Call again."
        #expect(results.last?["content"]?.string == sentence)
        #expect(scenario.events.finished.map(\.place).sorted() == Array(0..<129))
        #expect(scenario.events.answers.count { $0.status == .notRun } == 1)
    }

    @Test(
        "is read in every form",
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
        let answer = try RecordedResult(parsing: Array(text.utf8))
        #expect(answer.calls.count == 128)
        #expect(answer.surplusAnswer?.status == .notRun)
        #expect(answer.surplusAnswer?.text.contains("this one and 171 more after it") == true)
        #expect(answer.refusals("it rains").map(\.text) == Array(repeating: "Not run: it rains.", count: 129))
        #expect(try RecordedResult(parsing: Array(text.utf8), maximumCalls: 300).surplusAnswer == nil)
        let all = try RecordedResult(parsing: Array(text.utf8), maximumCalls: 299)
        #expect(all.surplusAnswer?.text.contains("and this one was not.") == true)
    }
}

@Suite("A conversation")
struct ConversationSizeTests {
    private struct Picture: ProgramTool {
        let schema: JSONObject = [
            "name": "draw", "parameters": ["type": "object", "properties": ["bytes": ["type": "integer"]]],
        ]
        func execute(_ arguments: JSONObject) async throws -> ToolReply {
            ToolReply([.image(.png(Array(repeating: 7, count: arguments["bytes"]?.int ?? 0)))])
        }
    }

    @Test("keeps the small pictures of results beside huge ones, which are not sent with each request")
    func pictures() async throws {
        let sizes = [1000, 20 << 20, 2000, 9 << 20, 8 << 20]
        let calls = sizes.map { Chunk.call("draw", ["bytes": .int($0)]) }
        let scenario = try await Scenario(
            [
                .lines(Chunk.done("stop", ["tool_calls": .array(calls)])),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Picture()]
        )
        _ = try await scenario.respond(to: "Draw")
        let results = await scenario.agent.messages.filter { $0.role == .tool }
        #expect(results.map { $0.images.map(\.count) } == [[1000], [], [2000], [], [8 << 20]])
        let note = "[image/png, 20971520 bytes]\n[The pictures of this result are too large to be shown.]"
        #expect(results[1].content == note)
    }

    @Test("that is too long to be sent is told, and not sent")
    func tooLong() async throws {
        let server = try ScriptedServer([])
        let client = OllamaClient(
            endpoint: OllamaEndpoint(environment: ["OLLAMA_HOST": server.address]),
            maximumBytes: 1000
        )
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        let agent = Agent(model: "m", client: client, host: ToolHost(), configuration: configuration)
        let error = await #expect(throws: OllamaError.self) {
            try await agent.respond(to: String(repeating: "\u{1}", count: 300))
        }
        #expect(error?.message.contains("longer than 1000 bytes, so it was not sent") == true)
        #expect(await agent.messages.isEmpty)
    }
}
