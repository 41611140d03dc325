import OllamaClient
import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

@Suite("Calls with invalid arguments", .timeLimit(.minutes(10)))
struct InvalidCallTests {
    private static func call(_ arguments: JSON, of name: String = "add") -> ScriptedModel.Reply {
        .lines(Chunk.calls(Chunk.call(name, arguments)), Chunk.done())
    }

    private static func invalid(_ number: Int) -> ScriptedModel.Reply { call(["a": .int(number)]) }

    private static let done = ScriptedModel.Reply.lines(Chunk.content("Done."), Chunk.done())

    @Test("after three failures in a row the result asks for other calls, and further calls of the tool are not run")
    func exhausted() async throws {
        let valid = Self.call(["a": 1, "b": 2])
        let other = Self.call(["a": 3, "b": 2], of: "multiply")
        let scenario = try Scenario(
            [Self.invalid(1), Self.invalid(2), Self.invalid(3), valid, other, Self.done],
            tools: [NumberTool.add, NumberTool.multiply]
        )
        #expect(try await scenario.respond(to: "Go").reason == .answered)
        let results = scenario.events.results
        #expect(results.map(\.status) == [.invalidArguments, .invalidArguments, .invalidArguments, .notRun, .ok])
        let contents = scenario.agent.messages.filter { $0.role == .tool }.map(\.content)
        #expect(contents.map { $0.contains("Do not call this tool again") } == [false, false, true, false, false])
        // The explanation of the failure comes first.
        #expect(contents[2].hasPrefix("The arguments do not fit add:"))
        #expect(contents[3].hasPrefix("Not run: the last calls of this tool had invalid arguments"))
        #expect(scenario.events.warnings.count == 1 && scenario.events.warnings[0].contains("add"))
    }

    @Test("a call that fits ends the row of failures")
    func reset() async throws {
        let valid = Self.call(["a": 1, "b": 2])
        let scenario = try Scenario(
            [Self.invalid(1), Self.invalid(2), valid, Self.invalid(3), Self.invalid(4), valid, Self.done],
            tools: [NumberTool.add]
        )
        #expect(try await scenario.respond(to: "Go").reason == .answered)
        #expect(scenario.events.results.count { $0.status == .notRun } == 0)
        #expect(scenario.events.warnings.isEmpty)
    }

    @Test("the failures of one message count once, because the model has seen none of their results")
    func parallel() async throws {
        let calls = (1...5).map { Chunk.call("add", ["a": .int($0)]) }
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(calls[0], calls[1], calls[2], calls[3], calls[4]), Chunk.done()),
                Self.call(["a": 1, "b": 2]), Self.done,
            ],
            tools: [NumberTool.add]
        )
        _ = try await scenario.respond(to: "Go")
        #expect(scenario.events.results.map(\.status) == Array(repeating: .invalidArguments, count: 5) + [.ok])
    }

    @Test("each response has a separate budget")
    func responses() async throws {
        let scenario = try Scenario(
            [
                Self.invalid(1), Self.invalid(2), Self.invalid(3), Self.done, Self.call(["a": 1, "b": 2]), Self.done,
            ],
            tools: [NumberTool.add]
        )
        _ = try await scenario.respond(to: "Go")
        _ = try await scenario.respond(to: "Again")
        #expect(scenario.events.results.last?.status == .ok)
    }
}
