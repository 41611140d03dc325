import Foundation
import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

@Suite("Traces", .timeLimit(.minutes(10)))
struct ConversationTraceTests {
    private let directory: FixtureDirectory
    private var path: String { directory.path + "/trace.json" }

    init() throws { directory = try FixtureDirectory() }

    private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    @Test("the trace of a conversation follows the rules of the format", arguments: RecordedScenario.all)
    func rules(scenario: RecordedScenario) async throws {
        let trace = try ConversationTrace(path: path)
        _ = try await scenario.run(observers: [trace.observe])
        trace.finish()
        trace.finish()
        let check = TraceCheck(try bytes())
        #expect(check.violations == [])
        #expect(check.details("response").count == scenario.prompts.count)
        #expect(trace.failure == nil)
    }

    @Test("a trace shows the rounds, the requests and the parallel calls")
    func slices() async throws {
        let trace = try ConversationTrace(path: path)
        _ = try await RecordedScenario.all[1].run(observers: [trace.observe])
        trace.finish()
        let check = TraceCheck(try bytes())
        let request = ["  request", "   wait for first byte", "   reply"]
        #expect(
            check.slices(on: 1) == ["response", " round 1"] + request + ["  calls", " round 2"] + request
        )
        #expect(check.slices(on: 10) == ["get_temperature", " wait", " run"])
        #expect(check.slices(on: 12) == ["nope", " wait"])
        #expect(check.tracks == [0: "toolhost", 1: "conversation", 10: "call 1", 11: "call 2", 12: "call 3"])
        #expect(Set(check.details("get_temperature").map { $0["status"] }) == ["ok", "invalid_arguments"])
        #expect(check.details("nope") == [["status": "unknown_tool", "bytes": 52]])
        #expect(check.details("request").last == ["prompt_tokens": 12, "output_tokens": 5])
        // The text of the conversation is not in the trace.
        let text = String(decoding: try bytes(), as: UTF8.self)
        #expect(!text.contains("London") && !text.contains("That is"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("the trace of a terminated process lacks only the ends")
    func interrupted() async throws {
        let trace = try ConversationTrace(path: path)
        var copy: [UInt8] = []
        _ = try await RecordedScenario.all[1].run(observers: [trace.observe])
        let calls = [ToolCall(name: "\u{1B}[2J\"\n"), ToolCall(name: "")]
        trace.observe(.reported(.toolCalls(calls)))
        trace.observe(.reported(.call(DispatchEvent(callIndex: 0, kind: .started(calls[0])))))
        copy = try bytes()
        let check = TraceCheck(copy + Array("\n]".utf8))
        #expect(check.violations.count == 3 && check.violations.allSatisfy { $0.contains("open are") })
        trace.finish()
        #expect(TraceCheck(try bytes()).violations == [])
    }

    @Test("a trace with too many events omits slices as a whole")
    func bounded() throws {
        let file = try TraceFile(path: path, maximumEvents: 6)
        for number in 0..<4 {
            file.begin("outer \(number)", on: 1)
            file.begin("inner", on: 1)
            file.mark("mark", on: 1)
            file.end(on: 1)
            file.end(on: 1)
        }
        file.finish()
        let check = TraceCheck(try bytes())
        #expect(check.violations == [])
        #expect(check.slices(on: 1) == ["outer 0", " inner"])
    }

    @Test("a trace replaces an earlier trace, and no other file")
    func replacing() throws {
        for _ in 0..<2 {
            let trace = try ConversationTrace(path: path)
            trace.finish()
            #expect(TraceCheck(try bytes()).violations == [])
        }
        let recording = try directory.file("chat.jsonl", (Recording.beginning + "1}\n").utf8)
        let error = #expect(throws: OutputFileError.self) { try ConversationTrace(path: recording) }
        #expect(error?.reason.contains("is no trace") == true)
        // While it is written, no other process may replace it.
        let trace = try ConversationTrace(path: path)
        let busy = #expect(throws: OutputFileError.self) { try ConversationTrace(path: path) }
        #expect(busy?.reason.contains("another process is writing it") == true)
        trace.finish()
    }
}
