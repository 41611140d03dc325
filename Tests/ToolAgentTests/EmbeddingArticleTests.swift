import Foundation
import TestSupport
import Testing
import ToolJSON

/// The program in the article `Embedding.md` of ToolAgent, which is `Tests/EmbeddingExample`.
@Suite("The article about embedding", .timeLimit(.minutes(10)))
struct EmbeddingArticleTests {
    private static func events(_ choices: String...) -> ScriptedServer.Reply {
        let events = choices.map { "data: {\"choices\":[\($0)]}\n\n" } + ["data: [DONE]\n\n"]
        return .body(events.joined(), type: "text/event-stream")
    }

    private static func call(_ tool: String, _ name: String, index: Int) -> String {
        #"{"index":\#(index),"id":"c\#(index)","function":{"name":"\#(tool)","arguments":"{\"name\":\"\#(name)\"}"}}"#
    }

    private static func calls(_ calls: String...) -> ScriptedServer.Reply {
        events(#"{"delta":{"tool_calls":[\#(calls.joined(separator: ","))]},"finish_reason":"tool_calls"}"#)
    }

    private static let answer = events(
        #"{"delta":{"content":"Done, "}}"#,
        #"{"delta":{"content":"all\u001b[2J."},"finish_reason":"stop"}"#
    )

    @Test("the program in the article is the one that is tested")
    func text() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        func text(_ path: String) throws -> String {
            try String(contentsOf: root.appending(path: path), encoding: .utf8)
        }
        let program = try text("Tests/EmbeddingExample/main.swift")
        #expect(try text("Sources/ToolAgent/ToolAgent.docc/Embedding.md").contains("```swift\n" + program + "```\n"))
    }

    @Test("the program asks the user, applies its rule, and hides addresses from the server")
    func closures() throws {
        let server = try ScriptedServer([
            .json(#"{"data":[]}"#),
            Self.calls(
                Self.call("find_customer", "Ada", index: 0),
                Self.call("delete_customer", "Bert", index: 1),
                Self.call("delete_customer", "Ada", index: 2),
                Self.call("delete_customer", "Cleo", index: 3)
            ), Self.answer,
        ])
        let program = try RunningProgram("EmbeddingExample", ["Delete all but eve@example.com"], server: server)
        for (name, reply) in [("Bert", "y"), ("Ada", "y"), ("Cleo", "n")] {
            try program.read(
                through: #"delete_customer {"name":"\#(name)"}: the tool may destroy data. Allow it? [y/n] "#
            )
            program.write(reply + "\n")
        }
        #expect(program.finish() == 0)
        #expect(program.output.hasSuffix("Done, all[2J.\n(answered)\n"), "\(program.output)")

        let messages = try #require(try server.requests.last?.json["messages"]?.array)
        #expect(messages[0]["content"] == "Delete all but hidden")
        let results = messages.filter { $0["role"] == "tool" }.map { $0["content"]?.string ?? "" }
        #expect(results.count == 4)
        #expect(results[0] == "Ada <hidden>" && results[1] == "Deleted Bert.")
        #expect(results[2].contains("Ada has an open order") && results[3].contains("the user said no"), "\(results)")
    }
}
