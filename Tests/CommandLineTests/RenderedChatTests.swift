import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The rendering of an answer", .timeLimit(.minutes(10)))
struct RenderedChatTests {
    /// Pieces of an answer, which end inside of words and markers.
    private static let pieces = ["**bo", "ld** and `co", "de`\n- a\n", "\n| x | y |\n|--", "-|---|\n| 1 | 2 |\nend"]

    private func chat(_ server: ScriptedServer, _ arguments: [String], _ environment: [String: String]) throws
        -> Command
    {
        var command = try Command(plugins: Fixture.plugins)
        command.arguments = ["chat", "-m", "qwen3", "--num-ctx", "4096", "Hi"] + arguments + command.arguments
        command.environment["OLLAMA_HOST"] = server.address
        command.environment.merge(environment) { $1 }
        return command
    }

    private func server(_ pieces: [String]) throws -> ScriptedServer {
        let messages = pieces.map { piece -> JSON in
            ["message": ["role": "assistant", "content": .string(piece)], "done": false]
        }
        let end: JSON = ["message": ["role": "assistant", "content": ""], "done": true, "done_reason": "stop"]
        let reply = ScriptedServer.Reply.lines((messages + [end]).map { $0.text() }.joined(separator: "\n"))
        // A format takes a second request.
        return try ScriptedServer([reply, reply])
    }

    private func shown(
        _ pieces: [String],
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        columns: Int = 80
    ) throws -> String {
        let server = try server(pieces)
        let command = try chat(server, arguments, environment)
        let session = try withExtendedLifetime(server) {
            try PseudoTerminal.run(command, columns: columns, steps: [])
        }
        #expect(session.status == 0, "\(session.text)")
        return session.text
    }

    @Test("an answer on a terminal is rendered, with a margin")
    func terminal() throws {
        let escape = "\u{1B}"
        let text = try shown(Self.pieces).replacing("\(escape)[0m", with: ">")
            .replacing("\(escape)[1m", with: "<b:").replacing("\(escape)[2m", with: "<d:").replacing(
                "\(escape)[36m",
                with: "<c:"
            )
        let rows = """
              <b:bold> and <c:code>
              • a

              <b:x> <d:│> <b:y>
              <d:──┼──>
              1 <d:│> 2
              end

            """
        #expect(text.hasSuffix(rows), "\(text)")
    }

    @Test("an answer on a terminal without styles keeps its markers", arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
    func withoutStyles(environment: [String: String]) throws {
        let text = try shown(Self.pieces, environment: environment)
        #expect(text.hasSuffix("  **bold** and `code`\n  • a\n\n  x │ y\n  ──┼──\n  1 │ 2\n  end\n"), "\(text)")
    }

    @Test("a pipe receives the answer as the model wrote it")
    func pipe() throws {
        let server = try server(Self.pieces)
        let result = try withExtendedLifetime(server) { try chat(server, [], [:]).run() }
        #expect(result.output == Self.pieces.joined() + "\n")
    }

    @Test("a terminal shows the source of Markdown on request, and JSON unchanged")
    func source() throws {
        let text = try shown(Self.pieces, ["--output", "markdown"], environment: ["NO_COLOR": "1"])
        #expect(
            text.hasSuffix("  **bold** and `code`\n  - a\n\n  | x | y |\n  |---|---|\n  | 1 | 2 |\n  end\n"),
            "\(text)"
        )
        let json = try shown([#"{"a":"**b"#, #"** \\*"}"#], ["--format", "json"])
        #expect(json.contains(#"{"a":"**b** \\*"}"#), "\(json)")
    }

    @Test("words are not broken at the end of a row, in pieces of any size", arguments: [20, 40])
    func wrapping(columns: Int) throws {
        let text = String(repeating: "several words of an answer ", count: 10)
        let pieces = stride(from: 0, to: text.count, by: 3).map { String(text.dropFirst($0).prefix(3)) }
        let shown = try shown(pieces, environment: ["NO_COLOR": "1"], columns: columns)
        let rows = shown.split(separator: "\n").filter { $0.hasPrefix("  ") }
        #expect(rows.allSatisfy { $0.count < columns }, "\(rows)")
        let words = rows.joined(separator: " ").split(separator: " ").joined(separator: " ")
        #expect(words.hasSuffix(text.dropLast()), "\(rows)")
    }
}
