import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The verb call", .timeLimit(.minutes(10)))
struct CallTests {
    private let plugins: FixtureDirectory

    init() throws { plugins = try Fixture.plugins }

    @Test(
        "call exits with the code of the status, and reports errors on standard error",
        arguments: [
            ("outcome", #"{"how":"text"}"#, 0, ""),
            ("outcome", #"{"how":"error"}"#, 1, "the tool says no"),
            ("outcome", #"{}"#, 2, "how: expected a text"),
            ("outcome", #"{"how":1}"#, 2, "- how: expected a string, got 1"),
            ("outcome", #"{"how":"?"}"#, 2, "how: unknown"),
            ("outcome", "[1]", 2, "of type array; expected a JSON object"),
            ("outcome", #"{"how":"#, 2, "not valid JSON: "), ("outcome", "how=text", 2, "with --arg name=value"),
            ("nope", "{}", 3, "Tool nope not found. The tools are: get_conditions, get_temperature, outcome, typed."),
            ("", "{}", 3, #"Tool "" not found. The tools are: "#),
            ("outcome", #"{"how":"internal"}"#, 4, "the plugin is at fault"),
            ("outcome", #"{"how":"nothing"}"#, 4, "The tool failed: "),
            ("outcome", #"{"how":"stuck"}"#, 5, "did not answer within 0.2 seconds"),
        ] as [(String, String, Int32, String)]
    )
    func exitCodes(tool: String, arguments: String, status: Int32, words: String) throws {
        let result = try Command("call", tool, arguments, plugins: plugins).run()
        #expect(result.status == status)
        #expect(result.output == (status == 0 ? "a text\n" : ""))
        #expect(words.isEmpty ? result.errors.isEmpty : result.errors.contains(words), "\(result.errors)")
    }

    @Test(
        "call derives the type of name=value from the schema",
        arguments: [
            ("i=12", #"{"i":12}"#), ("i=-3", #"{"i":-3}"#), ("i=2.0", #"{"i":2}"#), ("i=2.5", nil), ("i=two", nil),
            ("i=", "{}"), ("i=\"2\"", nil),
            ("n=2.5", #"{"n":2.5}"#), ("n=1e3", #"{"n":1e3}"#), ("n=one", nil),
            ("b=true", #"{"b":true}"#), ("b=yes", nil), ("b=1", nil),
            ("z=null", #"{"z":null}"#), ("z=", "{}"),
            ("a=[1,\"x\"]", #"{"a":[1,"x"]}"#), ("a=1,2", nil), ("a={}", nil),
            ("o={\"k\":1}", #"{"o":{"k":1}}"#), ("o=[]", nil),
            ("s=12", #"{"s":"12"}"#), ("s=", #"{"s":""}"#), ("s=a=b", #"{"s":"a=b"}"#), ("s:=12", nil),
            ("s:=\"x\"", #"{"s":"x"}"#), ("s:=x", nil),
            ("in=null", #"{"in":null}"#), ("in=7", #"{"in":7}"#), ("in=x", nil), ("sn=7", #"{"sn":"7"}"#),
            ("undeclared=7", #"{"undeclared":"7"}"#),
        ] as [(String, String?)]
    )
    func typing(argument: String, expected: String?) throws {
        let result = try Command("call", "typed", "--arg", argument, plugins: plugins).run()
        guard let expected else {
            #expect(result.status == 2)
            let name = argument.prefix { $0 != "=" && $0 != ":" }
            #expect(result.errors.contains("\(name): expected "), "\(result.errors)")
            return
        }
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == expected + "\n")
    }

    @Test("call joins the arguments of an object, standard input and --arg")
    func sources() throws {
        let piped = try Command("call", "typed", "-", plugins: plugins, input: #" {"s":"ü"} "#).run()
        #expect(piped.output == #"{"s":"ü"}"# + "\n")
        let joined = try Command(
            "call",
            "typed",
            #"{"i":1,"s":"a"}"#,
            "--arg",
            "i=2",
            "--arg",
            "b:=false",
            plugins: plugins
        ).run()
        #expect(joined.output == #"{"i":2,"s":"a","b":false}"# + "\n")
        let none = try Command("call", "typed", plugins: plugins).run()
        #expect(none.output == "{}\n")
        for text in ["null", #""""#, #""{\"i\":5}""#] {
            #expect(try Command("call", "typed", text, plugins: plugins).run().status == 0)
        }
        let unnamed = try Command("call", "typed", "--arg", "=x", plugins: plugins).run()
        #expect(unnamed.status == 64)
    }

    @Test("call prints a description of a picture, and writes the picture to a file")
    func pictures() throws {
        let shown = try Command("call", "outcome", #"{"how":"image"}"#, plugins: plugins).run()
        #expect(shown.output == "A dot: [image/png, 6 bytes]\n")
        let directory = try FixtureDirectory()
        let file = directory.path + "/dot.png"
        let saved = try Command("call", "outcome", #"{"how":"image"}"#, "--output", file, plugins: plugins).run()
        #expect(saved.status == 0)
        #expect(saved.output.isEmpty)
        #expect(FileManager.default.contents(atPath: file).map(Array.init) == [0x89, 0x50, 0x4E, 0x47, 0, 0xFF])
        _ = try Command("call", "outcome", #"{"how":"data"}"#, "-o", file, plugins: plugins).run()
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "%PDF\n")
        let lost = try Command(
            "call",
            "outcome",
            #"{"how":"image"}"#,
            "-o",
            directory.path + "/no/dot.png",
            plugins: plugins
        ).run()
        #expect(lost.status == 74)
        #expect(lost.errors.contains("No such file or directory"))
    }

    @Test("call --json prints the whole result, also if the call fails")
    func json() throws {
        let fine = try Command("call", "outcome", #"{"how":"text"}"#, "--json", plugins: plugins).run().json
        #expect(fine["status"] == "ok")
        #expect(fine["text"] == "a text")
        #expect(fine["arguments"] == ["how": "text"])
        let failed = try Command("call", "outcome", #"{"how":"error"}"#, "--json", plugins: plugins).run()
        #expect(failed.status == 1)
        #expect(try failed.json["status"] == "tool_error")
    }

    @Test("the timeouts of call and of the configuration apply to tools without a deadline")
    func deadlines() throws {
        let directory = try FixtureDirectory()
        try directory.plugin(
            "stuck.so",
            FixtureSource.tool(
                "stuck",
                body: "while (!tool_is_cancelled(call)) { } return tool_finish(call, TOOL_CANCELLED);"
            )
        )
        let timed = try Command("call", "stuck", "--timeout", "0.1", plugins: directory).run()
        #expect(timed.status == 5)
        #expect(timed.errors.contains("within 0.1 seconds"))
        let file = try directory.file("config.json", #"{"limits":{"timeout":0.3}}"#.utf8)
        let configured = try Command("call", "stuck", "--config", file, plugins: directory).run()
        #expect(configured.status == 5)
        #expect(configured.errors.contains("within 0.3 seconds"))
        #expect(try Command("call", "stuck", "--timeout", "0", plugins: directory).run().status == 64)
    }

    @Test("call -v reports coercions")
    func verbose() throws {
        let result = try Command("call", "typed", #"{"i":"7"}"#, "-v", plugins: plugins).run()
        #expect(result.output == #"{"i":7}"# + "\n")
        #expect(result.errors.contains(#"coerced /i: "7" → 7 (number_from_text)"#))
    }
}
