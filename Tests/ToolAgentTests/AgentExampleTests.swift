import Foundation
import TestSupport
import Testing
import ToolJSON

/// The program of the README's first example, as it stands there.
@Suite(.timeLimit(.minutes(10))) struct AgentExampleTests {
    @Test func isInTheReadme() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let program = try String(contentsOf: root.appending(path: "Tests/AgentExample/main.swift"), encoding: .utf8)
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains("```swift\n" + program + "```\n"))
        #expect(program.split(separator: "\n", omittingEmptySubsequences: false).count <= 15)
    }

    @Test func letsAModelCallItsFunctions() throws {
        let server = try ScriptedServer([
            .json(#"{"model":"qwen3","message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}"#),
            .json(#"{"models":[]}"#),
            .lines(Chunk.calls(Chunk.call("add", ["a": 11434, "b": "12341"], id: "a")), Chunk.done()),
            .lines(Chunk.calls(Chunk.call("multiply", ["a": 23775, "b": 412], id: "b")), Chunk.done()),
            .lines(Chunk.content("It is 9795300."), Chunk.done()),
        ])
        let process = Process()
        process.executableURL = URL(filePath: BuiltProducts.executable("AgentExample"))
        process.environment = ["OLLAMA_HOST": server.address]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text == "It is 9795300.\n")

        let last = try JSON(parsing: try #require(server.requests.last).body)
        #expect(last[pointer: "/tools/0/function/name"] == "add")
        #expect(last[pointer: "/tools/0/function/description"] == "Add two numbers.")
        #expect(last[pointer: "/messages/2/content"] == "23775")
        #expect(last[pointer: "/messages/4/content"] == "9795300")
    }
}
