import Foundation
import TestSupport
import Testing
import ToolJSON

/// The bindings that toolhost installs, with the libraries of this computer.
@Suite("The sample bindings", .timeLimit(.minutes(10)))
struct BoundLibraryTests {
    private let directory: FixtureDirectory

    init() throws {
        directory = try FixtureDirectory()
        let bindings = URL(filePath: #filePath).appending(path: "../../../Bindings").standardized
        for file in try FileManager.default.contentsOfDirectory(at: bindings, includingPropertiesForKeys: nil) {
            try directory.file(file.lastPathComponent, Data(contentsOf: file))
        }
    }

    @Test("every tool of the sample bindings has examples, and they pass", arguments: ["", "--in-process"])
    func examples(isolation: String) throws {
        var command = Command("test", "--json", plugins: directory)
        if !isolation.isEmpty { command.arguments.append(isolation) }
        let report = try command.run()
        #expect(report.status == 0, "\(report.output)")
        #expect(try report.json["without_examples"] == [])
    }

    @Test("the sample bindings have no lint findings")
    func lint() throws {
        let result = try Command("show", "--lint", plugins: directory).run()
        #expect(result.status == 0 && result.output == "", "\(result.output)")
    }

    @Test("a user and a model can call a mathematical function")
    func calculates() throws {
        let called = try Command("call", "pow", "--arg", "base=2", "--arg", "exponent=10", plugins: directory).run()
        #expect(called.output == "1024\n", "\(called.errors)")
        let prompt = "What is pow of base 2 and exponent 10?"
        let asked = try Command("chat", "-m", "rehearsal", prompt, plugins: directory).run()
        #expect(asked.errors.contains("→ pow(base: 2, exponent: 10)"), "\(asked.errors)")
        #expect(asked.output.contains("1024"), "\(asked.output)")
    }

    /// The message of a model that calls one tool.
    private static func call(_ tool: String, _ arguments: JSON) -> ScriptedServer.Reply {
        let message: JSON = [
            "message": [
                "role": "assistant", "content": "",
                "tool_calls": [["function": ["name": .string(tool), "arguments": arguments]]],
            ], "done": true,
        ]
        return .json(message.text())
    }

    /// The result of a call, as a request returns it to the model.
    private static func result(_ index: Int, in request: ScriptedServer.Request) -> JSON {
        let results = (try? request.json)?["messages"]?.array?.filter { $0["role"] == "tool" } ?? []
        let text = results.indices.contains(index) ? results[index]["content"]?.string ?? "" : ""
        return (try? JSON(parsing: text)) ?? .string(text)
    }

    @Test("a model opens, queries and closes a database with the handle from its first call")
    func queries() throws {
        let data = try FixtureDirectory()
        let file = data.path + "/towns.db"
        let sql =
            "CREATE TABLE towns (name, people); INSERT INTO towns VALUES ('Ulm', 129000); SELECT * FROM towns"
        let server = try ScriptedServer([
            Self.call("open_database", ["file": .string(file)]),
            .answering { request in
                Self.call(
                    "query_database",
                    ["database": Self.result(0, in: request)["database"] ?? "none", "sql": .string(sql)]
                )
            },
            .answering { request in
                Self.call("close_database", ["database": Self.result(0, in: request)["database"] ?? "none"])
            },
            .answering { request in
                Self.call(
                    "query_database",
                    ["database": Self.result(0, in: request)["database"] ?? "none", "sql": "SELECT 1"]
                )
            },
            .json(#"{"message":{"role":"assistant","content":"Done."},"done":true,"done_reason":"stop"}"#),
        ])
        let allowed = ["--allow", "sqlite:read=\(data.path)", "--allow", "sqlite:write=\(data.path)"]
        var command = Command(plugins: directory)
        command.arguments =
            ["chat", "-m", "qwen3", "--num-ctx", "4096", "--no-stream", "Count"] + allowed + command.arguments
        command.environment["OLLAMA_HOST"] = server.address
        let result = try command.run()
        #expect(result.status == 0 && result.output == "Done.\n", "\(result.errors)")
        let last = try #require(server.requests.last)
        #expect(Self.result(1, in: last) == ["rows": [["name": "Ulm", "people": "129000"]]])
        #expect(Self.result(2, in: last) == .null)
        #expect(Self.result(3, in: last).string?.contains("has been closed") == true, "\(last.text)")
        #expect(try Data(contentsOf: URL(filePath: file)).starts(with: "SQLite format 3".utf8))
    }

    @Test("a handle from another process is rejected")
    func ownsHandles() throws {
        let opened = try Command("call", "open_database", "--arg", "file=:memory:", plugins: directory).run()
        let handle = try #require(opened.json["database"]?.string)
        let arguments: JSON = ["database": .string(handle), "sql": "SELECT 1"]
        let query = try Command("call", "query_database", arguments.text(), plugins: directory).run()
        #expect(query.status == 2 && query.errors.contains("is a handle of another process"), "\(query.errors)")
    }

    @Test("a bound library cannot read a file without a grant")
    func areConfined() throws {
        let data = try FixtureDirectory()
        let file = try data.file("x.db", [])
        let open = try Command("call", "open_database", "--arg", "file=\(file)", plugins: directory).run()
        #expect(open.status == 1 && open.errors.contains("unable to open database file"), "\(open.errors)")
    }
}
