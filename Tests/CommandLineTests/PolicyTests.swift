import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Policy", .timeLimit(.minutes(10)))
struct PolicyTests {
    private static let destructive = #","toolhost":{"annotations":{"destructive":true}}"#

    /// Writes a policy with rules, given as JSON.
    private func write(_ rules: String, _ fixture: AccessFixture) throws {
        try fixture.directory.directory("home/.config/toolhost")
        try fixture.directory.file("home/.config/toolhost/policy.json", #"{"version":1,"rules":[\#(rules)]}"#.utf8)
    }

    /// Returns the contents of the messages for calls of `touch`.
    private func contents(_ fixture: AccessFixture, _ arguments: [String]) throws -> [String] {
        let command = try fixture.command("dispatch", input: AccessFixture.calls(arguments))
        let contents = try JSON(parsing: command.run().output).array ?? []
        try #require(contents.count == arguments.count)
        return contents.map { $0["content"]?.string ?? "" }
    }

    @Test(
        "a rule decides about the calls that it matches",
        arguments: [
            (#"{"tool":"touch","decision":"allow"}"#, "ok"), (#"{"tool":"t*","decision":"allow"}"#, "ok"),
            (#"{"tool":"T*","decision":"allow"}"#, "no user can be asked"),
            (#"{"tool":"touch","arguments":{"/path":"/usr/*"},"decision":"allow"}"#, "ok"),
            (#"{"tool":"touch","arguments":{"/path":"/etc/*"},"decision":"allow"}"#, "no user can be asked"),
            (#"{"tool":"touch","arguments":{"/none":"*"},"decision":"allow"}"#, "no user can be asked"),
            (#"{"tool":"touch","decision":"deny","reason":"not today"}"#, "not today"),
            (#"{"tool":"*","decision":"allow"},{"tool":"touch","decision":"deny"}"#, "policy forbids it"),
            (#"{"tool":"touch","decision":"ask"},{"tool":"*","decision":"allow"}"#, "a policy rule asks about it"),
        ]
    )
    func policy(rules: String, outcome: String) throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try write(rules, fixture)
        let call = #"{"how":"read","path":"/usr/share/zoneinfo"}"#
        let answer = try contents(fixture, [call])
        #expect(answer.first?.contains(outcome) == true, "\(answer)")
        // A call typed by the user needs no confirmation, but a rule can deny it.
        let typed = try fixture.command("call", "touch", call).run()
        #expect((typed.output == "ok\n") == !rules.contains("deny"), "\(typed)")
    }

    private static let path = #""arguments":{"/path":"/usr/*"}"#

    @Test(
        "the narrower rule applies, the one that asks among equals, and one that denies before all",
        arguments: [
            // The tool.
            (#""tool":"touch""#, #""tool":"touch""#, false), (#""tool":"t*""#, #""tool":"t*""#, false),
            (#""tool":"touch""#, #""tool":"t*""#, true), (#""tool":"t*""#, #""tool":"touch""#, false),
            (#""tool":"to*""#, #""tool":"t*""#, true), (#""tool":"t*""#, #""tool":"to*""#, false),
            (#""tool":"t?uch""#, #""tool":"t*h""#, true), (#""tool":"t*""#, #""tool":"*""#, true),
            // The plugin.
            (#""tool":"touch","plugin":"PLUGIN""#, #""tool":"touch""#, true),
            (#""tool":"touch""#, #""tool":"touch","plugin":"PLUGIN""#, false),
            (#""tool":"touch","plugin":"PLUGIN""#, #""tool":"touch","plugin":"PLUGIN""#, false),
            (#""tool":"t*","plugin":"PLUGIN""#, #""tool":"touch""#, false),
            // The arguments.
            (#""tool":"touch",\#(path)"#, #""tool":"touch""#, true),
            (#""tool":"touch""#, #""tool":"touch",\#(path)"#, false),
            (#""tool":"touch","plugin":"PLUGIN""#, #""tool":"touch",\#(path)"#, false),
            (#""tool":"touch","plugin":"PLUGIN",\#(path)"#, #""tool":"touch",\#(path)"#, true),
            (#""tool":"touch",\#(path)"#, #""tool":"touch","arguments":{"/path":"/usr/share/*"}"#, false),
            (#""tool":"touch","arguments":{"/path":"/usr/share/*"}"#, #""tool":"touch",\#(path)"#, true),
            (#""tool":"touch","arguments":{"/path":"/usr/*","/how":"read"}"#, #""tool":"touch",\#(path)"#, true),
            (#""tool":"touch","arguments":{"/how":"read"}"#, #""tool":"touch",\#(path)"#, false),
        ]
    )
    func precedence(allow: String, ask: String, runs: Bool) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let rules = [("allow", allow), ("ask", ask)].map { decision, rule in
            "{\(rule.replacing("PLUGIN", with: fixture.plugin)),\"decision\":\"\(decision)\"}"
        }
        let call = #"{"how":"read","path":"/usr/share/zoneinfo"}"#
        for rules in [rules, rules.reversed()] {
            try write(rules.joined(separator: ","), fixture)
            #expect(try contents(fixture, [call])[0].contains("a policy rule asks about it") != runs, "\(rules)")
            try write(rules.joined(separator: ",") + #",{"tool":"*","decision":"deny"}"#, fixture)
            #expect(try contents(fixture, [call])[0].contains("policy forbids it"), "\(rules)")
        }
        // The rule that allows must be narrower than each rule that asks.
        try write(rules.joined(separator: ",") + #",{"tool":"touch",\#(Self.path),"decision":"ask"}"#, fixture)
        let isNarrow = allow.contains("/usr/") && ["PLUGIN", "share", "how"].contains { allow.contains($0) }
        let asks = try contents(fixture, [call])[0].contains("a policy rule asks about it")
        #expect(asks != (runs && isNarrow), "\(rules)")
    }

    @Test("always does not override a narrower rule that asks, in this run and in later ones")
    func alwaysWithNarrowerRule() throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try write(#"{"tool":"touch","arguments":{"/path":"/usr/*"},"decision":"ask"}"#, fixture)
        func reply(_ path: String) -> ScriptedServer.Reply {
            let call = #"{"function":{"name":"touch","arguments":{"how":"read","path":"\#(path)"}}}"#
            return .lines(#"{"message":{"role":"assistant","content":"","tool_calls":[\#(call)]},"done":true}"#)
        }
        let last = ScriptedServer.Reply.lines(#"{"message":{"role":"assistant","content":"END"},"done":true}"#)
        let narrow = "/usr/share/zoneinfo"
        for run in 0..<2 {
            let server = try ScriptedServer([reply(narrow), reply("/proc/stat"), reply(narrow), last])
            var command = try fixture.command("chat", "-m", "qwen3", "--num-ctx", "4096", "Hi")
            command.environment["OLLAMA_HOST"] = server.address
            let session = try withExtendedLifetime(server) {
                try PseudoTerminal.run(
                    command,
                    (after: "[e]xplain: ", type: run == 0 ? "a\n" : "y\n"),
                    (after: "[e]xplain: ", type: "n\n")
                )
            }
            // The answer always covers only the path that no rule asks about.
            #expect(session.text.components(separatedBy: "Run touch?").count == 3, "\(session.text)")
            #expect(session.text.components(separatedBy: "✓ touch").count == 3, "\(session.text)")
            let note = "The policy rule for touch with /path = /usr/* asks about such calls all the same."
            #expect(session.text.contains(note) == (run == 0), "\(session.text)")
        }
    }

    @Test("a rule that allows a directory does not allow a path that leads out of it")
    func directory() throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try write(#"{"tool":"touch","arguments":{"/path":"/usr/share/*"},"decision":"allow"}"#, fixture)
        let calls = [
            #"{"how":"read","path":"/usr/share/../../usr/share/zoneinfo"}"#,
            #"{"how":"read","path":"/usr/share/zoneinfo"}"#,
            #"{"how":"read","path":["/usr/share/zoneinfo"]}"#,
        ]
        let contents = try contents(fixture, calls)
        #expect(contents.map { $0 == "ok" } == [false, true, false], "\(contents)")
    }

    @Test("a rule against a path matches it in every spelling", arguments: ["deny", "ask"])
    func forbiddenPath(decision: String) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let rule = #"{"tool":"touch","arguments":{"/path":"/usr/share/*"},"decision":"\#(decision)"}"#
        try write(rule + #",{"tool":"touch","decision":"allow"}"#, fixture)
        let forbidden = [
            "/usr/share/zoneinfo", "//usr/share/zoneinfo", "/usr//share/zoneinfo", "/usr/./share/zoneinfo",
            "/usr/lib/../share/zoneinfo", "/../usr/share/zoneinfo/", #"/usr/share/zoneinfo\u0000"#,
            #"/usr/lib\u0000/usr/share/"#,
        ]
        let paths = forbidden + ["/usr/lib", "/usr/lib/"]
        let contents = try contents(fixture, paths.map { #"{"how":"read","path":"\#($0)"}"# })
        for (path, answer) in zip(forbidden, contents) { #expect(answer.contains("policy"), "\(path): \(answer)") }
        #expect(contents.suffix(2) == ["ok", "ok"])
    }

    @Test(
        "a damaged, newer or insecure policy is an error",
        arguments: [
            ("{", 0o600, "is not valid JSON"), (#"{"version":2,"rules":[]}"#, 0o600, "newer version"),
            (#"{"version":1,"rules":[{"tool":"x","decision":"perhaps"}]}"#, 0o600, "number 1"),
            (#"{"version":1,"rules":[{"tool":"x","decision":"allow","argument":{}}]}"#, 0o600, "number 1"),
            (#"{"version":1,"rules":[{"tool":"x","plugin":"x.so","decision":"allow"}]}"#, 0o600, "number 1"),
            (#"{"version":1,"rules":[{"tool":"*","decision":"deny"}],"rules":[]}"#, 0o600, "/rules more than once"),
            (
                #"{"version":1,"rules":[{"tool":"*","decision":"deny","decision":"allow"}]}"#, 0o600,
                "/rules/0/decision more than once"
            ),
            (
                #"{"version":1,"rules":[{"tool":"\#(String(repeating: "x", count: 4097))","decision":"allow"}]}"#,
                0o600,
                "more than 4096 bytes"
            ),
            (
                #"{"version":1,"rules":["#
                    + Array(repeating: #"{"tool":"x","decision":"allow"}"#, count: 1001).joined(separator: ",") + "]}",
                0o600, "more than 1000 rules"
            ),
            (#"{"version":1}"#, 0o600, "\"rules\""), (#"{"version":1,"rules":[]}"#, 0o666, "chmod go-w"),
        ]
    )
    func brokenPolicy(text: String, mode: Int, words: String) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        try fixture.directory.file("home/.config/toolhost/policy.json", text.utf8, mode: mode)
        let result = try fixture.command("call", "touch", #"{"how":"read","path":"/usr"}"#).run()
        #expect(result.status != 0 && result.output.isEmpty)
        #expect(result.errors.contains("policy.json") && result.errors.contains(words), "\(result.errors)")
    }

    @Test("always allows the tool of that plugin only, and not one of the same name elsewhere")
    func always() throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        let call = #"{"how":"read","path":"/usr/share/zoneinfo"}"#
        try fixture.directory.file("calls.json", AccessFixture.calls(call, call).utf8)
        let command = try fixture.command("dispatch", fixture.directory.path + "/calls.json")
        let session = try PseudoTerminal.run(command, (after: "[e]xplain: ", type: "always\n"))
        // The rule is shown before and after the answer.
        let rule = "allow touch of \(fixture.plugin)"
        #expect(session.text.contains("Always adds the rule: \(rule)"), "\(session.text)")
        #expect(session.text.contains("policy.json: \(rule)"), "\(session.text)")
        let policy = try JSON(parsing: String(contentsOfFile: fixture.configuration + "/policy.json", encoding: .utf8))
        #expect(policy["rules"] == [["tool": "touch", "plugin": .string(fixture.plugin), "decision": "allow"]])
        #expect(try contents(fixture, [call]) == ["ok"])
        // Through a link in its path, the file counts as another plugin.
        let files = FileManager.default
        let (plugins, moved) = (fixture.directory.path + "/plugins", fixture.directory.path + "/moved")
        try files.moveItem(atPath: plugins, toPath: moved)
        try files.createSymbolicLink(atPath: plugins, withDestinationPath: moved)
        #expect(try contents(fixture, [call])[0].contains("no user can be asked"))
        try files.removeItem(atPath: plugins)
        try files.copyItem(atPath: moved, toPath: plugins)
        #expect(try contents(fixture, [call]) == ["ok"])
    }

    @Test(
        "paths are compared by bytes: a slash before a combining accent separates names",
        arguments: ["allow", "deny"]
    )
    func accents(decision: String) throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try write(#"{"tool":"touch","arguments":{"/path":"/usr/share/*"},"decision":"\#(decision)"}"#, fixture)
        let path = decision == "allow" ? #"/usr/share/../\u0301x"# : #"/usr/\u0301x/../share/zoneinfo"#
        let answer = try contents(fixture, [#"{"how":"read","path":"\#(path)"}"#])
        #expect(answer[0].contains(decision == "allow" ? "no user can be asked" : "policy forbids it"), "\(answer)")
    }

    @Test(
        "a string too long to compare in bounded time matches a rule that denies, not one that allows",
        arguments: ["deny", "allow"]
    )
    func longText(decision: String) throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        let pattern = "*" + String(repeating: "a", count: 4000) + "b*"
        try write(#"{"tool":"touch","arguments":{"/n":"\#(pattern)"},"decision":"\#(decision)"}"#, fixture)
        let text = String(repeating: "a", count: 4_000_000)
        let start = ContinuousClock.now
        let answer = try contents(fixture, [#"{"how":"none","n":"\#(text)"}"#])
        #expect(answer[0].contains(decision == "deny" ? "policy forbids it" : "no user can be asked"), "\(answer)")
        // Without the bound the comparison takes minutes.
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(
        "a rule that denies matches equal numbers in any spelling",
        arguments: [
            ("1", ["1", "1.0", "1e0", "10e-1", "0.1e1"], ["11", "2", #""x""#]),
            ("1?", ["10", "10.0", "1.1e1"], ["1", "1.0", "100"]),
            ("1.5", ["1.5", "1.50", "15e-1"], ["1.05", "15"]),
            ("10000000000000000000000000", ["1e25"], ["1e24"]), ("[1]", ["[1]", "[1.0]"], ["[2]", "1"]),
            (#"{"a":1,"b":2}"#, [#"{"b":2.0,"a":1}"#], [#"{"a":1}"#]),
            ("?.txt", [#""a.txt""#, #""é.txt""#, #""😀.txt""#], [#""ab.txt""#, #"".txt""#, #""é.txt.""#]),
            ("*?", [#""a""#, #""é""#, #""aé""#], [#""""#]), ("**", [#""""#, #""/a/.b""#], []),
            ("[ab].txt", [#""[ab].txt""#], [#""a.txt""#]), (#"a\*"#, [#""a\\b""#], [#""a*""#, #""ab""#]),
            ("*a*bc*", [#""abc""#, #""xaxbxbcx""#, #""éaébcé""#], [#""acb""#, #""bca""#, #""ab""#]),
        ] as [(String, [String], [String])]
    )
    func patterns(pattern: String, fitting: [String], others: [String]) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try write(#"{"tool":"t?uch","arguments":{"/n":\#(JSON.string(pattern).text())},"decision":"deny"}"#, fixture)
        let values = fitting + others
        let contents = try contents(fixture, values.map { #"{"how":"none","n":\#($0)}"# })
        for (value, answer) in zip(values, contents) {
            #expect(answer.contains("policy forbids it") == fitting.contains(value), "\(value): \(answer)")
        }
    }
}
