import TestSupport
import Testing
import ToolJSON

@Suite("The command line", .timeLimit(.minutes(10)))
struct UsageTests {
    private static let verbs = [
        "list", "show", "call", "test", "bench", "dispatch", "chat", "history", "models", "config", "doctor",
    ]

    @Test("help explains every verb with examples", arguments: verbs)
    func help(verb: String) throws {
        let overview = try Command("--help").run()
        #expect(overview.status == 0)
        #expect(overview.output.contains("\n  \(verb) "))
        for arguments in [[verb, "--help"], ["help", verb]] {
            var command = Command()
            command.arguments = arguments
            let help = try command.run()
            #expect(help.status == 0)
            #expect(help.output.contains("EXAMPLES:\n") && help.output.contains("  toolhost \(verb)"))
        }
    }

    @Test("--version prints the version")
    func version() throws {
        let result = try Command("--version").run()
        #expect(result.status == 0)
        #expect(result.output == "0.1.0\n")
    }

    @Test(
        "an invalid command line exits with 64 and names the error",
        arguments: [
            (["nope"], "nope"), (["list", "--nope"], "--nope"), (["show"], "<tool>"), (["call"], "<tool>"),
            (["list", "--json", "--ollama"], "either --json or --ollama"),
            (["chat", "--think=deep"], "low, medium, high"),
            (["chat", "--num-ctx", "0"], "--num-ctx"), (["chat", "--rounds", "-1"], "--rounds"),
            (["chat", "-m", "rehearsal", "--option", "x", "hello"], "key=value"),
            (["call", "x", "--timeout", "soon"], "--timeout"),
        ] as [([String], String)]
    )
    func usage(arguments: [String], words: String) throws {
        var command = Command()
        command.arguments = arguments
        let result = try command.run()
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test(
        "plugins are found in the directories of the environment and the user, and --no-default-plugins ignores the latter"
    )
    func searchPath() throws {
        let (home, place) = (try FixtureDirectory(), try FixtureDirectory())
        try place.plugin("work.so", FixtureSource.tool("work", body: "return tool_finish(call, TOOL_OK);"))
        try home.directory("data/toolhost/plugins")
        try home.plugin(
            "data/toolhost/plugins/rest.so",
            FixtureSource.tool("rest", body: "return tool_finish(call, TOOL_OK);")
        )
        func tools(_ arguments: String...) throws -> [String?] {
            var command = Command("list", "--json")
            command.arguments += arguments
            command.environment["TOOLHOST_PLUGIN_PATH"] = place.path + ":" + place.path + "/nowhere"
            command.environment["XDG_DATA_HOME"] = home.path + "/data"
            return try command.run().json.array?.map { $0["name"]?.string } ?? []
        }
        #expect(try tools() == ["rest", "work"])
        #expect(try tools("--no-default-plugins") == ["work"])
        #expect(
            try tools("--no-default-plugins", "--plugins", home.path + "/data/toolhost/plugins/rest.so") == [
                "rest", "work",
            ]
        )
    }
}
