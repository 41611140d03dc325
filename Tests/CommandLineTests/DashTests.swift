import Foundation
import TestSupport
import Testing
import ToolJSON

/// Values that begin with a dash, for every option and positional argument of every verb.
@Suite("A value that begins with a dash", .timeLimit(.minutes(10)))
struct DashTests {
    /// A place for a value in a command line: an option, or a positional argument.
    struct Place: Sendable, CustomTestStringConvertible {
        let verb: String
        let names: [String]
        /// The values that must come before it.
        let before: [String]
        var testDescription: String { "\(verb) \(names.first ?? "VALUE \(before.count + 1)")" }
    }

    /// Returns all places for values, from the description that the program prints of itself.
    private static func places(_ kind: String) throws -> [Place] {
        let commands = try Command("--experimental-dump-help").run().json[pointer: "/command/subcommands"]
        var places: [Place] = []
        for command in commands?.array ?? [] where command["commandName"] != "help" {
            let verb = command["commandName"]?.string ?? ""
            var before: [String] = []
            for argument in command["arguments"]?.array ?? [] where argument["kind"] == .string(kind) {
                let names = (argument["names"]?.array ?? []).map { name in
                    (name["kind"] == "long" ? "--" : "-") + (name["name"]?.string ?? "")
                }
                places.append(Place(verb: verb, names: names, before: before))
                before.append("x")
            }
        }
        return places
    }

    private static let values = [
        "-5", "-40 degrees, h and v in it", "- milk\n- eggs", "--x y", "---", "-hello", "-1.5e3",
    ]

    private func run(_ arguments: [String]) throws -> Command.Result {
        var command = Command("")
        command.arguments = arguments
        // Some options name a file to write.
        command.shell = #"cd "$HOME" && exec "$@""#
        return try command.run()
    }

    @Test("a text that begins with a dash can be the value of every option")
    func options() throws {
        let places = try Self.places("option")
        #expect(places.count > 50)
        for place in places {
            for name in place.names {
                let value = Self.values[(place.verb.utf8.count + name.utf8.count) % Self.values.count]
                let result = try run([place.verb, name, value])
                for words in ["Missing value", "Unknown option", "Unexpected"] {
                    #expect(!result.errors.contains(words), "\(place) \(name) \(value): \(result)")
                }
                #expect(!result.output.contains("OVERVIEW"), "\(place) \(name) \(value): \(result)")
            }
        }
    }

    @Test("a text that begins with a dash can be every positional argument")
    func positionals() throws {
        let places = try Self.places("positional")
        let verbs: Set = [
            "bench", "bind", "call", "chat", "check", "config", "dispatch", "history", "show", "test", "trust",
        ]
        #expect(Set(places.map(\.verb)) == verbs)
        for place in places {
            for value in Self.values {
                let result = try run([place.verb] + place.before + [value])
                #expect(result.status != 0 && !result.output.contains("OVERVIEW"), "\(place) \(value): \(result)")
                #expect(!result.errors.contains("Unknown option"), "\(place) \(value): \(result)")
                #expect(!result.errors.contains("Unexpected"), "\(place) \(value): \(result)")
            }
        }
    }

    @Test("a prompt that begins with a dash reaches the model unchanged", arguments: values)
    func prompt(text: String) throws {
        let server = try ScriptedServer([
            .lines(#"{"message":{"role":"assistant","content":"Hello"},"done":true,"done_reason":"stop"}"#)
        ])
        var command = Command("chat", "-m", "m", "--no-default-plugins", "--num-ctx", "4096", text, "--system", text)
        command.environment["OLLAMA_HOST"] = server.address
        let result = try command.run()
        #expect(result.status == 0 && result.output == "Hello\n", "\(result)")
        let messages = try server.requests[0].json["messages"]
        #expect(messages?[pointer: "/0/content"] == .string(text))
        #expect(messages?[pointer: "/1/content"] == .string(text))
    }

    @Test(
        "an argument that begins with a dash reaches the tool",
        arguments: [
            (["--arg", "s=-5"], #"{"s":"-5"}"#), (["--arg", "i=-5"], #"{"i":-5}"#), (["-5"], #"{"value":-5}"#),
            (["--", #"{"i":-5}"#], #"{"i":-5}"#), (["--arg=s=--json"], #"{"s":"--json"}"#),
            (["--arg", "-x=1"], #"{"-x":"1"}"#), (["--arg", "--json=1"], #"{"--json":"1"}"#),
        ] as [([String], String)]
    )
    func tool(arguments: [String], output: String) throws {
        var command = try Command("call", "typed", plugins: Fixture.plugins)
        command.arguments.insert(contentsOf: arguments, at: arguments.first == "--" ? command.arguments.count : 2)
        let result = try command.run()
        if arguments == ["-5"] {
            // The argument is not an object, and the error says so.
            #expect(result.status == 2, "\(result)")
        } else {
            #expect(result.output == output + "\n", "\(result)")
        }
    }

    @Test(
        "an option has an empty value if nothing follows its equals sign",
        arguments: [["--system=", "Hi"], ["Hi", "--system="], ["--system", "", "Hi"]]
    )
    func empty(arguments: [String]) throws {
        let server = try ScriptedServer([
            .lines(#"{"message":{"role":"assistant","content":"Hello"},"done":true,"done_reason":"stop"}"#)
        ])
        var command = Command("chat", "-m", "m", "--no-default-plugins", "--num-ctx", "4096")
        command.arguments += arguments
        command.environment["OLLAMA_HOST"] = server.address
        #expect(try command.run().output == "Hello\n")
        #expect(try server.requests[0].json["messages"]?.array?.last?["content"] == "Hi")
    }

    // MARK: - Options

    @Test("a mistyped long option is refused with the name of the nearest one")
    func mistypedOptions() throws {
        for place in try Self.places("option") + Self.places("flag") {
            for name in place.names where name.hasPrefix("--") {
                // The first letter is doubled.
                let mistyped = "--\(name.dropFirst(2).prefix(1))\(name.dropFirst(2))"
                let argument = mistyped + (place.verb.utf8.count % 2 == 0 ? "" : "=x")
                let result = try run([place.verb, argument, "x"])
                #expect(result.status == 64 && result.output.isEmpty, "\(place.verb) \(argument): \(result)")
                #expect(result.errors.contains("Unknown option \(mistyped)"), "\(result)")
                #expect(result.errors.contains("Did you mean \"\(name)\""), "\(result)")
            }
        }
    }

    @Test(
        "only -h and --help print help, also in a cluster of flags",
        arguments: [
            (["call", "-vh"], 0, "OVERVIEW"), (["call", "x", "-hv"], 0, "OVERVIEW"),
            (["chat", "-h", "-5 + 3"], 0, "OVERVIEW"),
            (["chat", "--help"], 0, "OVERVIEW"), (["--help"], 0, "OVERVIEW"), (["help", "chat"], 0, "OVERVIEW"),
            (["call", "x", "-hello"], 3, "Tool x not found"), (["call", "x", "--", "-h"], 3, "Tool x not found"),
            ([""], 64, "Unknown verb"),
            (["list", "-h5"], 64, "Unexpected argument"), (["list", "-x"], 64, "Unknown option -x"),
            (["call", "x", "-vx"], 3, "Tool x not found"),
            (["list", "-json"], 64, #"Did you mean "--json"?"#),
            (["chat", "-mqwen3"], 64, #"Did you mean "-m qwen3"?"#),
            (["chat", "--model"], 64, "Missing value"), (["chat", "--system", "--model", "x"], 64, "Missing value"),
            (["list", "--plugins"], 64, "Missing value"), (["call", "x", "-vo"], 64, "Missing value"),
        ] as [([String], Int32, String)]
    )
    func help(arguments: [String], status: Int32, words: String) throws {
        let result = try run(arguments)
        #expect(result.status == status, "\(result)")
        #expect((result.output + result.errors).contains(words), "\(result)")
        #expect(result.output.isEmpty == (status != 0), "\(result)")
    }

    @Test("a short option with its value glued to it is refused")
    func glued() throws {
        let places = try Self.places("option").flatMap { place in
            place.names.filter { $0.utf8.count == 2 }.map { (place.verb, $0) }
        }
        #expect(Set(places.map { "\($0) \($1)" }) == ["bind -I", "bind -o", "call -o", "chat -m", "history -o"])
        for (verb, option) in places {
            for value in ["mistral", "qwen3", "/usr/include", "v"] {
                let result = try run([verb, "x", option + value])
                #expect(result.status == 64, "\(verb) \(option)\(value): \(result)")
                #expect(result.errors.contains("Did you mean \"\(option) \(value)\"?"), "\(result)")
            }
        }
    }

    @Test("the last option of a cluster can have a value that begins with a dash")
    func cluster() throws {
        let directory = try FixtureDirectory()
        let file = directory.path + "/-dot.png"
        var command = try Command("call", "outcome", #"{"how":"text"}"#, "-vo", "-dot.png", plugins: Fixture.plugins)
        command.shell = "cd '\(directory.path)' && exec \"$@\""
        let result = try command.run()
        #expect(result.status == 0, "\(result)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "a text")
    }
}
