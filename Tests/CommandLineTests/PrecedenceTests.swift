import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The precedence of plugins with a tool of the same name", .timeLimit(.minutes(10)))
struct PrecedenceTests {
    typealias State = PrecedenceFixture.State

    typealias Place = PrecedenceFixture.Place

    /// The outcome of a call of the tool.
    enum Outcome: Equatable {
        case own, sample
        case refused(Int32)
    }

    /// The expected outcome: a plugin of the user that works takes precedence over the sample.
    ///
    /// A plugin that does not work keeps the name only if the user trusts it or named its file.
    private static func outcome(_ sample: State, _ own: State, _ place: Place) -> Outcome {
        let sampleOutcome: Outcome =
            switch sample {
            case .untrusted, .trusted: .sample
            case .absent, .broken: .refused(3)
            case .withheld, .changed: .refused(6)
            case .brokenTrusted, .quarantined: .refused(4)
            }
        switch own {
        case .untrusted, .trusted: return .own
        case .absent, .broken: return sampleOutcome
        case .withheld: return place == .namedFile || sampleOutcome != .sample ? .refused(6) : .sample
        case .changed: return .refused(6)
        case .brokenTrusted: return .refused(4)
        case .quarantined: return place == .namedFile || sampleOutcome != .sample ? .refused(4) : .sample
        }
    }

    @Test(
        "a plugin of the user replaces a sample if it works, and hides it only if it is trusted or named",
        arguments: State.allCases,
        State.allCases
    )
    func outcomes(sample: State, own: State) throws {
        let fixture = try PrecedenceFixture(sample: sample, own: own)
        for place in Place.allCases {
            let call = try fixture.run(["call", "tell"], place: place)
            let outcome: Outcome =
                switch call.output {
                case "own\n": .own
                case "sample\n": .sample
                default: .refused(call.status)
                }
            #expect(outcome == Self.outcome(sample, own, place), "\(place): \(call)")
            let isReplacement = outcome == .own && [.untrusted, .trusted].contains(sample)
            #expect(
                call.errors.contains("note: \(fixture.sample): tell is offered from \(fixture.own) instead, because")
                    == isReplacement,
                "\(place): \(call)"
            )
            // A note says that a sample replaces the plugin that was probably intended.
            let isSubstituted = outcome == .sample && [.withheld, .quarantined].contains(own)
            #expect(
                call.errors.contains("note: \(fixture.own): tell is offered from \(fixture.sample) instead, because")
                    == isSubstituted,
                "\(place): \(call)"
            )
            // The error names the plugin and a remedy.
            if case .refused(let status) = outcome, status != 3 {
                #expect(call.errors.contains("Tool tell "), "\(place): \(call)")
                #expect(call.errors.contains(status == 6 ? "toolhost trust" : "toolhost doctor"), "\(place): \(call)")
            }
        }
    }

    /// The ways in which an untrusted file with the same tool is found.
    enum RivalPlace: CaseIterable {
        case environment, namedDirectory, namedFile
    }

    /// The outcome if another, untrusted file has a tool of the same name; nil if that file is offered.
    private static func outcome(_ own: State, _ rival: RivalPlace) -> Outcome? {
        switch (own, rival) {
        case (_, .namedFile): nil
        case (.trusted, _): .own
        case (.changed, _): .refused(6)
        case (.brokenTrusted, _): .refused(4)
        case (.untrusted, .environment): .refused(4)
        default: nil
        }
    }

    @Test(
        "no untrusted file takes a name from a trusted one, even a changed or damaged one, unless it is named",
        arguments: State.allCases,
        ["rival", "twin"]
    )
    func rivals(own: State, kind: String) throws {
        let fixture = try PrecedenceFixture(sample: .absent, own: own)
        let rival = try fixture.add(kind)
        for place in RivalPlace.allCases {
            let words: [String] =
                switch place {
                case .environment: []
                case .namedDirectory: ["--plugins", rival.directory]
                case .namedFile: ["--plugins", rival.file]
                }
            let path = place == .environment ? rival.directory : nil
            let call = try fixture.command(["call", "tell"] + words, path: path).run()
            let outcome: Outcome? =
                switch call.output {
                case "own\n": .own
                case "rival\n": nil
                default: .refused(call.status)
                }
            #expect(outcome == Self.outcome(own, place), "\(place): \(call)")
        }
    }

    @Test(
        "a file that has changed since it was trusted takes no name from an unchanged trusted file",
        arguments: [("later_plugin", "tell"), ("own_plugin", "other")]
    )
    func renamed(plugin: String, tool: String) throws {
        let fixture = try PrecedenceFixture(sample: .absent, own: .trusted)
        func compile(_ tool: String, _ manifest: String) throws -> String {
            let source = FixtureSource.tool(tool, manifest: manifest, body: "return TOOL_DONE;")
            return try fixture.directory.plugin("data/toolhost/plugins/later.so", source)
        }
        let later = try compile("later", #"{"name":"later_plugin"}"#)
        #expect(try fixture.trust(later).status == 0)
        _ = try compile(tool, #"{"name":"\#(plugin)","permissions":{"read":["/etc"]}}"#)
        let call = try fixture.run(["call", "tell"])
        #expect(call.output == "own\n", "\(call)")
        // The name for which it was trusted stays reserved for it.
        let rivals = try fixture.directory.directory("rivals")
        let source = FixtureSource.tool("later", body: #"return tool_reply(call, tool_text("rival"));"#)
        try fixture.directory.plugin("rivals/later.so", source)
        let result = try fixture.run(["call", "later", "--plugins", rivals])
        #expect(result.status != 0 && result.output != "rival\n", "\(result)")
    }

    @Test("no names are reserved for a shadowed plugin")
    func shadowed() throws {
        let fixture = try PrecedenceFixture(sample: .absent, own: .changed)
        let (other, rival) = (try fixture.add("other"), try fixture.add("rival"))
        let words = ["call", "tell", "--plugins", other.file]
        #expect(try fixture.command(words, path: rival.directory).run().output == "rival\n")
    }

    @Test("a plugin of the user replaces a sample before and after either of them is trusted")
    func trusting() throws {
        for own in [State.untrusted, .withheld] {
            let fixture = try PrecedenceFixture(sample: .trusted, own: own)
            #expect(try fixture.run(["call", "tell"]).output == (own == .untrusted ? "own\n" : "sample\n"))
            for file in [fixture.own, fixture.sample] {
                #expect(try fixture.trust(file).status == 0)
                #expect(try fixture.run(["call", "tell"]).output == "own\n")
            }
            #expect(try fixture.run(["doctor"]).status == 0)
        }
    }

    /// The verbs; true if a verb prints the notes about all tools, with their remedies.
    private static let notingVerbs: [(words: [String], isAll: Bool, isNoted: Bool)] = [
        (["list"], true, true), (["show", "tell"], true, true), (["test"], true, true),
        (["call", "tell"], false, true), (["call", "other"], false, false), (["dispatch"], false, false),
        (["dispatch", "-v"], true, true), (["chat", "-m", "qwen3", "Hello"], false, false),
        (["chat", "-m", "qwen3", "Hello", "-v"], true, true),
    ]

    @Test("each verb notes the replaced samples that concern it", arguments: notingVerbs)
    func notes(words: [String], isAll: Bool, isNoted: Bool) throws {
        let fixture = try PrecedenceFixture(sample: .trusted, own: .untrusted)
        let server = try ScriptedServer([
            .lines(#"{"message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"stop"}"#)
        ])
        let source = FixtureSource.tool(
            "other",
            manifest: #"{"name":"third"}"#,
            body: #"return tool_reply(call, tool_text(""));"#
        )
        let directory = try fixture.directory.directory("third")
        try fixture.directory.plugin("third/third.so", source)
        let words = words + (words[0] == "chat" ? ["--num-ctx", "4096"] : [])
        let result = try fixture.command(
            words,
            path: directory,
            input: words[0] == "dispatch" ? #"{"tool_calls":[]}"# : "",
            server: server.address
        ).run()
        #expect(result.status == 0, "\(result)")
        let note = "note: \(fixture.sample): tell is offered from \(fixture.own) instead, because"
        #expect(result.errors.contains(note) == isNoted, "\(result)")
        #expect(result.errors.contains(#"{"samples": false}"#) == isAll, "\(result)")
    }

    @Test("an interactive chat starts with notes about replaced samples")
    func interactive() throws {
        let fixture = try PrecedenceFixture(sample: .trusted, own: .untrusted)
        let session = try PseudoTerminal.run(
            fixture.command(["chat", "-m", "qwen3"], server: "127.0.0.1:1"),
            (after: "> ", type: "\u{4}")
        )
        #expect(session.text.contains("tell is offered from \(fixture.own) instead, because"), "\(session.text)")
        #expect(session.text.contains(#"{"samples": false}"#), "\(session.text)")
    }

    @Test("list, show and doctor show replaced samples, also in their JSON")
    func note() throws {
        let fixture = try PrecedenceFixture(sample: .trusted, own: .untrusted)
        #expect(try fixture.run(["show", "tell"]).output.contains("Replaces:    the tool of the installed sample"))
        #expect(try fixture.run(["doctor"]).output.contains("tell is offered from \(fixture.own) instead, because"))
        let tools = try fixture.run(["list", "--json"]).json
        #expect(tools[pointer: "/0/replaces/0"] == .string(fixture.sample), "\(tools.text())")
        #expect(try fixture.run(["show", "tell", "--json"]).json["replaces"] == [.string(fixture.sample)])
        let plugins = try fixture.run(["doctor", "--json"]).json["plugins"]?.array ?? []
        #expect(plugins.last?[pointer: "/notes/0"]?.string?.hasPrefix("tell is offered from") == true, "\(plugins)")
        #expect(plugins.last?["unoffered_tools"] == ["tell"])
    }

    @Test("list and doctor report that config.json turns samples off", arguments: [true, false])
    func samplesNamed(isOff: Bool) throws {
        let fixture = try PrecedenceFixture(sample: .absent, own: .withheld)
        let path = try fixture.directory.file("home/.config/toolhost/config.json", #"{"samples": \#(!isOff)}"#.utf8)
        let words = #"The samples are turned off: {"samples": false} in \#(path)."#
        let list = try fixture.run(["list"]).errors
        #expect(list.contains("No tools. No plugin that was found is offered; see toolhost doctor."))
        #expect(list.contains(words) == isOff, "\(list)")
        #expect(try fixture.run(["doctor"]).output.contains(words) == isOff)
        #expect(try fixture.run(["doctor", "--json"]).json["samples_off"] == .bool(isOff))
        // The user has excluded them from this run.
        #expect(try !fixture.run(["doctor", "--no-default-plugins"]).output.contains(words))
        unlink(fixture.own)
        #expect(try fixture.run(["list"]).errors.contains("No tools. Put plugins into a directory") == true)
    }

    @Test("a sample that config.json turns off is offered only if it is named")
    func samplesOff() throws {
        let fixture = try PrecedenceFixture(sample: .trusted, own: .untrusted)
        #expect(try fixture.run(["list", "--json"]).json.array?.count == 1)
        try fixture.directory.file("home/.config/toolhost/config.json", #"{"samples": false}"#.utf8)
        let call = try fixture.run(["call", "tell"])
        #expect(call.output == "own\n" && call.errors.isEmpty, "\(call)")
        unlink(fixture.own)
        #expect(try fixture.run(["call", "tell"]).status == 3)
        // A named sample is offered anyway.
        let named = try fixture.run(["call", "tell", "--plugins", fixture.directory.path + "/lib/toolhost/plugins"])
        #expect(named.output == "sample\n", "\(named)")
        for (text, words) in [
            (#"{"samples": 0}"#, #"needs true or false for "samples""#),
            (#"{"sample": false}"#, #"has the unknown key "sample"; known are limits, "#),
        ] {
            try fixture.directory.file("home/.config/toolhost/config.json", text.utf8)
            let result = try fixture.run(["list"])
            #expect(result.status == 64 && result.errors.contains(words), "\(result)")
        }
    }
}
