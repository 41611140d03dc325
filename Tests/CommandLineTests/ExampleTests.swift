import TestSupport
import Testing
import ToolJSON

@Suite("The verb test", .timeLimit(.minutes(10)))
struct ExampleTests {
    /// The source of `say`, which returns its argument, with the given examples.
    private static func source(_ examples: String) -> String {
        FixtureSource.tool(
            "say",
            extra:
                #","parameters":{"type":"object","properties":{"text":{"type":"string"}}},"toolhost":{"examples":\#(examples)}"#,
            body: """
                tool_text_v1 text;
                if (tool_get_text(call, "/text", &text) != TOOL_RESULT_OK)
                    return tool_fail(call, TOOL_INVALID_ARGUMENTS, "text: expected a text");
                return tool_reply(call, text);
                """
        )
    }

    @Test("test runs the examples of all tools, and lists the tools without examples")
    func passing() throws {
        let result = try Command("test", plugins: Fixture.plugins).run()
        #expect(result.status == 0)
        #expect(
            result.output == """
                ok    outcome example 1
                ok    outcome example 2
                ok    outcome example 3
                ok    outcome example 4
                without examples: get_conditions, get_temperature, typed
                4 passed, 0 failed

                """
        )
        let report = try Command("test", "--json", plugins: Fixture.plugins).run().json
        #expect(report["passed"] == 4 && report["failed"] == 0)
        #expect(report["without_examples"] == ["get_conditions", "get_temperature", "typed"])
        #expect(report[pointer: "/examples/3/results"]?.array?.count == 2)
    }

    @Test(
        "test reports the expected and the actual result of a failing example",
        arguments: [
            (#"[{"arguments":{"text":"b"},"result":"a"}]"#, #"expected "a", got "b""#),
            (#"[{"arguments":{"text":"b"},"error":"TOOL_ERROR"}]"#, #"expected tool_error, got "b""#),
            (#"[{"arguments":{"text":"[1]"},"result":[1,2]}]"#, #"expected [1,2], got "[1]""#),
            (#"[{"arguments":{},"result":"a"}]"#, #"expected "a", got invalid_arguments: text: expected a text"#),
            (
                #"[[{"arguments":{"text":"a"},"result":"a"},{"arguments":{"text":"b"},"result":"a"}]]"#,
                #"expected "a", got "b""#
            ),
        ]
    )
    func failing(examples: String, words: String) throws {
        let directory = try FixtureDirectory()
        try directory.plugin("say.so", Self.source(examples))
        let result = try Command("test", "say", plugins: directory).run()
        #expect(result.status == 1)
        #expect(result.output.contains("FAIL  say example 1: "), "\(result.output)")
        #expect(result.output.contains(words), "\(result.output)")
        #expect(result.output.hasSuffix("0 passed, 1 failed\n"))
        let report = try Command("test", "say", "--json", plugins: directory).run()
        #expect(report.status == 1)
        #expect(try report.json[pointer: "/examples/0/passed"] == false)
    }

    @Test(
        "an example can call only tools of its plugin",
        arguments: [("secret", "which is not of the same plugin"), ("nope", "there is no such tool")]
    )
    func deputy(tool: String, words: String) throws {
        let directory = try FixtureDirectory()
        let steps = #"{"tool":"\#(tool)","arguments":{},"keep":{"it":""}},{"arguments":{"text":"$it"},"result":"y"}"#
        try directory.plugin("say.so", Self.source("[[\(steps)]]"))
        let body = #"return tool_reply(call, tool_text("hunter2"));"#
        try directory.plugin("secret.so", FixtureSource.tool("secret", body: body))
        let result = try Command("test", "say", "--json", plugins: directory).run()
        #expect(result.status == 1 && !result.output.contains("hunter2"), "\(result)")
        let failure = try result.json[pointer: "/examples/0/failure"]?.string ?? ""
        #expect(failure.contains(#"the example calls "\#(tool)""#) && failure.contains(words), "\(failure)")
    }

    @Test("test compares names and text by their bytes")
    func exactNames() throws {
        let directory = try FixtureDirectory()
        let example =
            #"[{"arguments":{"text":"[\"1\",\"2\"]"},"keep":{"\u00E9":"/0","e\u0301":"/1"}},"#
            + #"{"arguments":{"text":"$\u00E9"},"result":1},{"arguments":{"text":"$e\u0301"},"result":2}]"#
        let other = #"{"arguments":{"text":"\u00E9"},"result":"e\u0301"}"#
        try directory.plugin("say.so", Self.source("[\(example),\(other)]"))
        #expect(try Command("list", plugins: directory).run().status == 0)
        let result = try Command("test", "say", plugins: directory).run()
        #expect(result.output.contains("ok    say example 1\n"), "\(result)")
        #expect(result.output.contains("FAIL  say example 2: "), "\(result)")
    }

    @Test("test tests the named tools, and a named file without any other plugin")
    func chosen() throws {
        let plugins = try Fixture.plugins
        let named = try Command("test", "get_temperature", plugins: plugins).run()
        #expect(named.status == 4 && named.errors.contains("Nothing was tested"))
        #expect(named.output == "without examples: get_temperature\n0 passed, 0 failed\n")
        #expect(try Command("test", "nope", plugins: plugins).run().status == 3)

        let directory = try FixtureDirectory()
        let file = try directory.plugin("say.so", Self.source(#"[{"arguments":{"text":"a"},"result":"a"}]"#))
        let alone = try Command("test", file).run()
        #expect(alone.status == 0)
        #expect(alone.output == "ok    say example 1\n1 passed, 0 failed\n")

        let broken = try directory.file("broken.so", Array("nothing".utf8))
        let refused = try Command("test", broken).run()
        #expect(refused.status == 4)
        #expect(refused.errors.contains("broken.so: Is not a shared library"), "\(refused.errors)")
        #expect(try Command("test", directory.path + "/gone.so").run().status == 4)
    }

    @Test("test tests the usable part of the named plugins, and reports each of the others")
    func partlyBroken() throws {
        let directory = try FixtureDirectory()
        let good = #"{"name":"good","description":"d","toolhost":{"examples":[{"arguments":{},"result":"a"}]}}"#
        let source = """
            #include "tool_plugin.h"
            static int32_t run(void *context, const tool_call_v1 *call) {
                (void)context;
                return tool_reply(call, tool_text("a"));
            }
            static const tool_v1 good = {.struct_size = sizeof(tool_v1), .execute = run,
                .schema = TOOL_TEXT(\(FixtureSource.literal(good)))};
            static const tool_v1 bad = {.struct_size = sizeof(tool_v1), .execute = run, .schema = TOOL_TEXT("{}")};
            TOOL_PLUGIN(\(FixtureSource.literal(#"{"name":"half"}"#)), &good, &bad)
            """
        let file = try directory.plugin("half.so", source)
        let gone = directory.path + "/gone.so"
        let result = try Command("test", file, gone).run()
        #expect(result.status == 4, "\(result)")
        #expect(result.output == "ok    good example 1\n1 passed, 0 failed\n")
        #expect(result.errors.contains("Tool number 2") && result.errors.contains("gone.so"), "\(result.errors)")
        let report = try Command("test", file, gone, "--json").run()
        #expect(try report.json["passed"] == 1 && report.json["failures"]?.array?.count == 2, "\(report)")
    }

    /// The files of a directory (`broken`, `withheld`, `say`, `plain`), the command, and its exit code.
    private static let runs: [(files: [String], words: [String], status: Int32)] = [
        (["say"], ["test"], 0), (["say", "withheld"], ["test"], 0), (["withheld"], ["test"], 4),
        (["say", "broken"], ["test"], 4), ([], ["test"], 4), (["say", "withheld"], ["test", "--plugins", "DIR"], 6),
        (["say"], ["test", "--plugins", "DIR"], 0), (["broken", "say"], ["test", "--plugins", "DIR"], 4),
        (["say", "withheld", "broken"], ["test", "say"], 0),
        (["say", "withheld", "broken"], ["test", "DIR/say.so"], 0),
        (["say", "withheld"], ["test", "DIR/withheld.so"], 6), (["say", "withheld"], ["test", "withheld"], 6),
        (["say", "broken"], ["test", "DIR/broken.so"], 4), (["say", "broken"], ["test", "broken"], 4),
        (["say"], ["test", "DIR/gone.so"], 4), (["say"], ["test", "gone"], 3),
        (["say", "withheld"], ["test", "--plugins", "DIR/withheld.so"], 6),
        (["say", "broken"], ["test", "--plugins", "DIR/broken.so"], 4), (["plain"], ["test"], 4),
        (["say"], ["test", "--plugins", "DIR/gone"], 4),
    ]

    @Test(
        "test exits with 6 for a named plugin that is withheld, and with 4 if it is broken or nothing was tested",
        arguments: runs
    )
    func status(run: (files: [String], words: [String], status: Int32)) throws {
        let fixture = try FixtureDirectory()
        let directory = try fixture.directory("own")
        for file in run.files {
            switch file {
            case "broken": try fixture.file("own/broken.so", "damaged".utf8)
            case "withheld":
                let manifest = #"{"name":"withheld","permissions":{"read":["/etc"]}}"#
                let source = FixtureSource.tool("withheld", manifest: manifest, body: "return TOOL_DONE;")
                try fixture.plugin("own/withheld.so", source)
            case "plain":
                try fixture.plugin("own/plain.so", FixtureSource.tool("plain", body: "return TOOL_DONE;"))
            default:
                try fixture.plugin("own/say.so", Self.source(#"[{"arguments":{"text":"a"},"result":"a"}]"#))
            }
        }
        var command = Command("")
        command.arguments = run.words.map { $0.replacing("DIR", with: directory) } + ["--no-default-plugins"]
        command.environment["HOME"] = fixture.path
        if !run.words.contains("--plugins") { command.environment["TOOLHOST_PLUGIN_PATH"] = directory }
        let result = try command.run()
        #expect(result.status == run.status, "\(run): \(result)")
        // Without names, all untested plugins are listed.
        let isSkipped = run.words.count == 1 || run.words[1] == "--plugins"
        #expect(
            result.output.contains("skipped, because it is withheld: \(directory)/withheld.so")
                == (run.files.contains("withheld") && isSkipped),
            "\(run): \(result)"
        )
        #expect(
            result.output.contains("FAIL  \(directory)/broken.so: Is not a shared library")
                == (run.files.contains("broken") && isSkipped),
            "\(run): \(result)"
        )
        command.arguments.append("--json")
        let json = try command.run()
        #expect(json.status == run.status, "\(run): \(json)")
        guard isSkipped, run.words.last != "DIR/gone" else { return }
        #expect(try json.json["skipped"]?.array?.count == (run.files.contains("withheld") ? 1 : 0), "\(json)")
        #expect(try json.json["broken"]?.array?.count == (run.files.contains("broken") ? 1 : 0), "\(json)")
    }
}
