import Locks
import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("Models that repeat their calls", .timeLimit(.minutes(10)))
struct CallLoopTests {
    /// A tool whose result is the number of the call.
    private final class Poll: ProgramTool {
        private let calls = Lock(0)
        let schema: JSONObject = ["name": "poll"]

        func execute(_ arguments: JSONObject) async throws -> ToolReply {
            .text("\(calls.withLock { $0 += 1; return $0 })")
        }
    }

    private static func call(_ name: String, _ arguments: JSON = [:]) -> ScriptedModel.Reply {
        .lines(Chunk.calls(Chunk.call(name, arguments)), Chunk.done())
    }

    private static let done = ScriptedModel.Reply.lines(Chunk.content("Done."), Chunk.done())

    @Test("the third equal call is not run, and its result asks the model to answer")
    func told() async throws {
        let counter = Counter()
        let again = Self.call("count")
        let scenario = try Scenario([again, again, again, Self.done], tools: [counter])
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .answered, text: "Done.", rounds: 3))
        #expect(counter.count == 2)
        #expect(scenario.events.results.map(\.status) == [.ok, .ok, .notRun])
        let results = scenario.agent.messages.filter { $0.role == .tool }.map(\.content)
        #expect(results[1] == "counted")
        #expect(results[2].hasPrefix("Not run: you have already made this call with the same arguments"))
        #expect(scenario.events.warnings.count == 1 && scenario.events.warnings[0].contains("such as count"))
    }

    @Test("a model that repeats the call even then ends the response, and each call has a result")
    func ended() async throws {
        let counter = Counter()
        let scenario = try Scenario(Array(repeating: Self.call("count"), count: 9) + [Self.done], tools: [counter])
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .repeatedCalls, text: "", rounds: 4))
        #expect(counter.count == 2)
        #expect(try scenario.requests().count == 4)
        let messages = scenario.agent.messages
        #expect(messages.flatMap(\.toolCalls).map(\.id) == messages.compactMap(\.toolCallID))
        #expect(scenario.events.warnings.count == 1)
        // The next prompt begins anew.
        #expect(try await scenario.respond(to: "Again").reason == .repeatedCalls)
        #expect(counter.count == 4)
    }

    @Test("calls that alternate are a loop, too")
    func alternating() async throws {
        let (first, second) = (Self.call("count"), Self.call("Bare"))
        let scenario = try Scenario(
            [first, second, first, second, first, second, first, Self.done],
            tools: [Counter(), Bare()]
        )
        #expect(try await scenario.respond(to: "Go").reason == .repeatedCalls)
        #expect(scenario.events.results.map(\.status) == [.ok, .ok, .ok, .ok, .notRun, .notRun])
    }

    @Test("a call whose result changes may be repeated up to the round limit")
    func polling() async throws {
        let replies = Array(repeating: Self.call("poll"), count: 10)
        let scenario = try Scenario(replies + [Self.done], tools: [Poll()])
        #expect(try await scenario.respond(to: "Wait") == AgentOutcome(reason: .answered, text: "Done.", rounds: 10))
        #expect(scenario.events.warnings.isEmpty)
    }
}
