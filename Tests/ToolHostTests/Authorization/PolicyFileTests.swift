import TestSupport
import Testing
import ToolJSON

@testable import ToolHost

@Suite("Policy file")
struct PolicyFileTests {
    private static func request(_ arguments: JSON, plugin: String? = nil) -> AuthorizationRequest {
        AuthorizationRequest(
            toolName: "touch",
            arguments: arguments,
            plugin: plugin.map { file in
                AuthorizationRequest.Plugin(
                    name: "plugin",
                    file: file,
                    access: .none,
                    missing: PluginPermissions(),
                    isConfined: true,
                    isEnforced: true
                )
            }
        )
    }

    private static func rule(
        _ decision: PolicyFile.Decision,
        tool: String = "touch",
        plugin: String? = nil,
        _ arguments: KeyValuePairs<String, String> = [:]
    ) -> PolicyFile.Rule {
        PolicyFile.Rule(
            tool: tool,
            plugin: plugin,
            arguments: arguments.map { PolicyFile.Argument($0.key, $0.value) },
            decision: decision
        )
    }

    @Test(
        "a pattern matches whole strings, with only * and ? as wildcards",
        arguments: [
            ("", "", true), ("", "a", false), ("a", "a", true), ("a", "A", false), ("*", "", true), ("**", "/a", true),
            ("?", "", false), ("?", "é", true), ("?", "e\u{301}", false), ("??", "e\u{301}", true), ("?", "😀", true),
            ("a*c", "abc", true), ("a*c", "abcd", false), ("*a*bc*", "xaxbxbcx", true), ("*a*bc*", "acb", false),
            ("[ab].txt", "[ab].txt", true), ("[ab].txt", "a.txt", false), (#"a\*"#, #"a\b"#, true),
            (#"a\*"#, "a*", false), ("*?", "é", true), ("*?", "", false), ("a.*", "a.b", true), ("a.*", "ab", false),
        ]
    )
    func pattern(pattern: String, text: String, isMatch: Bool) {
        #expect(TextPattern(pattern).matches(text) == isMatch)
    }

    @Test("a comparison that takes too many steps has no result")
    func boundedPattern() {
        let pattern = TextPattern("*" + String(repeating: "a", count: 4000) + "b*")
        #expect(pattern.matches(String(repeating: "a", count: 400_000)) == nil)
    }

    @Test(
        "a rule that allows matches a path as written, and a rule that denies also what it leads to",
        arguments: [
            ("/srv/*", "/srv/a", true, true), ("/srv/*", "/srv/../etc", false, true),
            ("/srv/*", "/srv/\0", false, true),
            ("/srv/*", "/etc/a", false, false), ("/etc/*", "/srv/../etc/a", false, true),
            ("/etc/*", "/./etc//a", false, true),
            ("/etc", "/etc/", false, true), ("a/*", "a/./b", true, true), ("b", "a/../b", false, true),
            ("../b", "a/../../b", false, true), ("/srv/\u{301}x", "/srv/\u{301}x", true, true),
        ]
    )
    func paths(pattern: String, path: String, isAllowed: Bool, isDenied: Bool) {
        let request = Self.request(["path": .string(path)])
        #expect(Self.rule(.allow, ["/path": pattern]).matches(request) == isAllowed)
        #expect(Self.rule(.ask, ["/path": pattern]).matches(request) == isDenied)
        #expect(Self.rule(.deny, ["/path": pattern]).matches(request) == isDenied)
    }

    @Test(
        "a rule that denies matches a number in any spelling, and one that allows as written",
        arguments: [
            ("1", "1", true, true), ("1", "1.0", false, true), ("1", "10e-1", false, true), ("1", "11", false, false),
            ("1.5", "15e-1", false, true), ("[1]", "[1.0]", false, true),
            (#"{"a":1,"b":2}"#, #"{"b":2.0,"a":1}"#, false, true),
            ("10000000000000000000000000", "1e25", false, true), ("true", "true", true, true),
            ("1", "true", false, false),
        ]
    )
    func values(pattern: String, value: String, isAllowed: Bool, isDenied: Bool) throws {
        let request = Self.request(["n": try JSON(parsing: value)])
        #expect(Self.rule(.allow, ["/n": pattern]).matches(request) == isAllowed)
        #expect(Self.rule(.deny, ["/n": pattern]).matches(request) == isDenied)
    }

    @Test("a value that is too long to compare is denied and not allowed")
    func longValue() {
        let request = Self.request(["n": .array(Array(repeating: 1, count: 40_000))])
        #expect(!Self.rule(.allow, ["/n": "*"]).matches(request))
        #expect(Self.rule(.deny, ["/n": "no match"]).matches(request))
    }

    @Test("a rule without the argument or of another plugin does not match")
    func conditions() {
        let request = Self.request(["path": "a"], plugin: "/plugins/\u{E9}.so")
        #expect(!Self.rule(.deny, ["/other": "*"]).matches(request))
        #expect(!Self.rule(.deny, tool: "touc").matches(request))
        #expect(Self.rule(.deny, plugin: "/plugins/\u{E9}.so").matches(request))
        #expect(!Self.rule(.deny, plugin: "/plugins/e\u{301}.so").matches(request))
        #expect(!Self.rule(.deny, plugin: "/plugins/\u{E9}.so").matches(Self.request(["path": "a"])))
    }

    @Test("the narrower rule applies, the one that asks among equals, and one that denies before all")
    func precedence() {
        let request = Self.request(["path": "/srv/a"], plugin: "/p.so")
        let (wide, narrow) = (Self.rule(.ask, tool: "t*"), Self.rule(.allow))
        func isAllowed(_ rules: PolicyFile.Rule...) -> Bool? {
            let verdicts = [rules, rules.reversed()].map { PolicyFile.verdict(for: request, of: $0) }
            return verdicts.allSatisfy { if case .allow? = $0 { true } else { false } }
        }
        #expect(isAllowed(narrow) == true && isAllowed(wide, narrow) == true)
        #expect(isAllowed(Self.rule(.ask), narrow) == false)
        #expect(isAllowed(Self.rule(.ask), Self.rule(.allow, plugin: "/p.so")) == true)
        #expect(isAllowed(Self.rule(.ask), Self.rule(.allow, ["/path": "/srv/*"])) == true)
        #expect(isAllowed(Self.rule(.ask, ["/path": "/srv/*"]), narrow) == false)
        #expect(isAllowed(Self.rule(.ask, ["/path": "/srv/*"]), Self.rule(.allow, plugin: "/p.so")) == false)
        #expect(isAllowed(wide, narrow, Self.rule(.deny, tool: "*")) == false)
        #expect(PolicyFile.verdict(for: request, of: [Self.rule(.deny, tool: "other")]) == nil)
    }

    @Test("an added rule comes first, once, and keeps the schema of the file")
    func add() throws {
        let directory = try FixtureDirectory()
        let text = #"{"$schema":"x","version":1,"rules":[{"tool":"a","decision":"deny"}]}"#
        let path = try directory.file("policy.json", text.utf8, mode: 0o600)
        var file = try PolicyFile(path: path)
        for _ in 0..<2 { try file.add(Self.rule(.allow, plugin: "/p.so", ["/path": "x*"])) }
        let reread = try PolicyFile(path: path)
        #expect(reread.rules == file.rules && reread.rules.map(\.tool) == ["touch", "a"])
        let bytes = try PrivateFile.read(path, limit: 4096)
        let json = try JSON(parsing: try #require(bytes))
        #expect(json["$schema"] == "x")
    }
}

extension PluginAccess {
    /// The access of a plugin that requests and has no permissions.
    static let none = PluginAccess(
        requested: PluginPermissions(),
        unresolved: PluginPermissions(),
        trusted: nil,
        changedKeys: [],
        trustedHash: nil,
        trustDate: nil,
        allowedForRun: PluginPermissions(),
        wasTrusted: false,
        rejections: [],
        withheldKeys: [],
        requestedWithKeys: PluginPermissions(),
        keyPaths: [:]
    )
}
