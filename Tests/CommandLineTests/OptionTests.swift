import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("An option", .timeLimit(.minutes(10)))
struct OptionTests {
    @Test(
        "an option without effect or with an impossible value is refused before anything runs",
        arguments: [
            // Options without effect.
            (["list", "--timeout", "5"], "Unknown option --timeout"), (["show", "x", "--timeout", "5"], "--timeout"),
            (["doctor", "--timeout", "5"], "--timeout"), (["check", "x.so", "--timeout", "5"], "--timeout"),
            (["check", "x.so", "--plugins", "/usr"], "omit --plugins"),
            (["check", "x.so", "--no-default-plugins"], "omit --plugins and --no-default-plugins"),
            (["test", "x.so", "--plugins", "/usr"], "omit --plugins"),
            (["test", "./x.tool.json", "x.so", "--plugins", "/usr"], "omit --plugins"),
            (["list", "--in-process", "--sandbox", "required"], "Use only one of --in-process and --sandbox"),
            (["call", "x", "--in-process", "--sandbox=best-effort"], "Use only one of --in-process and --sandbox"),
            (["trust", "--remove", "x", "--json"], "--remove takes no other option than --lock"),
            (["trust", "--remove", "x", "--config", "y"], "--remove takes no other option than --lock"),
            (["trust", "--list", "x"], "--list takes no files"),
            (["trust", "--list", "--yes"], "--list takes no files"),
            (["bind", "m", "--force"], "Add -o FILE"), (["bind", "m", "--json"], "Add -o FILE"),
            (["list", "--json", "--ollama"], "either --json or --ollama"),
            // Duplicates.
            (["call", "typed", "--arg", "i=1", "--arg", "i=2"], "--arg i=2: another --arg sets the same argument"),
            (["call", "typed", "--arg", "o.a=1", "--arg", "o:={}"], "--arg o:={}: another --arg"),
            (["call", "typed", "--arg", "o=1", "--arg", "o.a.b=1"], "--arg o.a.b=1: another --arg"),
            (["call", "typed", "--arg", "/o/a=1", "--arg", "o.a=1"], "--arg o.a=1: another --arg"),
            (["call", "typed", "-", "--arg", "s=@-"], "read only once"),
            (["call", "typed", "--arg", "s=@-", "--arg", "i=@-"], "read only once"),
            (["chat", "-m", "m", "--option", "seed=1", "--option", "seed=2", "Hi"], "seed is set twice"),
            (["chat", "-m", "m", "--num-ctx", "5", "--option", "num_ctx=2", "Hi"], "num_ctx is set twice"),
            // Values out of range, or malformed.
            (["call", "typed", "--timeout", "-1"], "0.001 to 1000000"), (["call", "typed", "--timeout=0"], "0.001"),
            (["call", "typed", "--timeout", "0x10"], "0.001"), (["call", "typed", "-o", "-"], "expected a file"),
            (["call", "typed", "--timeout", "nan"], "0.001"), (["test", "--timeout", "inf"], "0.001"),
            (["dispatch", "--timeout", "1e400"], "0.001"), (["chat", "--timeout", "-inf", "Hi"], "0.001"),
            (["chat", "--rounds", "-1", "Hi"], "--rounds"), (["chat", "--num-ctx", "-1", "Hi"], "--num-ctx"),
            (["chat", "--keep-alive", "-x", "Hi"], "--keep-alive"),
            (["call", "typed", "--arg", "s"], "expected name=value"),
            (["call", "typed", "--arg", "=s"], "expected name="),
            (["call", "typed", "--arg", "a..b=1"], "a JSON pointer"),
            (["call", "typed", "--arg", ".a=1"], "a JSON pointer"),
            (["call", "typed", "--arg", "/a~2=1"], "~0 for ~"),
            (["call", "typed", "--arg", String(repeating: "a.", count: 64) + "a=1"], "at most 64 names"),
            // Empty names.
            (["call", "typed", "--arg", ""], "--arg \"\": expected name=value"),
            (["chat", "-m", "m", "--option", "", "Hi"], "--option \"\": expected key=value"),
            (["call", "typed", "--allow", ":read=/tmp"], "plugin \"\" not found"),
            // Missing files and names.
            (["list", "--plugins", "/nowhere/x"], "--plugins /nowhere/x: No such file or directory"),
            (["call", "x", "--plugins", "/dev/null/x"], "--plugins /dev/null/x: Not a directory"),
            (["list", "--plugins", ""], "--plugins \"\": No such file"),
            (["chat", "--plugins", "-x", "Hi"], "--plugins -x"),
            (["show", "x", "--plugins", "/nowhere"], "--plugins"),
            (["call", "typed", "--allow", "nope:read=/tmp"], "plugin nope not found. The plugins are:"),
            (["chat", "-m", "m", "--allow", "nope:read=/tmp", "Hi"], "plugin nope not found"),
        ] as [([String], String)]
    )
    func refused(arguments: [String], words: String) throws {
        var command = try Command("", plugins: Fixture.plugins)
        let takesPlugins = ["call", "chat"].contains(arguments[0])
        command.arguments = arguments + (takesPlugins ? Array(command.arguments.dropFirst()) : [])
        let result = try command.run()
        #expect(result.status == 64, "\(result)")
        #expect(result.output.isEmpty && result.errors.contains(words), "\(result)")
    }

    @Test(
        "doctor and test exit with 4 if --plugins names a missing directory",
        arguments: ["doctor", "test"]
    )
    func missing(verb: String) throws {
        let result = try Command(verb, "--plugins", "/nowhere/x").run()
        #expect(result.status == 4 && (result.output + result.errors).contains("/nowhere/x"), "\(result)")
    }

    @Test("a note says that --timeout has no effect if the tool sets a deadline")
    func deadline() throws {
        let result = try Command("call", "outcome", #"{"how":"text"}"#, "--timeout", "9", plugins: Fixture.plugins)
            .run()
        #expect(result.status == 0 && result.errors.contains("--timeout has no effect"), "\(result)")
    }

    @Test(
        "--allow is accepted for a plugin that cannot be loaded, so that the error of the plugin is reported",
        arguments: [
            ("d/libEcho.so", "echo", 4, "is broken: "), ("d/echo.so", "echo", 4, "is broken: "),
            ("d/echo.tool.json", "echo", 4, "is broken: "),
            // The name of the plugin in another file is not known.
            ("d/other.so", "echo", 64, "plugin echo not found. The plugins are: "),
            ("d/echo.so", "ecoh", 64, "plugin ecoh not found. The plugins are: "),
        ] as [(String, String, Int32, String)]
    )
    func brokenPlugin(file: String, name: String, status: Int32, words: String) throws {
        let fixture = try FixtureDirectory()
        let directory = try fixture.directory("d")
        let path = try fixture.file(file, "damaged".utf8)
        var command = Command("call", "echo", "--allow", "\(name):read=/tmp", "--no-default-plugins")
        command.arguments += ["--plugins", directory]
        let result = try command.run()
        #expect(result.status == status && result.errors.contains(words + (status == 64 ? path : "")), "\(result)")
    }

    // MARK: - --arg

    @Test(
        "--arg sets nested arguments by dots or a JSON pointer, unless the schema declares the whole name",
        arguments: [
            (["o.a=1"], #"{"o":{"a":"1"}}"#), (["o.a.b:=1", "o.a.c:=[2]"], #"{"o":{"a":{"b":1,"c":[2]}}}"#),
            (["/o/a.b/c:=1"], #"{"o":{"a.b":{"c":1}}}"#), (["/o/a~1b:=1"], #"{"o":{"a/b":1}}"#),
            (["x.y=1"], #"{"x.y":1}"#), (["n.d.e=1"], #"{"n":{"d.e":1}}"#), (["n.i=1"], #"{"n":{"i":1}}"#),
            (["r.i=1"], #"{"r":{"i":1}}"#), (["o.a:=1", "i=2"], #"{"o":{"a":1},"i":2}"#),
        ] as [([String], String)]
    )
    func nested(options: [String], expected: String) throws {
        let directory = try FixtureDirectory()
        let source = FixtureSource.tool(
            "nest",
            extra: """
                ,"parameters":{"type":"object","$defs":{"r":{"type":"object","properties":{"i":{"type":"integer"}}}},\
                "properties":{"o":{"type":"object"},"i":{"type":"integer"},"x.y":{"type":"integer"},\
                "n":{"type":"object","properties":{"d.e":{"type":"integer"},"i":{"type":"integer"}}},\
                "r":{"$ref":"#/$defs/r"}}}
                """,
            body: "tool_write_json(call, call->arguments); return tool_finish(call, TOOL_OK);"
        )
        try directory.plugin("nest.so", source)
        var command = Command("call", "nest", plugins: directory)
        command.arguments += options.flatMap { ["--arg", $0] }
        let result = try command.run()
        #expect(result.output == expected + "\n", "\(result)")
    }

    @Test("--arg is merged into the given object, and a path through a value that is no object is refused")
    func joined() throws {
        let plugins = try Fixture.plugins
        let joined = try Command("call", "typed", #"{"o":{"a":1}}"#, "--arg", "o.b:=2", plugins: plugins).run()
        #expect(joined.output == #"{"o":{"a":1,"b":2}}"# + "\n", "\(joined)")
        let refused = try Command("call", "typed", #"{"o":5}"#, "--arg", "o.b:=2", plugins: plugins).run()
        #expect(refused.status == 2 && refused.errors.contains("an argument that is not an object"), "\(refused)")
    }

    @Test("--arg reads a file with @ and standard input with @-, and @@ is a literal @")
    func files() throws {
        let (directory, plugins) = (try FixtureDirectory(), try Fixture.plugins)
        let text = try directory.file("text", "line 1\nlïne 2\n".utf8)
        let json = try directory.file("json", #"{"a":[1]}"#.utf8)
        let broken = try directory.file("broken", [0x61, 0xFF])
        let long = try directory.file("long", [UInt8](repeating: 0x61, count: 16 << 20 | 1))
        func call(_ option: String, input: String = "") throws -> Command.Result {
            try Command("call", "typed", "--arg", option, plugins: plugins, input: input).run()
        }
        #expect(try call("s=@\(text)").json["s"] == "line 1\nlïne 2\n")
        #expect(try call("o:=@\(json)").output == #"{"o":{"a":[1]}}"# + "\n")
        #expect(try call("s=@-", input: "piped\n").json["s"] == "piped\n")
        #expect(try call("s=@@\(text)").json["s"] == .string("@\(text)"))
        #expect(try call("s=@@").json["s"] == "@")
        #expect(try call("s=a@b").json["s"] == "a@b")
        let failures: [(String, Int32, String)] = [
            ("s=@\(directory.path)/none", 74, "A value that begins with @ is written with @@"),
            ("s=@", 74, #""" cannot be read"#),
            ("s=@\(directory.path)", 74, "directory"), ("s=@\(broken)", 2, "not UTF-8"),
            ("s=@\(long)", 2, "longer than"),
            ("o:=@\(text)", 2, "expected JSON"),
        ]
        for (option, status, words) in failures {
            let result = try call(option)
            #expect(result.status == status && result.errors.contains(words), "\(option): \(result)")
        }
    }
}
