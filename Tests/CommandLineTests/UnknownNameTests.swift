import Foundation
import TestSupport
import Testing
import ToolJSON

/// Every place that reports a name that does not exist, except for the members of arguments and the values of an `enum`,
/// which are the schema's.
@Suite("An unknown name", .timeLimit(.minutes(10)))
struct UnknownNameTests {
    /// A run with a mistyped name, with the name that is meant.
    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let arguments: [String]
        let status: Int32
        let meant: String
        var file: (name: String, content: String)?
        var input = ""
        var program = "toolhost"

        init(_ title: String, _ arguments: [String], _ status: Int32, meant: String) {
            (testDescription, self.arguments, self.status, self.meant) = (title, arguments, status, meant)
        }

        /// A mistyped name in a file, whose path stands for `FILE` in the arguments.
        init(
            _ title: String,
            in name: String,
            _ content: String,
            _ arguments: [String],
            _ status: Int32,
            meant: String
        ) {
            self.init(title, arguments, status, meant: meant)
            file = (name, content)
        }

        func reading(_ input: String) -> Place {
            var place = self
            place.input = input
            return place
        }

        func run(by program: String) -> Place {
            var place = self
            place.program = program
            return place
        }
    }

    private static let config = "home/.config/toolhost/config.json"
    private static let policy = "home/.config/toolhost/policy.json"

    private static func binding(_ tool: String, types: String = "{}") -> String {
        #"{"toolhost":1,"plugin":{"name":"b"},"library":"libm.so.6","types":\#(types),"tools":[\#(tool)]}"#
    }

    private static let places = [
        // Verbs and options.
        Place("a verb", ["lst"], 64, meant: "list"),
        Place("a verb with a letter exchanged", ["hcat", "Hi"], 64, meant: "chat"),
        Place("a verb to be explained", ["help", "dispach"], 64, meant: "dispatch"),
        Place("an option of the program", ["--verson"], 64, meant: "--version"),
        Place("an option of a verb", ["list", "--no_default_plugins"], 64, meant: "--no-default-plugins"),
        Place("an option of the rehearsal", ["--prot"], 64, meant: "--port").run(by: "toolhost-rehearsal"),
        Place("a value of --sandbox", ["list", "--sandbox", "best_effort"], 64, meant: "best-effort"),
        Place("a value of --think", ["chat", "--think=hihg", "Hi"], 64, meant: "high"),
        Place(
            "an option of the model",
            ["chat", "-m", "m", "--option", "temperatur=0", "Hi"],
            7,
            meant: "temperature"
        ),
        // Tools.
        Place("a tool to show", ["show", "outcom"], 3, meant: "outcome"),
        Place("a tool to call", ["call", "functions.typed"], 3, meant: "typed"),
        Place("a tool to test", ["test", "getTemperature"], 3, meant: "get_temperature"),
        Place("a tool that a model calls", ["dispatch"], 0, meant: "get_temperature")
            .reading(#"{"tool_calls":[{"function":{"name":"Get-Temprature","arguments":{}}}]}"#),
        Place(
            "a pattern of --tools",
            ["chat", "-m", "m", "--tools", "get_temprat*", "Hi"],
            3,
            meant: "get_temperature"
        ),
        Place("a name in --tools", ["chat", "-m", "m", "--tools", "outcom", "Hi"], 3, meant: "outcome"),
        // Plugins and grants.
        Place("a plugin in --allow", ["list", "--allow", "wether:read=/tmp"], 64, meant: "weather"),
        Place("a plugin in --allow for doctor", ["doctor", "--allow", "wether:read=/tmp"], 64, meant: "weather"),
        Place("a kind of grant", ["list", "--allow", "raed=/tmp"], 64, meant: "read"),
        Place("a kind of grant for a plugin", ["list", "--allow", "weather:netwrok=80"], 64, meant: "network"),
        Place("a directory of plugins", ["list", "--plugins", "DIRECTORY/plugin"], 64, meant: "plugins"),
        Place("a plugin's file", ["list", "--plugins", "DIRECTORY/plugins/wether.so"], 64, meant: "weather.so"),
        // Settings.
        Place("a key of the configuration", in: config, #"{"limit":{}}"#, ["list"], 64, meant: "limits"),
        Place("a limit", in: config, #"{"limits":{"timeuot":1}}"#, ["list"], 64, meant: "timeout"),
        Place("a limit of the agent", in: config, #"{"limits":{"round":1}}"#, ["list"], 64, meant: "rounds"),
        Place("a configured plugin", in: config, #"{"plugins":{"wether":{"a":"b"}}}"#, ["list"], 0, meant: "weather"),
        Place(
            "a key of a configured plugin",
            in: config,
            #"{"plugins":{"keyed":{"rot":"b"}}}"#,
            ["list"],
            0,
            meant: "root"
        ),
        Place("a key of the policy", in: policy, #"{"version":1,"rule":[]}"#, ["list"], 64, meant: "rules"),
        Place(
            "a key of a rule",
            in: policy,
            #"{"version":1,"rules":[{"tool":"a","decision":"deny","argument":{}}]}"#,
            ["list"],
            64,
            meant: "arguments"
        ),
        Place(
            "a decision of a rule",
            in: policy,
            #"{"version":1,"rules":[{"tool":"a","decision":"alow"}]}"#,
            ["list"],
            64,
            meant: "allow"
        ),
        // Trust.
        Place(
            "a plugin that is not trusted any more",
            in: "home/.config/toolhost/plugins.lock.json",
            #"{"version":1,"plugins":{}}"#,
            ["trust", "--remove", "keyd"],
            0,
            meant: "keyed"
        ),
        // Bindings.
        Place(
            "a key of a binding",
            in: "a.tool.json",
            #"{"toolhost":1,"librari":""}"#,
            ["check", "FILE"],
            4,
            meant: "library"
        ),
        Place(
            "a key of a bound tool",
            in: "a.tool.json",
            binding(#"{"name":"a","description":"","paramters":[]}"#),
            ["check", "FILE"],
            4,
            meant: "parameters"
        ),
        Place(
            "a type of a binding",
            in: "a.tool.json",
            binding(
                #"{"name":"a","description":"","returns":"wdth"}"#,
                types: #"{"width":{"enum":"i32","values":{"a":1}}}"#
            ),
            ["check", "FILE"],
            4,
            meant: "width"
        ),
        Place(
            "a parameter of a bound function",
            in: "a.tool.json",
            binding(
                #"{"name":"a","description":"","parameters":[{"name":"values","type":"i32[]"},"#
                    + #"{"name":"n","type":"i32","count_of":"value"}]}"#
            ),
            ["check", "FILE"],
            4,
            meant: "values"
        ),
    ]

    /// A plugin with the configuration key "root".
    private static let keyed = FixtureSource.tool(
        "keyed",
        manifest: #"{"name":"keyed","config":["root"]}"#,
        body: "return TOOL_DONE;"
    )

    @Test("an unknown name is reported with the nearest known name", arguments: places)
    func place(_ place: Place) throws {
        let directory = try FixtureDirectory()
        try directory.directory("home/.config/toolhost")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/plugins",
            withDestinationPath: Fixture.plugins.path
        )
        try directory.plugin("keyed.so", Self.keyed)
        var command = Command("")
        command.program = BuiltProducts.executable(place.program)
        command.arguments = place.arguments.map { $0.replacingOccurrences(of: "DIRECTORY", with: directory.path) }
        command.input = place.input
        command.environment["HOME"] = directory.path + "/home"
        if let file = place.file {
            let path = try directory.file(file.name, file.content.utf8)
            command.arguments = command.arguments.map { $0 == "FILE" ? path : $0 }
        }
        if place.arguments.first == "trust" {
            var trust = Command("trust", "--yes", directory.path + "/keyed.so")
            trust.environment["HOME"] = directory.path + "/home"
            #expect(try trust.run().status == 0)
        }
        let takesPlugins = ["list", "show", "call", "test", "dispatch", "chat", "doctor"].contains(place.arguments[0])
        if takesPlugins, !place.arguments.contains("--plugins") {
            command.arguments += ["--no-default-plugins", "--plugins", directory.path + "/plugins"]
            command.arguments += ["--plugins", directory.path + "/keyed.so"]
        }
        let result = try command.run()
        let shown = (result.output + result.errors).replacingOccurrences(of: "\\\"", with: "\"")
        #expect(result.status == place.status, "\(result)")
        #expect(
            shown.contains("Did you mean \"\(place.meant)\"") || shown.contains(", \"\(place.meant)\""),
            "\(result)"
        )
    }

    @Test(
        "an unknown member of a registration is a problem of the plugin, reported with the nearest known name",
        arguments: [
            (#"{"name":"p","permision":{}}"#, "", "permissions"),
            (#"{"name":"p","permissions":{"raed":[]}}"#, "", "read"),
            (#"{"name":"p"}"#, #","paramters":{}"#, "parameters"),
            (#"{"name":"p"}"#, #","toolhost":{"timout":1}"#, "timeout"),
            (#"{"name":"p"}"#, #","toolhost":{"annotations":{"readonly":true}}"#, "readOnly"),
        ]
    )
    func registration(manifest: String, extra: String, meant: String) throws {
        let directory = try FixtureDirectory()
        let source = FixtureSource.tool("p", extra: extra, manifest: manifest, body: "return TOOL_DONE;")
        try directory.plugin("p.so", source)
        for _ in 0..<2 {
            let result = try Command("doctor", plugins: directory).run()
            #expect(result.status == 4 && result.output.contains("Did you mean \"\(meant)\"?"), "\(result)")
        }
    }

    @Test("an unknown model is reported with the models of the server, nearest first")
    func model() throws {
        let missing = ScriptedServer.Reply.json(#"{"error":"model 'qwen2' not found"}"#, status: 404)
        let tags = ScriptedServer.Reply.json(#"{"models":[{"name":"llama3.2:1b"},{"name":"qwen3:8b"}]}"#)
        let server = try ScriptedServer([
            .answering { $0.path == "/api/tags" ? tags : missing },
            .answering { $0.path == "/api/tags" ? tags : missing },
        ])
        var command = Command("chat", "-m", "qwen", "--no-default-plugins", "--num-ctx", "4096", "Hi")
        command.environment["OLLAMA_HOST"] = server.address
        let result = try command.run()
        #expect(result.status == 7, "\(result)")
        #expect(
            result.errors.contains(#"Did you mean "qwen3:8b"? The server has: qwen3:8b, llama3.2:1b."#),
            "\(result)"
        )
    }

    @Test("an unknown tool is reported with at most 64 tools, nearest first")
    func many() throws {
        let directory = try FixtureDirectory()
        let tools = (0..<120).map { "aa_tool_\($0)_of_a_long_name_list" } + ["zz_get_temperature"]
        let definitions = tools.map { #"{"name":"\#($0)","symbol":"abs","description":"A","returns":"i32"}"# }
        let binding =
            #"{"toolhost":1,"plugin":{"name":"m"},"library":"libc.so.6","tools":[\#(definitions.joined(separator: ","))]}"#
        try directory.file("m.tool.json", binding.utf8)
        for name in ["ZZ_Get_Temperature", "zz-get-temperature", "functions.zz_get_temperature", "zz_get_temprature"] {
            let result = try Command("call", name, plugins: directory).run()
            #expect(result.status == 3, "\(result)")
            let words =
                #" not found. Did you mean "zz_get_temperature"? The tools are: zz_get_temperature, aa_tool_0_of"#
            #expect(result.errors.contains(words), "\(result)")
            #expect(result.errors.contains(" and 57 more."), "\(result)")
        }
    }
}
