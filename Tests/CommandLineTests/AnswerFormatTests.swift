import TestSupport
import Testing
import ToolJSON

@Suite("The format of an answer and the tool choice", .timeLimit(.minutes(10)))
struct AnswerFormatTests {
    private static let london = #"{"name":"get_temperature","arguments":{"city":"London"}}"#
    private static let schema =
        #"{"type":"object","properties":{"days":{"type":"integer","maximum":7}},"required":["days"]}"#

    @Test("the schema is sent once the calls are done, and the answer is checked against it")
    func phases() throws {
        let directory = try FixtureDirectory()
        let file = try directory.file("days.json", Self.schema.utf8)
        let replies = [
            ScriptedChat.calls(Self.london), ScriptedChat.text("(done)"), ScriptedChat.text(#"{"days": 3}"#),
        ]
        let chat = try ScriptedChat(replies, "--format", file, "--json", "How many days?")
        let events = try ChatEvents(try chat.run())
        #expect(events.end["answer"] == ["days": 3])
        #expect(try chat.server.requests.map { try $0.json["format"] } == [nil, nil, try JSON(parsing: Self.schema)])
        let printed = try ScriptedChat(replies, "--format", file, "How many days?").run()
        #expect(printed.status == 0 && printed.output == "{\"days\": 3}\n", "\(printed)")
    }

    @Test("the format json is sent as a word")
    func word() throws {
        let chat = try ScriptedChat([ScriptedChat.text("[1]")], "--format", "json", "--tool-choice", "none", "Hi")
        let result = try chat.run()
        #expect(result.status == 0 && result.output == "[1]\n", "\(result)")
        let request = try #require(chat.server.requests.first).json
        #expect(request["format"] == "json" && request["tools"] == nil)
    }

    @Test(
        "an answer that does not fit the format is printed, and the chat exits with 7",
        arguments: [
            (nil, "three", "not valid JSON"), (Self.schema, "three", "not valid JSON"),
            (Self.schema, #"{"days": 9}"#, "days: expected at most 7"), (Self.schema, "{}", "days: missing"),
        ] as [(String?, String, String)]
    )
    func unfit(schema: String?, answer: String, words: String) throws {
        let directory = try FixtureDirectory()
        let format = try schema.map { try directory.file("schema.json", $0.utf8) } ?? "json"
        for json in [[], ["--json"]] {
            var chat = try ScriptedChat([ScriptedChat.text(answer)], "--format", format, "--tool-choice", "none", "Hi")
            chat.command.arguments += json
            let result = try chat.run()
            #expect(result.status == 7 && result.errors.contains(words), "\(result)")
            if json.isEmpty {
                #expect(result.output == answer + "\n")
            } else {
                let end = try ChatEvents(result).end
                #expect(end["reason"] == "answered" && end["answer"] == nil && end["text"]?.string == answer)
                #expect(end["error"]?.string?.contains(words) == true)
            }
        }
    }

    @Test(
        "a schema that cannot be used is an error before any request",
        arguments: [
            ("{", "not valid JSON"), ("true", "must hold a JSON schema"),
            (#"{"type": "integr"}"#, "not a valid JSON schema"),
            (##"{"properties": {"a": {"$ref": "#/$defs/b"}}}"##, "not a valid JSON schema"),
        ]
    )
    func invalid(schema: String, words: String) throws {
        let directory = try FixtureDirectory()
        let file = try directory.file("schema.json", schema.utf8)
        let chat = try ScriptedChat([], "--format", file, "Hi")
        let result = try chat.run()
        #expect(result.status == 2 && result.errors.contains(words) && result.errors.contains(file), "\(result)")
        #expect(chat.server.requests.isEmpty)
        let missing = try ScriptedChat([], "--format", directory.path + "/none.json", "Hi").run()
        #expect(missing.status == 74 && missing.errors.contains("none.json"), "\(missing)")
    }

    // MARK: - The tool choice

    @Test("a required call is made after one more request")
    func required() throws {
        let chat = try ScriptedChat(
            [
                ScriptedChat.text("It is warm."), ScriptedChat.text(#"{"city": "London"}"#),
                ScriptedChat.text("15 degrees"),
            ],
            "--tool-choice",
            "get_temperature",
            "How warm is London?"
        )
        let result = try chat.run()
        #expect(result.status == 0 && result.output == "15 degrees\n", "\(result)")
        #expect(result.errors.contains("did not call") && result.errors.contains("15C"), "\(result)")
        #expect(try chat.server.requests.map { try $0.json["tools"] != nil } == [true, false, true])
    }

    @Test(
        "a tool choice that no offered tool can satisfy is an error before any request",
        arguments: [
            (["--tool-choice", "get_temprature"], "get_temperature"),
            (["--tool-choice", "get_temperature", "--tools", "get_cond*"], "excludes"),
        ]
    )
    func impossible(options: [String], words: String) throws {
        var chat = try ScriptedChat([], "Hi")
        chat.command.arguments += options
        let result = try chat.run()
        #expect(result.status == 3 && result.errors.contains(words), "\(result)")
        #expect(chat.server.requests.isEmpty)
        let directory = try FixtureDirectory()
        let none = try Command("chat", "-m", "rehearsal", "--tool-choice", "required", "Hi", plugins: directory).run()
        #expect(none.status == 3 && none.errors.contains("no tools"), "\(none)")
    }
}
