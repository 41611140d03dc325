import Foundation
import TestSupport
import Testing
import ToolJSON

/// `chat --record`, `chat --replay`, `chat --trace` and `test --replay`.
@Suite("Recorded chats", .timeLimit(.minutes(10)))
struct ReplayTests {
    private let directory: FixtureDirectory
    private var recording: String { directory.path + "/chat.jsonl" }

    init() throws { directory = try FixtureDirectory() }

    /// A plugin with the tool `greet`, which replies with a text or fails.
    private func plugin(_ name: String, _ body: String) throws -> String {
        try directory.plugin(name, FixtureSource.tool("greet", body: body))
    }

    /// Records a chat with one call of `greet`, which replies with "hello".
    private func record() throws -> Command.Result {
        let file = try plugin("greet.so", #"return tool_reply(call, tool_text("hello"));"#)
        return try Command(
            "chat",
            "-m",
            "rehearsal",
            "--record",
            recording,
            "--no-default-plugins",
            "--plugins",
            file,
            "use greet"
        ).run()
    }

    @Test("a recorded chat is replayed without its plugins and its model")
    func chat() throws {
        let recorded = try record()
        #expect(recorded.status == 0, "\(recorded.errors)")
        let mode = try FileManager.default.attributesOfItem(atPath: recording)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let replayed = try Command("chat", "--replay", recording).run()
        #expect(replayed.status == 0, "\(replayed.errors)")
        #expect(replayed.output == recorded.output)
        #expect(replayed.errors.hasPrefix("> use greet\n→ greet()\n✓ greet() "), "\(replayed.errors)")
    }

    @Test("a recorded chat is replayed as JSON lines")
    func events() throws {
        _ = try record()
        let result = try Command("chat", "--replay", recording, "--json").run()
        #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
        let events = try ChatEvents(result)
        #expect(events.names.prefix(2) == ["chat", "prompt"] && events.names.last == "outcome", "\(events.names)")
        #expect(events.all("chat")[0]["server"] == .null && events.all("chat")[0]["tools"] == ["greet"])
        #expect(events.all("prompt").map { $0["text"] } == ["use greet"])
        #expect(events.all("call_finished").map { $0[pointer: "/result/text"] } == ["hello"])
        #expect(events.all("outcome").map { $0["reason"] } == ["answered"])
        #expect(events.end["reason"] == "answered" && events.end["text"] == events.all("outcome")[0]["text"])
        let broken = try directory.file("broken.jsonl", "{}\n".utf8)
        let refused = try Command("chat", "--replay", broken, "--json").run()
        #expect(refused.status == 2)
        #expect(try ChatEvents(refused).end["error"]?.string?.contains("Line 1") == true)
    }

    @Test("a recorded failure is shown, and is no failure of the replay")
    func failure() throws {
        let server = try ScriptedServer([.json(#"{"error":"it is full"}"#, status: 400)])
        var command = Command(
            "chat",
            "-m",
            "m",
            "--num-ctx",
            "4096",
            "--record",
            recording,
            "--no-default-plugins",
            "Hi"
        )
        command.environment["OLLAMA_HOST"] = server.address
        #expect(try command.run().status == 7)
        let shown = try Command("chat", "--replay", recording).run()
        #expect(shown.status == 0 && shown.errors.hasPrefix("> Hi\ntoolhost: ") && shown.errors.contains("it is full"))
        let events = try ChatEvents(try Command("chat", "--replay", recording, "--json").run())
        #expect(events.all("outcome").map { $0["reason"] } == ["failed"] && events.end["reason"] == "failed")
        #expect(events.all("outcome")[0]["error"]?.string?.contains("it is full") == true)
    }

    @Test("test --replay passes if the results are the recorded ones")
    func passes() throws {
        _ = try record()
        let result = try Command("test", directory.path + "/greet.so", "--replay", recording).run()
        #expect(result.status == 0, "\(result)")
        #expect(result.output.hasPrefix("ok    greet line "), "\(result.output)")
        #expect(result.output.hasSuffix("1 passed, 0 failed, 0 from the recording\n"), "\(result.output)")
        let report = try Command("test", directory.path + "/greet.so", "--replay", recording, "--json").run().json
        #expect(report["passed"] == 1 && report["different"] == 0)
        #expect(report[pointer: "/calls/0/now/text"] == "hello")
    }

    @Test("test --replay shows other content, and --exact and another status fail")
    func differs() throws {
        _ = try record()
        let other = try plugin("other.so", #"return tool_reply(call, tool_text("good morning"));"#)
        let shown = try Command("test", other, "--replay", recording).run()
        #expect(shown.status == 0 && shown.output.contains("diff  greet line "), "\(shown)")
        #expect(shown.output.contains("recorded  ok: hello\n") && shown.output.contains("now       ok: good morning\n"))
        let exact = try Command("test", other, "--replay", recording, "--exact").run()
        #expect(exact.status == 1 && exact.output.contains("FAIL  greet line "), "\(exact)")

        let broken = try plugin("broken.so", #"return tool_fail(call, TOOL_ERROR, "no voice");"#)
        let failed = try Command("test", broken, "--replay", recording).run()
        #expect(failed.status == 1 && failed.output.contains("now       tool_error: no voice\n"), "\(failed)")
        #expect(failed.output.hasSuffix("0 passed, 1 failed, 0 from the recording\n"))

        let updated = try Command("test", broken, "--replay", recording, "--update").run()
        #expect(updated.status == 0 && updated.errors.contains("1 result updated"), "\(updated)")
        #expect(try Command("test", broken, "--replay", recording, "--exact").run().status == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: recording)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("test --replay exits with 4 if no call ran, and with 2 if the recording does not fit")
    func misfits() throws {
        _ = try record()
        let body = #"return tool_reply(call, tool_text("a"));"#
        let stranger = try directory.plugin("stranger.so", FixtureSource.tool("stranger", body: body))
        let none = try Command("test", stranger, "--replay", recording).run()
        #expect(none.status == 4 && none.errors.contains("Nothing was tested"), "\(none)")
        #expect(none.output == "0 passed, 0 failed, 1 from the recording\n", "\(none)")

        var lines = try String(contentsOfFile: recording, encoding: .utf8).split(separator: "\n").map(String.init)
        lines.removeLast(2)
        let short = try directory.file("short.jsonl", (lines.joined(separator: "\n") + "\n").utf8)
        for words in [["chat", "--replay", short], ["test", stranger, "--replay", short]] {
            var command = Command()
            command.arguments = words
            let result = try command.run()
            #expect(result.status == 2, "\(result)")
            #expect(result.errors.contains("short.jsonl: Line \(lines.count) of the recording"), "\(result.errors)")
        }
        let hostile = try directory.file("hostile.jsonl", "{\"\u{1B}[2J\":1}\n".utf8)
        let refused = try Command("chat", "--replay", hostile).run()
        #expect(refused.status == 2 && !refused.errors.contains("\u{1B}"), "\(refused.errors)")
        #expect(try Command("chat", "--replay", directory.path + "/gone").run().status == 74)
    }

    @Test(
        "options that do not fit --replay are refused",
        arguments: [
            ["chat", "--replay", "F", "Hello"], ["chat", "--replay", "F", "-m", "qwen3"],
            ["chat", "--replay", "F", "--record", "G"], ["chat", "--replay", "F", "--file", "G"],
            ["chat", "--replay", "F", "--no-history"], ["chat", "--replay", "F", "--think"],
            ["chat", "--replay", "F", "--num-ctx", "4096"], ["test", "--replay", "F"], ["test", "x.so", "--exact"],
            ["test", "x.so", "--update"], ["test", "x.so", "--replay", "F", "--exact", "--update"],
            ["test", "x.so", "--replay", "-", "--update"],
        ]
    )
    func usage(words: [String]) throws {
        var command = Command()
        command.arguments = words
        #expect(try command.run().status == 64)
    }

    @Test("a file that must not be replaced ends the command before the chat")
    func refusesFile() throws {
        let notes = try directory.file("notes", "My notes".utf8)
        for option in ["--record", "--trace"] {
            let result = try Command("chat", "-m", "rehearsal", option, notes, "hello").run()
            #expect(result.status == 74 && result.errors.contains("notes exists already and is no "), "\(result)")
            #expect(result.output.isEmpty)
        }
    }

    @Test("chat --trace and dispatch --trace write a JSON array")
    func trace() throws {
        let trace = directory.path + "/trace.json"
        let chat = try Command(
            "chat",
            "-m",
            "rehearsal",
            "--trace",
            trace,
            "temperature in London",
            plugins: Fixture.plugins
        ).run()
        #expect(chat.status == 0, "\(chat.errors)")
        func events() throws -> [JSON] { try JSON(parsing: Data(contentsOf: URL(filePath: trace))).array ?? [] }
        for name in ["response", "round 1", "request", "reply", "calls", "get_temperature", "run"] {
            let phases = try events().filter { $0["name"]?.string == name }.compactMap { $0["ph"]?.string }
            #expect(
                phases.count { $0 == "B" } > 0 && phases.count { $0 == "B" } == phases.count { $0 == "E" },
                "\(name)"
            )
        }
        let call =
            #"{"message":{"tool_calls":[{"function":{"name":"get_temperature","arguments":{"city":"London"}}}]}}"#
        let dispatch = try Command("dispatch", "--trace", trace, plugins: Fixture.plugins, input: call).run()
        #expect(dispatch.status == 0 && dispatch.output.contains("15C"), "\(dispatch)")
        let names = try events().compactMap { $0["name"]?.string }
        #expect(names.contains("get_temperature") && !names.contains("response"))
    }
}
