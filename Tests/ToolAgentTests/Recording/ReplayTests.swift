import Foundation
import Locks
import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

@Suite("Replays with tools that run", .timeLimit(.minutes(10)))
struct ReplayTests {
    private let directory: FixtureDirectory
    private var path: String { directory.path + "/chat.jsonl" }

    init() throws { directory = try FixtureDirectory() }

    /// Records a conversation with a call of `add` and one of `get_temperature`.
    private func recording() async throws -> Recording {
        let calls = Chunk.calls(
            Chunk.call("add", ["a": 1, "b": 2]),
            Chunk.call("get_temperature", ["city": "London"]),
            Chunk.call("add", ["a": 2, "b": 2])
        )
        let scenario = RecordedScenario(
            name: "",
            replies: [.lines(calls, Chunk.done()), .lines(Chunk.content("Done."), Chunk.done())],
            tools: [NumberTool.add, CityTool.temperature]
        )
        _ = try await scenario.record(to: path)
        return try Recording(parsing: Array(Data(contentsOf: URL(filePath: path))))
    }

    private func host(_ tool: any ProgramTool) throws -> ToolHost {
        let host = ToolHost()
        try host.register(Tool(tool))
        return host
    }

    @Test("the chosen tools run, and all other results are the recorded ones")
    func running() async throws {
        let replay = Replay(try await recording(), running: ["add"])
        let log = try await replay.log(in: host(NumberTool.add))
        #expect(replay.calls.map(\.tool) == ["add", "add"] && replay.replayedCount == 1)
        #expect(replay.calls.allSatisfy { $0.hasSameStatus && $0.hasSameContent })
        #expect(log.lines.contains("result 1: get_temperature ok 15C"))
        #expect(Set(replay.calls.map(\.line)).isSubset(of: [7, 8, 9]))
    }

    @Test("a tool that is not chosen does not run")
    func notChosen() async throws {
        let counter = Counter()
        let scenario = RecordedScenario(
            name: "",
            replies: [
                .lines(Chunk.calls(Chunk.call("count")), Chunk.done()), .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [counter]
        )
        let log = try await scenario.record(to: path)
        #expect(counter.count == 1)
        let recording = try Recording(parsing: Array(Data(contentsOf: URL(filePath: path))))
        let replay = Replay(recording)
        #expect(try await replay.log(in: host(counter)).lines == log.lines)
        #expect(counter.count == 1)
    }

    @Test("another result is reported and updates the recording, and the replay continues")
    func differences() async throws {
        let subtract = NumberTool(name: "add", description: "Add two numbers") { $0 - $1 }
        let recording = try await recording()
        let replay = Replay(recording, running: ["add"])
        _ = try await replay.log(in: host(subtract))
        let texts = replay.calls.map { "\($0.text.recorded) \($0.text.new)" }.sorted()
        #expect(texts == ["3 -1", "4 0"])
        #expect(replay.calls.allSatisfy { $0.hasSameStatus && !$0.hasSameContent })

        let updated = Replay(try Recording(parsing: replay.updatedRecording()), running: ["add"])
        _ = try await updated.log(in: host(subtract))
        #expect(updated.calls.count == 2 && updated.calls.allSatisfy { $0.hasSameStatus && $0.hasSameContent })
    }

    @Test("a tool that fails, or is missing, has another status")
    func failures() async throws {
        struct Failing: ProgramTool {
            var schema: JSONObject { ["name": "add"] }
            func execute(_ arguments: JSONObject) async throws -> ToolReply { throw ToolError.error("No.") }
        }
        let recording = try await recording()
        let failing = Replay(recording, running: ["add"])
        _ = try await failing.log(in: host(Failing()))
        #expect(failing.calls.allSatisfy { $0.status == (.toolError, .ok) && $0.text.new == "No." })
        let missing = Replay(recording, running: ["add"])
        _ = try await missing.log()
        #expect(missing.calls.map(\.status.new) == [.unknownTool, .unknownTool])
    }

    @Test("calls of a replay are calls of a model, so the gate decides about them")
    func gate() async throws {
        let requests = Lock<[AuthorizationPrompt]>([])
        var configuration = HostConfiguration()
        configuration.authorization.policy.confirmation = .everyCall
        configuration.authorization.asker = { prompts in
            requests.withLock { $0 += prompts }
            return prompts.map { _ in .deny }
        }
        let host = ToolHost(configuration)
        try host.register(Tool(NumberTool.add))
        let replay = Replay(try await recording(), running: ["add"])
        _ = try await replay.log(in: host)
        #expect(replay.calls.map(\.status.new) == [.denied, .denied])
        #expect(requests.withLock { $0.count == 2 && $0.allSatisfy { $0.request.origin == .model } })
    }

    @Test("a cancelled replay ends")
    func cancelled() async throws {
        let replay = Replay(try await recording())
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await replay.log()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
