import Foundation
import TestSupport
import Testing
import ToolJSON

/// The programs that show how to embed toolhost: `Tests/ReadmeExample` and `Examples/Embedder`.
@Suite("The examples of embedding", .timeLimit(.minutes(10)))
struct EmbedderTests {
    /// The replies to the two requests with which an agent determines the size of the context window.
    private static let beginning: [ScriptedServer.Reply] = [
        .json(#"{"model":"qwen3","message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}"#),
        .json(#"{"models":[]}"#),
    ]

    // MARK: - The README

    @Test("the first example of the README is a program that is tested, in at most 15 lines")
    func firstExampleIsInTheReadme() throws {
        let program = try Self.text("Tests/ReadmeExample/main.swift")
        #expect(try Self.text("README.md").contains("```swift\n" + program + "```\n"))
        #expect(program.split(separator: "\n", omittingEmptySubsequences: false).count <= 15)
    }

    @Test("the second example of the README is part of the embedder, which has at most 40 lines")
    func secondExampleIsInTheReadme() throws {
        let program = try Self.text("Examples/Embedder/Sources/Embedder/main.swift")
        let begin = try #require(program.range(of: "    var configuration"))
        let end = try #require(program.range(of: "    for case .broken"))
        let excerpt = program[begin.lowerBound..<end.lowerBound].split(separator: "\n").map { $0.dropFirst(4) + "\n" }
        #expect(try Self.text("README.md").contains("```swift\n" + excerpt.joined() + "```\n"))
        #expect(program.split(separator: "\n", omittingEmptySubsequences: false).count <= 41)
    }

    @Test("the first example of the README lets a model call its functions and prints the answer")
    func firstExampleLetsAModelCallItsFunctions() throws {
        let server = try ScriptedServer(
            Self.beginning + [
                .lines(Chunk.calls(Chunk.call("add", ["a": 11434, "b": "12341"], id: "a")), Chunk.done()),
                .lines(Chunk.calls(Chunk.call("multiply", ["a": 23775, "b": 412], id: "b")), Chunk.done()),
                .lines(Chunk.content("It is 9795300."), Chunk.done()),
            ]
        )
        let program = try RunningProgram("ReadmeExample", server: server)
        #expect(program.finish() == 0)
        #expect(program.output == "It is 9795300.\n")

        let last = try JSON(parsing: try #require(server.requests.last).body)
        #expect(last[pointer: "/tools/0/function/name"] == "add")
        #expect(last[pointer: "/tools/0/function/description"] == "Add two numbers.")
        #expect(last[pointer: "/messages/2/content"] == "23775")
        #expect(last[pointer: "/messages/4/content"] == "9795300")
    }

    // MARK: - The embedder

    /// A directory with a plugin that needs a permission, in a process whose identifier is the result of its tool.
    private static func directory() throws -> FixtureDirectory {
        let directory = try FixtureDirectory()
        let data = try directory.directory("data")
        try directory.directory("plugins")
        try directory.plugin(
            "plugins/look.so",
            FixtureSource.tool(
                "look",
                manifest: #"{"name":"look","permissions":{"read":["\#(data)"]}}"#,
                body: #"tool_print(call, "seen by %d", (int)getpid()); return tool_finish(call, TOOL_OK);"#
            )
        )
        return directory
    }

    @Test("the embedder streams the answer, runs an approved call in a worker and does not run a denied one")
    func asksBeforeCalls() throws {
        let directory = try Self.directory()
        let gate = ScriptedServer.Gate()
        var answer = ScriptedServer.Reply.lines(Chunk.content("Seen, "), Chunk.content("kept\u{1B}[2J."), Chunk.done())
        answer.steps.insert(.wait(gate), at: 1)
        let look = Chunk.call("look", id: "a")
        let delete = Chunk.call("delete_meeting", ["title": "Lunch"], id: "b", index: 1)
        let server = try ScriptedServer(Self.beginning + [.lines(Chunk.calls(look, delete), Chunk.done()), answer])

        let program = try RunningProgram("Embedder", ["Look and delete"], in: directory.path, server: server)
        try program.read(through: "look {}: its plugin asks to read \(directory.path)/data. Allow it? [y/n] ")
        program.write("y\n")
        try program.read(through: #"delete_meeting {"title":"Lunch"}: the tool may destroy data. Allow it? [y/n] "#)
        program.write("n\n")
        // The rest of the answer is sent only after its beginning was printed.
        try program.read(through: "Seen, ")
        gate.open()
        #expect(program.finish() == 0)
        #expect(program.output.hasSuffix("Seen, kept[2J.\n(answered)\n"))
        #expect(!program.output.contains("Deleted"))

        let last = try JSON(parsing: try #require(server.requests.last).body)
        let names = last[pointer: "/tools"]?.array?.map { $0[pointer: "/function/name"]?.string }
        #expect(names == ["delete_meeting", "look", "read_result"])
        #expect(last[pointer: "/messages/0/content"] == "Look and delete")
        let seen = try #require(last[pointer: "/messages/2/content"]?.string)
        #expect(seen.hasPrefix("seen by "))
        #expect(seen != "seen by \(program.identifier)")
        #expect(last[pointer: "/messages/3/content"]?.string?.contains("the user said no") == true)
    }

    @Test("an interrupt cancels the request of the embedder")
    func interruptCancelsTheRequest() async throws {
        let directory = try FixtureDirectory()
        let server = try ScriptedServer(Self.beginning + [.hanging(Chunk.content("Let me think"))])
        let program = try RunningProgram("Embedder", ["Think"], in: directory.path, server: server)
        try program.read(through: "Let me think")
        program.interrupt()
        #expect(program.finish() == 0)
        #expect(program.output == "Let me think\n(cancelled)\n")
        #expect(await server.outcome(of: 2) == .clientClosed)
    }

    @Test("an interrupt ends the embedder while it waits for a reply to a question")
    func interruptEndsAQuestion() throws {
        let directory = try Self.directory()
        let calls = Chunk.calls(Chunk.call("look", id: "a"))
        let server = try ScriptedServer(Self.beginning + [.lines(calls, Chunk.done())])
        let program = try RunningProgram("Embedder", ["Look"], in: directory.path, server: server)
        try program.read(through: "Allow it? [y/n] ")
        program.interrupt()
        #expect(program.finish() == 0)
        #expect(program.output.hasSuffix("(cancelled)\n"))
    }

    @Test("the embedder reports a broken plugin and a server that fails")
    func reportsErrors() throws {
        let directory = try FixtureDirectory()
        try directory.directory("plugins")
        try directory.file("plugins/broken.so", Array("no library".utf8))
        let server = try ScriptedServer([.json(#"{"error":"model 'qwen3' not found"}"#, status: 404)])
        let program = try RunningProgram("Embedder", ["Hello"], in: directory.path, server: server)
        #expect(program.finish() == 1)
        let lines = program.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("plugins/broken.so: ") == true)
        #expect(lines.last?.contains("qwen3") == true)
    }

    private static func text(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
