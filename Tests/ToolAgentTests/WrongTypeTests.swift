import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("Chunks with members of wrong types", .timeLimit(.minutes(10)))
struct WrongTypeTests {
    /// A tool that accepts everything.
    private struct Anything: ProgramTool {
        let schema: JSONObject = ["name": "add", "parameters": ["type": "object", "properties": [:]]]

        func execute(_ arguments: JSONObject) async throws -> ToolReply { "ok" }
    }

    private static let chunk: JSON = [
        "model": "m", "created_at": "2025-01-01T00:00:00Z", "done": true, "done_reason": "stop",
        "message": [
            "role": "assistant", "content": "Hi", "thinking": "Hm", "images": ["AQID"], "tool_name": "n",
            "tool_calls": [["id": "c", "function": ["index": 0, "name": "add", "arguments": ["a": 1]]]],
        ],
        "total_duration": 1, "load_duration": 1, "prompt_eval_count": 1, "prompt_eval_duration": 1, "eval_count": 1,
        "eval_duration": 1,
    ]

    @Test("with a member of any type in any place, each call has one result and the response ends")
    func variants() async throws {
        let variants = Self.chunk.variants
        #expect(variants.count > 200)
        for variant in variants {
            let scenario = try Scenario(
                [.lines(variant.text())] + Array(repeating: .lines(Chunk.content("Done."), Chunk.done()), count: 8),
                tools: [Anything()]
            )
            do {
                _ = try await scenario.respond(to: "Go")
            } catch let error as OllamaError {
                #expect(error.code == .incompleteResponse, "\(variant)")
            }
            let messages = scenario.agent.messages
            #expect(
                messages.flatMap { $0.toolCalls.map(\.id) } == messages.filter { $0.role == .tool }.map(\.toolCallID)
            )
        }
    }
}
