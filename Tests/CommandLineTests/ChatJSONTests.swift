import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The JSON lines of a chat", .timeLimit(.minutes(10)))
struct ChatJSONTests {
    private static let london = #"{"name":"get_temperature","arguments":{"city":"London"}}"#

    @Test("standard output has the events of the loop as JSON lines", arguments: [["--json"], ["--output", "json"]])
    func events(options: [String]) throws {
        var chat = try ScriptedChat([
            .lines(
                #"{"message":{"role":"assistant","thinking":"Let me see."},"done":false}"#,
                #"{"message":{"role":"assistant","content":"","tool_calls":[{"function":\#(Self.london)},"#
                    + #"{"function":{"name":"nope","arguments":{}}}]},"done":true,"done_reason":"stop"}"#
            ),
            .lines(
                #"{"message":{"role":"assistant","content":"15\u202e"},"done":false}"#,
                #"{"message":{"role":"assistant","content":" degrees"},"done":true,"prompt_eval_count":7,"eval_count":3,"#
                    + #""prompt_eval_duration":250000000,"eval_duration":1500000000}"#
            ),
        ])
        chat.command.arguments += options + ["How warm is London?"]
        let result = try chat.run()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.isEmpty, "\(result.errors)")
        let events = try ChatEvents(result)
        #expect(events.lines[0]["version"] == 1)
        let begin = try #require(events.all("chat").first)
        #expect(begin["model"] == "qwen3" && begin["server"]?.string == "http://" + chat.server.address)
        #expect(begin["tools"] == ["get_conditions", "get_temperature", "outcome", "typed"])
        #expect(
            events.names.filter { !$0.hasPrefix("call_") } == [
                "chat", "thinking", "message_end", "tool_calls", "content", "content", "message_end",
            ]
        )
        #expect(events.all("call_started").map { $0[pointer: "/call/tool"] } == ["get_temperature"])
        let calls = try #require(events.all("tool_calls").first?["calls"]?.array)
        #expect(calls.map { $0["tool"] } == ["get_temperature", "nope"])
        let results = events.all("call_finished")
        let finished = try #require(results.first { $0["index"] == 0 }?["result"])
        #expect(finished["text"] == "15C" && finished["status"] == "ok" && finished["id"] == calls[0]["id"])
        #expect(finished["parts"] == [["media_type": "text/plain; charset=utf-8", "text": "15C"]])
        #expect(results.first { $0["index"] == 1 }?[pointer: "/result/status"] == "unknown_tool")
        #expect(events.all("content").map { $0["text"] } == ["15\u{202E}", " degrees"])
        let end = try #require(events.all("message_end").last)
        #expect(end["prompt_tokens"] == 7 && end["output_tokens"] == 3 && end["load_seconds"] == .null)
        #expect(end["prompt_seconds"] == 0.25 && end["output_seconds"] == 1.5)
        #expect(events.end["reason"] == "answered" && events.end["rounds"] == 1)
        #expect(events.end["text"] == "15\u{202E} degrees" && events.end["error"] == nil)
    }

    @Test("the lines of a chat without streaming and of the rehearsal fit the schema")
    func otherChats() throws {
        let whole = try ScriptedChat([ScriptedChat.text("Hello")], "--json", "--no-stream", "Hi").run()
        #expect(try ChatEvents(whole).end["text"] == "Hello")
        let plugins = try Fixture.plugins
        let rehearsed = try Command(
            "chat",
            "-m",
            "rehearsal",
            "--json",
            "--think",
            "What is the temperature in London?",
            plugins: plugins
        ).run()
        let events = try ChatEvents(rehearsed)
        #expect(events.end["text"]?.string?.contains("15C") == true)
        #expect(!events.all("thinking").isEmpty)
    }

    @Test("a call that the model printed as text is marked")
    func printedCall() throws {
        let chat = try ScriptedChat([ScriptedChat.text(Self.london), ScriptedChat.text("15C")], "--json", "How warm?")
        let events = try ChatEvents(try chat.run())
        #expect(
            events.names.filter { !$0.hasPrefix("call_") } == [
                "chat", "content", "message_end", "tool_calls", "content", "message_end",
            ]
        )
        let call = events.all("tool_calls").first?["calls"]?.array?.first
        #expect(call?["tool"] == "get_temperature" && call?["origin"] == "printed")
        #expect(events.all("call_finished").first?[pointer: "/result/text"] == "15C")
        #expect(events.end["text"] == "15C" && events.end["rounds"] == 1)
    }

    @Test("a repeated request and a result with data are lines, too")
    func retries() throws {
        let directory = try FixtureDirectory()
        try directory.plugin(
            "picture.so",
            FixtureSource.tool(
                "picture",
                body: """
                    tool_progress(call, 0.5, "drawing");
                    tool_write_data(call, "image/png", "\\001\\002", 2);
                    return tool_finish(call, TOOL_OK);
                    """
            )
        )
        let server = try ScriptedServer([
            ScriptedChat.text(""), ScriptedChat.calls(#"{"name":"picture","arguments":{}}"#), ScriptedChat.text("Done"),
        ])
        var command = Command("chat", "-m", "m", "--num-ctx", "4096", "--json", "Draw", plugins: directory)
        command.environment["OLLAMA_HOST"] = server.address
        let events = try ChatEvents(try command.run())
        #expect(events.all("retrying").count == 1)
        #expect(events.all("call_progress").map { $0["fraction"] } == [0.5])
        let result = events.all("call_finished").first?["result"]
        #expect(
            result?["parts"] == [["media_type": "image/png", "data": "AQI="]] && result?["images"] == 1,
            "\(events)"
        )
    }

    @Test(
        "a chat that fails ends with a line that has the exit code and the reason",
        arguments: [
            (
                [ScriptedServer.Reply.json(#"{"error":"model 'qwen3' not found"}"#, status: 404)], [], 7, "failed",
                "qwen3"
            ),
            ([ScriptedChat.text("He", reason: "length")], [], 7, "truncated", nil),
            ([ScriptedChat.text(""), ScriptedChat.text("")], [], 7, "empty_answer", nil),
            (Array(repeating: ScriptedChat.calls(london), count: 4), [], 7, "repeated_calls", nil),
            (
                Array(
                    repeating: .lines(#"{"message":{"content":"He"},"done":false}"#, #"{"error":"it is full"}"#),
                    count: 3
                ), [], 7, "failed",
                "it is full"
            ),
            ([], ["--tools", "nope"], 3, "failed", "--tools"),
            ([], ["--file", "/nowhere"], 74, "failed", "/nowhere"),
            ([], ["--plugins", "/nowhere"], 64, "failed", "/nowhere"),
            ([], ["--tool-choice", "nope"], 3, "failed", "nope"),
            (
                [ScriptedChat.text("No."), ScriptedChat.text("No.")], ["--tool-choice", "required"], 7, "failed",
                "did not call"
            ),
        ] as [([ScriptedServer.Reply], [String], Int32, String, String?)]
    )
    func failures(
        replies: [ScriptedServer.Reply],
        options: [String],
        status: Int32,
        reason: String,
        words: String?
    ) throws {
        var chat = try ScriptedChat(replies, "--json")
        chat.command.arguments += options + ["Hi"]
        let result = try chat.run()
        #expect(result.status == status, "\(result)")
        let end = try ChatEvents(result).end
        #expect(end["reason"]?.string == reason)
        #expect((end["error"] != nil) == (words != nil), "\(end)")
        if let words {
            #expect(end["error"]?.string?.contains(words) == true && result.errors.contains(words), "\(end)")
        }
    }

    @Test("a cancelled chat ends with a line that has the exit code 130")
    func cancelled() throws {
        let chat = try ScriptedChat([.hanging(#"{"message":{"content":"Hel"},"done":false}"#)], "--json", "Hi")
        let result = try chat.command.run { feed in
            try feed.readOutput("Hel")
            feed.interrupt()
        }
        #expect(result.status == 130)
        #expect(try ChatEvents(result).end["reason"] == "cancelled")
    }

    @Test("a chat at a terminal has no JSON lines, and an invalid command line prints none")
    func usage() throws {
        let command = try Command("chat", "-m", "rehearsal", "--json", plugins: Fixture.plugins)
        let session = try PseudoTerminal.run(command)
        #expect(session.status == 64)
        #expect(session.text.contains("--json needs a prompt"), "\(session.text)")
        for options in [["--json", "--output", "text"], ["--output", "yaml"], ["--tool-choice="]] {
            var command = Command("chat", "-m", "rehearsal", "Hi")
            command.arguments += options
            let result = try command.run()
            #expect(result.status == 64 && result.output.isEmpty && !result.errors.isEmpty, "\(result)")
        }
    }

    /// The options of a chat, and its output in a pipe.
    private static let forms: [([String], String)] = [
        ([], "# Title\n\n*15* degrees\n- one `two`\n"),
        (["--output", "markdown"], "# Title\n\n*15* degrees\n- one `two`\n"),
        (["--output", "text"], "Title\n\n15 degrees\n• one two\n"),
    ]

    @Test("in a pipe, the answer is as the model wrote it, or text without marks", arguments: forms)
    func text(options: [String], expected: String) throws {
        let answer = ScriptedChat.text("# Title\n\n*15* degrees\n- one `two`")
        var chat = try ScriptedChat([answer], "Hi")
        chat.command.arguments += options
        let result = try chat.run()
        #expect(result.status == 0 && result.output == expected, "\(result)")
    }

    @Test("text in a pipe is not broken into rows")
    func unbroken() throws {
        let words = Array(repeating: "word", count: 200).joined(separator: " ")
        let result = try ScriptedChat([ScriptedChat.text("**word** \(words)")], "--output", "text", "Hi").run()
        #expect(result.output == "word \(words)\n", "\(result)")
    }
}
