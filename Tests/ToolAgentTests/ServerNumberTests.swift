import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("Extreme numbers of a server", .timeLimit(.minutes(10)))
struct ServerNumberTests {
    private static let fields = [
        ["context_length"], ["prompt_eval_count"], ["eval_count"], ["prompt_eval_count", "eval_count"],
        ["total_duration"], ["load_duration"], ["prompt_eval_duration"], ["eval_duration"], ["index"], ["created_at"],
    ]

    @Test("extreme numbers of a server do not prevent a call or an answer", arguments: fields, ExtremeNumber.all)
    func conversation(fields: [String], number: ExtremeNumber) async throws {
        let value = try number.json
        let counts = JSONObject(fields.map { ($0, value) })
        let done = Chunk.done(counts: counts)
        let running: JSON = ["models": [.object(JSONObject([("name", "qwen3")] + fields.map { ($0, value) }))]]
        var call = Chunk.call("long").object ?? [:]
        call["function"] = .object(
            JSONObject([("name", "long"), ("arguments", [:])] + fields.map { ($0, value) })
        )
        let scenario = try Scenario(
            server: [
                .json(done), .json(running.text()), .lines(Chunk.calls(.object(call)), done),
                .lines(Chunk.content("Done."), done),
            ],
            tools: [Fixed(name: "long", output: .text(String(repeating: "a", count: 100_000)))]
        ) { $0.learnsContextSize = true }
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .answered, text: "Done.", rounds: 1))
        let size = fields == ["context_length"] ? number.integer(in: 1...2_147_483_647) : nil
        #expect(try scenario.requests().last?["options"]?["num_ctx"]?.int == size)
    }

    @Test("an invalid size in the options is ignored, and sent unchanged", arguments: ExtremeNumber.all)
    func size(number: ExtremeNumber) async throws {
        let value = try number.json
        let scenario = try Scenario(
            server: [
                .lines(Chunk.calls(Chunk.call("Bare")), Chunk.done()), .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Bare()]
        ) { $0.options = ["num_ctx": value] }
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome.reason == .answered)
        #expect(try scenario.requests().map { $0["options"] } == [["num_ctx": value], ["num_ctx": value]])
    }
}
