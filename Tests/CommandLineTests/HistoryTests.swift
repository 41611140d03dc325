import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The verb history", .timeLimit(.minutes(10)))
struct HistoryTests {
    private let home: FixtureDirectory

    init() throws { home = try FixtureDirectory() }

    private var file: String { home.path + "/toolhost/conversations.db" }

    private func answer(_ text: String) -> ScriptedServer.Reply {
        let content = JSON.string(text).text()
        return .json(#"{"message":{"role":"assistant","content":\#(content)},"done":true,"done_reason":"stop"}"#)
    }

    /// Returns a verb that uses the history of this test.
    private func command(_ arguments: [String], input: String = "") -> Command {
        var command = Command(input: input)
        command.arguments = arguments
        command.environment["XDG_STATE_HOME"] = home.path
        return command
    }

    private func history(_ arguments: String...) throws -> Command.Result {
        try command(["history"] + arguments).run()
    }

    /// Runs a chat without tools, whose answers a server gives.
    @discardableResult
    private func chat(
        _ arguments: [String],
        answers: [String] = ["Hello"],
        server: ScriptedServer? = nil,
        shell: String? = nil
    ) throws -> Command.Result {
        let server = try server ?? ScriptedServer(answers.map(answer))
        var command = command(
            ["chat", "--num-ctx", "4096", "--no-stream", "--no-default-plugins"]
                + (arguments.contains("--continue") ? [] : ["-m", "qwen3"]) + arguments
        )
        command.environment["OLLAMA_HOST"] = server.address
        command.shell = shell
        return try command.run()
    }

    private func conversations() throws -> [JSON] { try history("list", "--json").json.array ?? [] }

    @Test("a prompt and its answer are stored, and the conversation is continued with its model")
    func continuing() throws {
        #expect(try chat(["What is a plugin?"]).status == 0)
        let server = try ScriptedServer([answer("More")])
        #expect(try chat(["--continue", "Tell me more"], server: server).status == 0)
        let body = try JSON(parsing: try #require(server.requests.first).body)
        #expect(body["model"] == "qwen3")
        #expect(body["messages"]?.array?.map { $0["content"] } == ["What is a plugin?", "Hello", "Tell me more"])
        let list = try conversations()
        #expect(list.count == 1 && list[0]["messages"] == 4 && list[0]["title"] == "What is a plugin?")
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("a session begins with its name, and is continued by its name and number")
    func session() throws {
        #expect(try chat(["--session", "plans", "One"]).status == 0)
        #expect(try chat(["Other"]).status == 0)
        #expect(try chat(["--session", "plans", "Two"]).status == 0)
        #expect(try chat(["--session", "1", "Three"]).status == 0)
        #expect(try conversations().map { $0["name"] } == ["plans", .null])
        #expect(try conversations()[0]["messages"] == 6)
        for (name, status) in [("77", 1), ("a\u{1B}b", 64)] as [(String, Int32)] {
            #expect(try chat(["--session", name, "Four"]).status == status)
        }
        #expect(try chat(["--session", "a", "--continue", "Four"]).status == 64)
    }

    @Test("nothing is stored with --no-history, and there is nothing to continue then")
    func withoutHistory() throws {
        #expect(try chat(["--no-history", "One"]).status == 0)
        #expect(access(file, F_OK) != 0)
        let result = try chat(["--continue", "Two"])
        #expect(result.status == 1 && result.errors.contains("no conversation"))
    }

    @Test("the configuration turns the history off, and the option takes precedence over it")
    func configured() throws {
        let config = try home.file("config.json", #"{"history": false}"#.utf8)
        #expect(try chat(["--config", config, "One"]).status == 0)
        #expect(access(file, F_OK) != 0)
        #expect(try chat(["--config", config, "--history", "Two"]).status == 0)
        #expect(try conversations().map { $0["title"] } == ["Two"])
    }

    @Test("a history that cannot be used does not stop a chat")
    func damagedHistory() throws {
        try home.directory("toolhost")
        try home.file("toolhost/conversations.db", String(repeating: "damaged ", count: 1000).utf8)
        let result = try chat(["One"], answers: ["Fine"])
        #expect(result.status == 0 && result.output == "Fine\n")
        #expect(result.errors.contains("warning: the conversation is not stored (--no-history"), "\(result.errors)")
        #expect(result.errors.contains("mv \(file) \(file).damaged"), "\(result.errors)")
        let list = try history()
        #expect(list.status == 74 && list.errors.contains("is damaged"))
        #expect(try chat(["--continue", "One"]).status == 74)
        #expect(rename(file, file + ".damaged") == 0)
        #expect(try chat(["One"]).errors.isEmpty)
        #expect(try conversations().count == 1)
    }

    @Test("a disk without room does not stop a chat")
    func fullDisk() throws {
        let result = try chat(["One"], answers: ["Fine"], shell: "trap '' XFSZ; ulimit -f 2; exec \"$@\"")
        #expect(result.status == 0 && result.output == "Fine\n", "\(result.errors)")
        #expect(result.errors.contains("warning: the conversation is not stored (--no-history"), "\(result.errors)")
    }

    @Test("the history is listed, searched, shown and exported")
    func reading() throws {
        try chat(["How warm is it\u{1B}[31m?\u{202E}"], answers: ["# Warm\n\u{1B}]0;title\u{7}"])
        let list = try history()
        #expect(list.output.contains("How warm is it<U+001B>[31m?<U+202E>  qwen3, 2 messages"), "\(list.output)")
        let search = try history("search", "warm")
        #expect(search.output.contains("    assistant: # Warm <U+001B>]0;title<U+0007>\n"), "\(search.output)")
        #expect(try history("search", "warm", "--tool", "add").errors == "No message was found.\n")
        let hits = try history("search", "warm", "--json", "--limit", "1").json
        #expect(hits[pointer: "/0/conversation/id"] == 1 && hits[pointer: "/0/role"] == "assistant")
        let shown = try history("show", "last")
        #expect(shown.output.contains("User:\nHow warm is it") && shown.output.contains("\n\nAssistant:\n# Warm"))
        #expect(try history("show", "1", "--json").json[pointer: "/messages/1/message/role"] == "assistant")
        let lines = try history("export", "1").output.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(lines.count == 3 && lines[2][pointer: "/message/content"] == "# Warm\n\u{1B}]0;title\u{7}")
        let target = home.path + "/talk.md"
        #expect(try history("export", "last", "--markdown", "-o", target).status == 0)
        #expect(try String(contentsOfFile: target, encoding: .utf8).hasPrefix("# How warm is it"))
        var status = stat()
        #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let again = try history("export", "last", "-o", target)
        #expect(again.status == 64 && again.errors.contains("choose another name"), "\(again.errors)")
    }

    @Test("conversations are copied, renamed, deleted and pruned")
    func changing() throws {
        for prompt in ["One", "Two", "Three"] { try chat([prompt]) }
        #expect(try history("fork", "1", "copy").output == "4\n")
        #expect(try history("rename", "2", "copy").status == 64)
        #expect(try history("rename", "2", "plans").status == 0)
        #expect(try history("delete", "3", "nope").status == 1)
        #expect(try conversations().count == 4)
        #expect(try history("delete", "3", "copy").status == 0)
        #expect(try history("prune", "--older-than", "1d").errors == "Deleted 0 conversations.\n")
        #expect(try history("prune", "--keep", "0").errors == "Deleted 1 conversation.\n")
        #expect(try conversations().map { $0["name"] } == ["plans"])
        #expect(try history("rename", "plans").status == 0)
        #expect(try conversations().map { $0["name"] } == [.null])
    }

    @Test(
        "an invalid command line exits with 64",
        arguments: [
            ["nope"], ["list", "1"], ["show"], ["show", "1", "2"], ["search"], ["export"], ["fork"], ["rename"],
            ["delete"], ["prune"], ["prune", "--keep", "1", "--older-than", "1d"], ["prune", "--older-than", "x"],
            ["prune", "--older-than", "-1d"], ["prune", "--older-than", "d"], ["list", "--markdown"],
            ["list", "--limit", "0"], ["delete", "1", "--json"], ["search", "", "--limit", "1"],
        ]
    )
    func usage(arguments: [String]) throws {
        let result = try command(["history"] + arguments).run()
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.output.isEmpty && !result.errors.isEmpty)
    }
}
