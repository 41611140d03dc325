import Foundation
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@ToolSchema private struct Entry: Codable, Equatable {
    @Bounds(1...10) var number: Int
    @Bounds(0.5...) var rate: Double?
    @Pattern("^a") var text: String?
    @Length(...3) var word: String = "abc"
    @Count(0...2) var tags: [String] = []
    @Length(1...20) @Pattern("^[a-z]+$") var name: String = "x"
    @Length(1...20) @Pattern("^[a-z]+$") var nick: String?
}

@Tool private func rename(
    @Length(1...20) @Pattern("^[a-z]+$") name: String,
    @Bounds(0...1000) level: UInt8,
    @Bounds(-5...10) depth: UInt
) -> String { "\(name) \(level) \(depth)" }

@Suite("Combined constraints") struct CombinedConstraintTests {
    @Test("all constraints of an argument are in its schema")
    func schema() throws {
        let host = ToolHost()
        try host.register(renameTool)
        let properties = try #require(host.tools.first?.parameters["properties"])
        #expect(
            properties == [
                "name": ["type": "string", "minLength": 1, "maxLength": 20, "pattern": "^[a-z]+$"],
                // The range of the type remains a limit.
                "level": ["type": "integer", "minimum": 0, "maximum": 255],
                "depth": ["type": "integer", "minimum": 0, "maximum": 10],
            ]
        )
    }

    @Test("an argument with several constraints is read, and each violation is reported")
    func values() async throws {
        let host = ToolHost()
        try host.register(renameTool)
        let answers = await host.dispatch([
            ToolCall(name: "rename", arguments: ["name": "ada", "level": 255, "depth": 10]),
            ToolCall(name: "rename", arguments: ["name": "Ada", "level": 256, "depth": 11]),
        ]).results
        #expect(answers.map(\.status) == [.ok, .invalidArguments])
        #expect(answers[0].text == "ada 255 10")
        #expect(answers[1].violations.count == 3)
    }
}

@Suite("Constraints and Codable") struct ConstraintTests {
    @Test("decoding reads the wrapped value without its constraint")
    func decoding() throws {
        let text = #"{"number":3,"text":null,"word":"x","tags":["a"],"name":"n"}"#
        let entry = try JSONDecoder().decode(Entry.self, from: Data(text.utf8))
        #expect(entry == Entry(number: 3, word: "x", tags: ["a"], name: "n"))
        #expect(entry.nick == nil)
        #expect(entry.rate == nil)
    }

    @Test("encoding writes the wrapped value without checking its constraint")
    func encoding() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(Entry(number: 99, rate: 1)), as: UTF8.self)
        // Nothing is checked here, because the host validates calls.
        #expect(text == #"{"name":"x","number":99,"rate":1,"tags":[],"word":"abc"}"#)
    }
}
