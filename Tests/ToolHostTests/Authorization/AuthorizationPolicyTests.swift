import TestSupport
import Testing
import ToolJSON

@testable import ToolHost

@Suite("Authorization policy")
struct AuthorizationPolicyTests {
    /// A plugin with permissions, as the policy sees it.
    static func plugin(
        trusted: JSON? = nil,
        allowedForRun: JSON = [:],
        allowedOnce: JSON = [:],
        requested: JSON? = nil,
        isConfined: Bool = true,
        isEnforced: Bool = true
    ) throws -> AuthorizationRequest.Plugin {
        var access = PluginAccess(
            requested: try PluginPermissions(requested ?? trusted ?? [:]),
            unresolved: PluginPermissions(),
            trusted: try trusted.map { try PluginPermissions($0) },
            changedKeys: [],
            trustedHash: nil,
            trustDate: nil,
            allowedForRun: try PluginPermissions(allowedForRun),
            wasTrusted: false,
            rejections: [],
            withheldKeys: [],
            requestedWithKeys: PluginPermissions(),
            keyPaths: [:]
        )
        access.allowedOnce = try PluginPermissions(allowedOnce)
        return AuthorizationRequest.Plugin(
            name: "plugin",
            file: "/plugins/plugin.so",
            access: access,
            missing: isConfined ? access.missing : PluginPermissions(),
            isConfined: isConfined,
            isEnforced: isEnforced
        )
    }

    /// A plugin in a situation, and the reason for which the default policy asks about its calls.
    struct Situation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let plugin: AuthorizationRequest.Plugin
        var isDestructive = false
        let reason: String?

        init(
            _ title: String,
            _ plugin: @autoclosure () throws -> AuthorizationRequest.Plugin,
            isDestructive: Bool = false,
            reason: String?
        ) rethrows {
            testDescription = title
            self.plugin = try plugin()
            self.isDestructive = isDestructive
            self.reason = reason
        }
    }

    private static func situations() throws -> [Situation] {
        let destroys = "the tool may destroy data"
        let untrusted = "its plugin is not trusted, and nothing confines it here"
        return [
            try Situation("has no permissions", plugin(), reason: nil),
            try Situation("reads public data", plugin(trusted: ["read": ["/usr/share"]]), reason: nil),
            try Situation(
                "reads private data",
                plugin(trusted: ["read": ["/srv"]]),
                reason: "its plugin can read /srv"
            ),
            try Situation("changes files", plugin(trusted: ["write": ["/srv"]]), reason: "its plugin can change /srv"),
            try Situation(
                "runs programs",
                plugin(trusted: ["spawn": ["/bin/sh"]]),
                reason: "its plugin can run /bin/sh"
            ),
            try Situation(
                "connects",
                plugin(trusted: ["network": [443]]),
                reason: "its plugin can connect to port 443 of any computer"
            ),
            try Situation(
                "writes by a grant for this run",
                plugin(allowedForRun: ["write": ["/srv"]], requested: ["write": ["/srv"]]),
                reason: nil
            ),
            try Situation(
                "writes by an earlier reply",
                plugin(allowedOnce: ["write": ["/srv"]], requested: ["write": ["/srv"]]),
                reason: "its plugin can change /srv"
            ),
            try Situation(
                "sees a variable by an earlier reply",
                plugin(allowedOnce: ["env": ["LANG"]], requested: ["env": ["LANG"]]),
                reason: "its plugin was allowed to see the variable LANG for an earlier call"
            ),
            try Situation(
                "lacks permissions",
                plugin(requested: ["read": ["/srv"], "network": [443]]),
                reason: "its plugin asks to connect to port 443 of any computer, to read /srv"
            ),
            try Situation("is destructive", plugin(), isDestructive: true, reason: destroys),
            try Situation(
                "is destructive, and may write for this run",
                plugin(allowedForRun: ["write": ["/srv"]]),
                isDestructive: true,
                reason: nil
            ),
            try Situation(
                "is destructive, and may read for this run",
                plugin(allowedForRun: ["read": ["/srv"]]),
                isDestructive: true,
                reason: destroys
            ),
            try Situation(
                "is untrusted, and the kernel cannot confine it",
                plugin(isEnforced: false),
                reason: untrusted
            ),
            try Situation(
                "is trusted, and the kernel cannot confine it",
                plugin(trusted: [:], isEnforced: false),
                reason: nil
            ),
            try Situation(
                "is trusted to write, and the kernel cannot confine it",
                plugin(trusted: ["write": ["/srv"]], isEnforced: false),
                reason: "its plugin can change /srv"
            ),
            try Situation("is unconfined by choice", plugin(isConfined: false, isEnforced: false), reason: nil),
            try Situation(
                "is unconfined by choice, and asks to write",
                plugin(requested: ["write": ["/srv"]], isConfined: false, isEnforced: false),
                reason: "its plugin can change /srv"
            ),
        ]
    }

    private static func request(
        _ plugin: AuthorizationRequest.Plugin?,
        isDestructive: Bool = false,
        origin: CallOrigin = .model
    ) -> AuthorizationRequest {
        AuthorizationRequest(
            toolName: "tool",
            annotations: DeclaredEffects(destructive: isDestructive),
            origin: origin,
            plugin: plugin
        )
    }

    @Test("the default policy decides by the permissions of the plugin", arguments: try Self.situations())
    func defaultPolicy(_ situation: Situation) {
        let request = Self.request(situation.plugin, isDestructive: situation.isDestructive)
        let outcome = AuthorizationPolicy().outcome(for: request, canAsk: false)
        #expect(outcome == situation.reason.map { .ask(reason: $0) } ?? .allow)
    }

    @Test("a call by the user needs confirmation only for missing permissions", arguments: try Self.situations())
    func userCall(_ situation: Situation) {
        let request = Self.request(situation.plugin, isDestructive: situation.isDestructive, origin: .user)
        let outcome = AuthorizationPolicy().outcome(for: request, canAsk: true)
        #expect((outcome == .allow) == situation.plugin.missing.isEmpty)
    }

    @Test("a policy without confirmation asks only for missing permissions", arguments: try Self.situations())
    func allowAll(_ situation: Situation) {
        let request = Self.request(situation.plugin, isDestructive: situation.isDestructive)
        let outcome = AuthorizationPolicy.allowAll.outcome(for: request, canAsk: true)
        #expect((outcome == .allow) == situation.plugin.missing.isEmpty)
    }

    @Test(
        "each policy asks about a printed call, unless the plugin is confined and has no permission",
        arguments: try Self.situations(),
        [AuthorizationPolicy(), .allowAll]
    )
    func printedCall(_ situation: Situation, policy: AuthorizationPolicy) {
        let request = Self.request(situation.plugin, origin: .printed)
        let plugin = situation.plugin
        let isHarmless = plugin.isEnforced && plugin.access.granted.isEmpty && plugin.missing.isEmpty
        #expect((policy.outcome(for: request, canAsk: false) == .allow) == isHarmless)
    }

    @Test("a policy for every call asks about each call", arguments: try Self.situations())
    func everyCall(_ situation: Situation) {
        let policy = AuthorizationPolicy(confirmation: .everyCall)
        for origin in [CallOrigin.model, .user] {
            let outcome = policy.outcome(for: Self.request(situation.plugin, origin: origin), canAsk: true)
            #expect(outcome == .ask(reason: "each call must be confirmed"))
        }
    }

    @Test(
        "a destructive tool of the program asks if a user can be asked",
        arguments: [(true, true, true), (true, false, false), (false, true, false), (false, false, false)]
    )
    func programTool(isDestructive: Bool, canAsk: Bool, asks: Bool) {
        let request = Self.request(nil, isDestructive: isDestructive)
        let outcome = AuthorizationPolicy().outcome(for: request, canAsk: canAsk)
        #expect(outcome == (asks ? .ask(reason: "the tool may destroy data") : .allow))
    }

    @Test(
        "a rule applies before the effects of a tool, and a denial before everything",
        arguments: [
            ("allow", AuthorizationPolicy.Confirmation.harmfulCalls, CallOrigin.model, "allow"),
            ("ask", .harmfulCalls, .model, "a policy rule asks about it"),
            ("ask", .none, .model, "a policy rule asks about it"),
            ("allow", .harmfulCalls, .printed, "the model printed this call as text"),
            ("allow", .none, .printed, "the model printed this call as text"),
            ("ask", .none, .printed, "a policy rule asks about it"), ("deny", .none, .printed, "not today"),
            ("ask", .harmfulCalls, .user, "allow"), ("allow", .everyCall, .model, "each call must be confirmed"),
            ("deny", .harmfulCalls, .model, "not today"), ("deny", .none, .model, "not today"),
            ("deny", .everyCall, .model, "not today"), ("deny", .harmfulCalls, .user, "not today"),
        ]
    )
    func rules(
        decision: String,
        confirmation: AuthorizationPolicy.Confirmation,
        origin: CallOrigin,
        expected: String
    ) throws {
        let directory = try FixtureDirectory()
        let rule = #"{"tool":"tool","decision":"\#(decision)","reason":"not today"}"#
        try directory.file("policy.json", #"{"version":1,"rules":[\#(rule)]}"#.utf8, mode: 0o600)
        let policy = AuthorizationPolicy(
            file: try PolicyFile(path: directory.path + "/policy.json"),
            confirmation: confirmation
        )
        let request = Self.request(try Self.plugin(trusted: ["write": ["/srv"]]), origin: origin)
        switch policy.outcome(for: request, canAsk: true) {
        case .allow: #expect(expected == "allow")
        case .ask(let reason, let rules):
            #expect(reason == expected && rules.isEmpty == (reason != "a policy rule asks about it"))
        case .deny(let reason): #expect(reason == expected)
        }
    }
}
