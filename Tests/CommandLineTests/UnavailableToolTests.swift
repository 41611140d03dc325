import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("A tool that is known and not offered", .timeLimit(.minutes(10)))
struct UnavailableToolTests {
    /// A command that names the tool, the plugin or its file.
    struct Verb: Sendable, CustomTestStringConvertible {
        let words: [String]
        var testDescription: String { words.joined(separator: " ") }
    }

    private static let verbs = [
        ["call", "tell"], ["show", "tell"], ["show", "tell", "--json"], ["show", "tell", "--lint"], ["test", "tell"],
        ["test", "FILE"], ["test", "--plugins", "FILE"], ["call", "own"], ["show", "own.so"],
        ["chat", "tell", "-m", "qwen3", "--tools", "te*"],
    ].map(Verb.init)

    /// The states, with the exit code and the words of the remedy.
    private static let states: [(state: PrecedenceFixture.State, status: Int32, remedy: String)] = [
        (.withheld, 6, "toolhost trust"), (.changed, 6, "toolhost trust"), (.brokenTrusted, 4, "toolhost doctor"),
        (.quarantined, 4, "doctor --release"),
    ]

    @Test(
        "is named with its state and the remedy by every verb: 6 if withheld, 4 if broken or in quarantine",
        arguments: verbs
    )
    func verb(verb: Verb) throws {
        for (state, status, remedy) in Self.states {
            let fixture = try PrecedenceFixture(sample: .absent, own: state)
            let result = try fixture.run(verb.words.map { $0 == "FILE" ? fixture.own : $0 })
            #expect(result.status == status, "\(state): \(result)")
            let words = result.output + result.errors
            #expect(words.contains(fixture.own) && words.contains(remedy), "\(state): \(result)")
            #expect(!words.contains("not found"), "\(state): \(result)")
        }
        // Of a file that was never a plugin only its name is known.
        if verb.words[1] != "tell" {
            let fixture = try PrecedenceFixture(sample: .absent, own: .broken)
            let result = try fixture.run(verb.words.map { $0 == "FILE" ? fixture.own : $0 })
            #expect(result.status == 4 && (result.output + result.errors).contains(fixture.own), "\(result)")
        }
    }

    @Test("is reported to the model with its state and the remedy, without the plugin's own words")
    func model() throws {
        let call = #""role":"assistant","content":"","tool_calls":[{"function":{"name":"tell"}}]"#
        let reply = #"{"message":{\#(call)},"done":true}"#
        let end = #"{"message":{"role":"assistant","content":"Done"},"done":true,"done_reason":"stop"}"#
        for (state, status, remedy) in Self.states {
            let fixture = try PrecedenceFixture(sample: .absent, own: state)
            let report = try fixture.run(["dispatch", "--json"], input: "{\(call)}")
            let name = status == 6 ? "denied" : "plugin_failed"
            #expect(try report.json[pointer: "/calls/0/status"]?.string == name, "\(state): \(report)")
            let server = try ScriptedServer([.lines(reply), .lines(end)])
            let chat = try fixture.run(
                ["chat", "-m", "qwen3", "--num-ctx", "4096", "Tell me."],
                server: server.address
            )
            #expect(chat.status == 0, "\(state): \(chat)")
            let request = try #require(server.requests.last).json
            let dispatched = try report.json[pointer: "/messages/0/content"]
            for text in [dispatched, request["messages"]?.array?.last?["content"]] {
                let text = text?.string ?? ""
                #expect(text.hasPrefix("The tool tell cannot be called: "), "\(state): \(text)")
                #expect(text.contains(remedy), "\(state): \(text)")
                #expect(!text.contains("crashed"), "\(state): \(text)")
            }
        }
    }

    @Test("is known from the cache of registrations, also after a file that crashes has taken its place")
    func cached() throws {
        let fixture = try PrecedenceFixture(sample: .absent, own: .untrusted)
        #expect(try fixture.run(["list"]).output.contains("tell"))
        let crash = "__attribute__((constructor)) static void crash(void) { __builtin_trap(); }"
        let source = FixtureSource.tool("tell", before: crash, body: "return TOOL_DONE;")
        try fixture.folder.plugin("data/toolhost/plugins/own.so", source)
        for _ in 0..<3 {
            let call = try fixture.run(["call", "tell"])
            #expect(call.status == 4 && call.errors.contains("Tool tell is broken: \(fixture.own)"), "\(call)")
        }
        #expect(try fixture.run(["doctor", "--release"]).status == 4)
        #expect(try fixture.run(["call", "tell"]).status == 4)
    }

    @Test("is refused with --locked as one that is withheld")
    func locked() throws {
        let fixture = try PrecedenceFixture(sample: .absent, own: .untrusted)
        #expect(try fixture.run(["call", "own", "--locked"]).status == 6)
        #expect(try fixture.run(["list"]).status == 0)
        for words in [["call", "tell"], ["show", "tell"], ["test", "tell"], ["test", fixture.own]] {
            let result = try fixture.run(words + ["--locked"])
            #expect(result.status == 6, "\(words): \(result)")
            #expect(result.errors.contains("toolhost trust \(fixture.own)"), "\(words): \(result)")
        }
        let all = try fixture.run(["test", "--locked"])
        #expect(all.status == 4 && all.output.contains("skipped, because it is withheld: \(fixture.own)"), "\(all)")
    }

    @Test("of a plugin that is loaded is broken, and the reason is its own")
    func partly() throws {
        let fixture = try PrecedenceFixture(sample: .absent, own: .absent)
        let schema = FixtureSource.literal(
            #"{"name":"odd","parameters":{"type":"object","properties":{"a":{"type":"strange"}}}}"#
        )
        let odd = "{.struct_size = sizeof(tool_v1), .schema = TOOL_TEXT(\(schema)), .execute = echo};"
        let source = FixtureSource.healthy.replacing("&repeat_tool)", with: "&repeat_tool, &odd)")
            .replacing("TOOL_PLUGIN(", with: "static const tool_v1 odd = \(odd)\nTOOL_PLUGIN(")
        try fixture.folder.plugin("data/toolhost/plugins/healthy.so", source)
        let call = try fixture.run(["call", "odd"])
        #expect(call.status == 4 && call.errors.contains("Tool odd is not offered: "), "\(call)")
        #expect(try fixture.run(["call", "echo"]).output == "{}\n")
        #expect(try fixture.run(["test"]).status == 4)
        let lint = try fixture.run(["show", "--lint"])
        #expect(lint.status == 4 && lint.output.contains("healthy.so: could not be checked: "), "\(lint)")
    }
}
