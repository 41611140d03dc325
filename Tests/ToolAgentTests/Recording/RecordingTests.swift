import Foundation
import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

@Suite("Recordings", .timeLimit(.minutes(10)))
struct RecordingTests {
    private let directory: FixtureDirectory
    private var path: String { directory.path + "/chat.jsonl" }

    init() throws { directory = try FixtureDirectory() }

    private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    private func lines() throws -> [JSON] {
        try bytes().split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: $0) }
    }

    @Test("a replay has the events and the outcomes of the recorded conversation", arguments: RecordedScenario.all)
    func replays(scenario: RecordedScenario) async throws {
        let recorded = try await scenario.record(to: path)
        let recording = try Recording(parsing: bytes())
        var configuration = HostConfiguration()
        configuration.limits.calls = recording.calls
        let replay = Replay(recording)
        let log = try await replay.log(in: ToolHost(configuration))
        #expect(log.lines == recorded.lines)
        #expect(replay.calls.isEmpty)
        let isCompacted = recorded.lines.contains { $0.contains("omit older parts") }
        #expect(isCompacted == (scenario.name == "a conversation that is compacted"))
    }

    @Test("a recording has each message and each reply once")
    func deltas() async throws {
        _ = try await RecordedScenario.all[2].record(to: path)
        let first = try lines()
        let kinds = first.compactMap { $0.object?.first?.key }
        #expect(kinds.prefix(4) == ["toolhost_recording", "conversation", "prompt", "request"])
        #expect(kinds.count { $0 == "outcome" } == 3)
        // Each request has only the messages that are new.
        let requests = first.compactMap { $0["request"] }
        #expect(requests.map { $0["kept"] } == [0, 1, 3, 5, 7])
        #expect(requests[0]["messages"] == [["role": "user", "content": "One"]])
        #expect(requests[1]["messages"] == [["role": "assistant"], ["role": "tool", "tool_name": "add"]])
        #expect(!first.contains { $0["surplus_calls"] != nil || $0["prompt"]?["images"] != nil })
        #expect(requests.allSatisfy { $0["tools"] == ["add"] && $0["model"] == "qwen3" })
    }

    @Test("a conversation that was continued or changed is another conversation in the recording")
    func continued() async throws {
        let writer = try RecordingWriter(path: path)
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        configuration.system = "Be brief."
        configuration.observers = [writer.observe]
        let replies = ["A", "B", "C"].map { ScriptedModel.Reply.lines(Chunk.content($0), Chunk.done()) }
        let call = OllamaToolCall(id: "a", name: "add", arguments: ["a": 1, "b": 2])
        let agent = try Agent(
            model: "qwen3",
            client: ScriptedModel(replies),
            host: ToolHost(),
            messages: [
                ChatMessage(role: .user, content: "Before", images: [[1, 2, 3]]),
                ChatMessage(role: .assistant, toolCalls: [call]),
                ChatMessage(role: .tool, content: "3", toolName: "add", toolCallID: "a"),
                ChatMessage(role: .assistant, content: "Three."),
            ],
            configuration: configuration
        )
        var texts: [String] = []
        texts.append(try await agent.respond(to: "One").text)
        texts.append(try await agent.respond(to: "Two").text)
        try agent.undo()
        texts.append(try await agent.respond(to: "Three").text)
        #expect(try lines().compactMap { $0["conversation"]?["messages"]?.array?.count } == [4, 6])
        let log = try await Replay(Recording(parsing: bytes())).log()
        #expect(log.lines.filter { $0.hasPrefix("content: ") } == texts.map { "content: \($0)" })
    }

    @Test("a recording has the mode 0600 and no credentials")
    func secrets() async throws {
        let server = try ScriptedServer([.lines(Chunk.content("Hi."), Chunk.done())])
        let port = server.address.split(separator: ":").last ?? ""
        let client = OllamaClient(environment: ["OLLAMA_HOST": "http://ada:pa55word@127.0.0.1:\(port)"])
        var configuration = AgentConfiguration()
        configuration.learnsContextSize = false
        let writer = try RecordingWriter(path: path)
        configuration.observers = [writer.observe]
        let agent = Agent(model: "qwen3", client: client, host: ToolHost(), configuration: configuration)
        #expect(try await agent.respond(to: "Hello").text == "Hi.")
        let text = String(decoding: try bytes(), as: UTF8.self)
        #expect(text.contains("Hi."))
        #expect(!text.contains("pa55word") && !text.contains("uthorization"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a recording replaces an earlier recording, and no other file")
    func replacing() async throws {
        let scenario = RecordedScenario.all[0]
        _ = try await scenario.record(to: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let log = try await scenario.record(to: path)
        #expect(try await Replay(Recording(parsing: bytes())).log().lines == log.lines)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let notes = try directory.file("notes", "My notes".utf8)
        let link = directory.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        let pipe = directory.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let cases = [
            (notes, "exists already and is no recording"), (link, "is a symbolic link"),
            (pipe, "is not a regular file"),
            (directory.path, "cannot be opened"), (directory.path + "/none/chat", "cannot be created"),
            ("/dev/null", "is not a regular file"),
        ]
        for (file, words) in cases {
            let error = #expect(throws: OutputFileError.self) { try RecordingWriter(path: file) }
            #expect(error?.reason.contains(words) == true, "\(file): \(error?.reason ?? "")")
        }
        #expect(try String(contentsOfFile: notes, encoding: .utf8) == "My notes")
    }

    @Test("a recording that would be too long ends, and the conversation continues")
    func tooLong() async throws {
        let text = String(repeating: "a", count: 30 << 20)
        let scenario = try Scenario(
            [
                .lines(Chunk.calls(Chunk.call("long", ["part": 1])), Chunk.done()),
                .lines(Chunk.calls(Chunk.call("long", ["part": 2])), Chunk.done()),
                .lines(Chunk.calls(Chunk.call("long", ["part": 3])), Chunk.done()),
                .lines(Chunk.content("Done."), Chunk.done()),
            ],
            tools: [Fixed(name: "long", output: .text(text))]
        ) { configuration in
            do {
                let writer = try RecordingWriter(path: path)
                configuration.observers = [writer.observe, { if case .ended = $0 { #expect(writer.failure != nil) } }]
            } catch {
                Issue.record(error)
            }
        }
        #expect(try await scenario.respond(to: "Go").text == "Done.")
        #expect(try bytes().count <= Recording.maximumBytes)
        #expect(throws: AgentError.self) { try Recording(parsing: bytes()) }
    }
}
