import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Of a sample and the user's own plugin with a tool of one name", .timeLimit(.minutes(10)))
struct PrecedenceTests {
    typealias State = PrecedenceFixture.State

    typealias Place = PrecedenceFixture.Place

    /// The outcome of a call of the tool.
    enum Outcome: Equatable {
        case own, sample
        case refused(Int32)
    }

    /// The outcome by the rule: a plugin of the user's own that works comes first.
    ///
    /// One that does not work keeps the name only if the user trusts it or has named its file.
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
        "the user's is offered if it works, and one that does not work costs no tool unless it is trusted or named",
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
                call.errors.contains("note: \(fixture.sample): tell is offered from \(fixture.own) instead.")
                    == isReplacement,
                "\(place): \(call)"
            )
            // What is refused is named, with a remedy.
            if case .refused(let status) = outcome, status != 3 {
                #expect(call.errors.contains("Tool tell "), "\(place): \(call)")
                #expect(call.errors.contains(status == 6 ? "toolhost trust" : "toolhost doctor"), "\(place): \(call)")
            }
        }
    }

    @Test("the user's is offered before it is trusted and after, and so it is when the sample is trusted too")
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

    @Test("the replacement is shown by list, show and doctor, and in their JSON")
    func note() throws {
        let fixture = try PrecedenceFixture(sample: .trusted, own: .untrusted)
        let note = "\(fixture.sample): tell is offered from \(fixture.own) instead."
        for verb in [["list"], ["show", "tell"], ["test"], ["dispatch"]] {
            let result = try fixture.run(verb, input: #"{"tool_calls":[]}"#)
            #expect(result.status == 0 && result.errors.contains(note), "\(verb): \(result)")
            #expect(result.errors.contains(#"{"samples": false}"#), "\(verb): \(result)")
        }
        #expect(try fixture.run(["show", "tell"]).output.contains("Replaces:    the tool of the installed sample"))
        #expect(try fixture.run(["doctor"]).output.contains("tell is offered from \(fixture.own) instead."))
        let tools = try fixture.run(["list", "--json"]).json
        #expect(tools[pointer: "/0/replaces/0"] == .string(fixture.sample), "\(tools.text())")
        #expect(try fixture.run(["show", "tell", "--json"]).json["replaces"] == [.string(fixture.sample)])
        let plugins = try fixture.run(["doctor", "--json"]).json["plugins"]?.array ?? []
        #expect(plugins.last?[pointer: "/notes/0"]?.string?.hasPrefix("tell is offered from") == true, "\(plugins)")
        #expect(plugins.last?["unoffered_tools"] == ["tell"])
    }

    @Test("no sample is offered if config.json turns samples off")
    func samplesOff() throws {
        let fixture = try PrecedenceFixture(sample: .trusted, own: .untrusted)
        #expect(try fixture.run(["list", "--json"]).json.array?.count == 1)
        try fixture.folder.file("home/.config/toolhost/config.json", #"{"samples": false}"#.utf8)
        let call = try fixture.run(["call", "tell"])
        #expect(call.output == "own\n" && call.errors.isEmpty, "\(call)")
        unlink(fixture.own)
        #expect(try fixture.run(["call", "tell"]).status == 3)
        // What is named is meant all the same.
        let named = try fixture.run(["call", "tell", "--plugins", fixture.folder.path + "/lib/toolhost/plugins"])
        #expect(named.output == "sample\n", "\(named)")
        for (text, words) in [
            (#"{"samples": 0}"#, #"needs true or false for "samples""#),
            (#"{"sample": false}"#, #"known are "limits""#),
        ] {
            try fixture.folder.file("home/.config/toolhost/config.json", text.utf8)
            let result = try fixture.run(["list"])
            #expect(result.status == 64 && result.errors.contains(words), "\(result)")
        }
    }
}
