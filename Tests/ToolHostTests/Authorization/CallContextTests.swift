import Locks
import TestSupport
import Testing
import ToolJSON

@testable import ToolHost

@Suite("Calls in the context of a conversation", .timeLimit(.minutes(10)))
struct CallContextTests {
    // MARK: - The policy

    /// A call, and the reason for which the policy asks about it, or nil if it is allowed.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let permissions: JSON
        var isAllowedForRun = false
        var isRuleAllowing = false
        var confirmation = AuthorizationPolicy.Confirmation.harmfulCalls
        var origin = CallOrigin.model
        var context = CallContext(outsideSources: ["fetch"])
        let reason: String?

        init(_ title: String, _ permissions: JSON, reason: String?, _ change: (inout Case) -> Void = { _ in }) {
            (testDescription, self.permissions, self.reason) = (title, permissions, reason)
            change(&self)
        }
    }

    private static func remote(isConfirmed: Bool) -> CallContext {
        let model = RemoteModel(name: "big:cloud")
        if isConfirmed { model.confirm() }
        return CallContext(remoteModel: model)
    }

    private static let after = "the model has read text from fetch, and "
    private static let away = "the result goes to the model big:cloud on another computer, and "
    private static let change = "its plugin can change /srv"
    private static let read = "its plugin can read /srv"

    private static let cases = [
        Case("without permissions", [:], reason: nil),
        Case("that reads public files", ["read": ["/usr/share"]], reason: nil),
        Case("that changes files", ["write": ["/srv"]], reason: after + change),
        Case("that runs a program", ["spawn": ["/bin/sh"]], reason: after + "its plugin can run /bin/sh"),
        Case(
            "that connects",
            ["network": [443]],
            reason: after + "its plugin can connect to port 443 of any computer"
        ),
        Case("that reads private files", ["read": ["/srv"]], reason: after + read),
        Case("with a grant for this run", ["write": ["/srv"]], reason: after + change) { $0.isAllowedForRun = true },
        Case("that a rule allows", ["write": ["/srv"]], reason: after + change) { $0.isRuleAllowing = true },
        Case("that the user entered", ["write": ["/srv"]], reason: nil) { $0.origin = .user },
        Case("under a policy without questions", ["write": ["/srv"]], reason: nil) { $0.confirmation = .none },
        Case("under a policy for every call", [:], reason: after + "each call must be confirmed") {
            $0.confirmation = .everyCall
        },
        Case(
            "after several sources",
            ["write": ["/srv"]],
            reason: "the model has read text from a, b and c, and " + change
        ) { $0.context.outsideSources = ["a", "b", "c"] },
        Case(
            "after many sources",
            ["write": ["/srv"]],
            reason: "the model has read text from a, b, c and 2 more, and " + change
        ) { $0.context.outsideSources = ["a", "b", "c", "d", "e"] },
        Case("that sends private files away", ["read": ["/srv"]], reason: away + read) {
            ($0.isRuleAllowing, $0.context) = (true, remote(isConfirmed: false))
        },
        Case("that sends granted files away", ["read": ["/srv"]], reason: away + read) {
            ($0.isAllowedForRun, $0.context) = (true, remote(isConfirmed: false))
        },
        Case("that sends private files away again", ["read": ["/srv"]], reason: nil) {
            ($0.isRuleAllowing, $0.context) = (true, remote(isConfirmed: true))
        },
        Case("that sends public files away", ["read": ["/usr/share"]], reason: nil) {
            $0.context = remote(isConfirmed: false)
        },
        Case("of a remote model that changes files", ["write": ["/srv"]], reason: change) {
            $0.context = remote(isConfirmed: false)
        },
        Case("that is allowed outside such a conversation", ["write": ["/srv"]], reason: nil) {
            ($0.isRuleAllowing, $0.context) = (true, CallContext())
        },
    ]

    @Test("a call in a conversation with outside text or a remote model", arguments: cases)
    func policy(_ item: Case) throws {
        let directory = try FixtureDirectory()
        let rules = item.isRuleAllowing ? #"{"tool":"tool","decision":"allow"}"# : ""
        let path = try directory.file("policy.json", Array(#"{"version":1,"rules":[\#(rules)]}"#.utf8), mode: 0o600)
        let policy = AuthorizationPolicy(file: try PolicyFile(path: path), confirmation: item.confirmation)
        let request = AuthorizationRequest(
            toolName: "tool",
            origin: item.origin,
            context: item.context,
            plugin: try AuthorizationPolicyTests.plugin(
                trusted: item.isAllowedForRun ? Optional.none : item.permissions,
                allowedForRun: item.isAllowedForRun ? item.permissions : [:],
                requested: item.permissions
            )
        )
        let outcome = policy.outcome(for: request, canAsk: false)
        #expect(outcome == item.reason.map { .ask(reason: $0) } ?? .allow)
    }

    @Test("a destructive tool of the program is asked about, even if a rule allows it")
    func programTool() throws {
        let directory = try FixtureDirectory()
        let rules = Array(#"{"version":1,"rules":[{"tool":"tool","decision":"allow"}]}"#.utf8)
        let policy = AuthorizationPolicy(
            file: try PolicyFile(path: try directory.file("policy.json", rules, mode: 0o600))
        )
        let cases: [(isDestructive: Bool, sources: [String], isAsked: Bool)] = [
            (true, ["fetch"], true), (true, [], false), (false, ["fetch"], false),
        ]
        for (isDestructive, sources, isAsked) in cases {
            let request = AuthorizationRequest(
                toolName: "tool",
                annotations: DeclaredEffects(destructive: isDestructive),
                context: CallContext(outsideSources: sources)
            )
            let reason = Self.after + "the tool may destroy data"
            #expect(policy.outcome(for: request, canAsk: false) == (isAsked ? .ask(reason: reason) : .allow))
        }
    }

    @Test("a rule that denies a call is not replaced by a question")
    func denial() throws {
        let directory = try FixtureDirectory()
        let rules = #"{"version":1,"rules":[{"tool":"tool","decision":"deny","reason":"never"}]}"#
        let path = try directory.file("policy.json", Array(rules.utf8), mode: 0o600)
        let request = AuthorizationRequest(
            toolName: "tool",
            context: CallContext(outsideSources: ["fetch"]),
            plugin: try AuthorizationPolicyTests.plugin(trusted: ["write": ["/srv"]])
        )
        let outcome = AuthorizationPolicy(file: try PolicyFile(path: path)).outcome(for: request, canAsk: true)
        #expect(outcome == .deny(reason: "never"))
    }

    // MARK: - A real plugin

    /// A host over a plugin that is granted to read a directory for this run.
    private func host(_ directory: FixtureDirectory, asker: Authorization.Asker?) async throws -> ToolHost {
        let data = try directory.directory("data")
        let source = FixtureSource.tool(
            "look",
            manifest: #"{"name":"look","permissions":{"read":["\#(data)"],"network":[443]}}"#,
            body: #"return tool_reply(call, tool_text("seen"));"#
        )
        try directory.plugin("look.so", source)
        return try await HostFixture.make(directory) { configuration in
            configuration.isolation = Isolation.workers
            configuration.authorization = Authorization(asker: asker, offersUngrantedTools: true)
            configuration.authorization.trust.lockFile = TrustFile(path: directory.path + "/lock.json")
            configuration.authorization.trust.allowances = [
                try Allowance(parsing: "read=\(data)"), try Allowance(parsing: "network=443"),
            ]
        }.host
    }

    @Test("a reply of always in a conversation with outside text is for one call, and trusts nothing")
    func alwaysIsOnce() async throws {
        let directory = try FixtureDirectory()
        defer { withExtendedLifetime(directory) {} }
        let asked = Lock<[AuthorizationPrompt]>([])
        let host = try await host(directory) { prompts in
            asked.withLock { $0 += prompts }
            return prompts.map { _ in .allowAlways }
        }
        let calls = [ToolCall(name: "look")]
        let outside = CallContext(outsideSources: ["fetch"])
        for context in [CallContext(), outside, outside, CallContext()] {
            #expect(await host.dispatch(calls, context: context).results.map(\.text) == ["seen"])
        }
        let prompts = asked.withLock(\.self)
        #expect(prompts.count == 2)
        #expect(
            prompts.allSatisfy { !$0.allowsAlways && $0.reason.hasPrefix("the model has read text from fetch, and ") }
        )
        #expect(try TrustFile(path: directory.path + "/lock.json").records().isEmpty)
    }

    @Test("the user is asked once whether a remote model receives private files")
    func remoteModel() async throws {
        let directory = try FixtureDirectory()
        defer { withExtendedLifetime(directory) {} }
        let asked = Lock<[AuthorizationPrompt]>([])
        let host = try await host(directory) { prompts in
            let isFirst = asked.withLock { asked in
                defer { asked += prompts }
                return asked.isEmpty
            }
            return prompts.map { _ in isFirst ? .deny : .allowOnce }
        }
        let context = CallContext(remoteModel: RemoteModel(name: "big:cloud"))
        var statuses: [ToolStatus] = []
        for _ in 0..<4 {
            statuses += await host.dispatch([ToolCall(name: "look")], context: context).results.map(\.status)
        }
        #expect(statuses == [.denied, .ok, .ok, .ok])
        #expect(asked.withLock { $0.map { $0.reason.contains("big:cloud on another computer") } } == [true, true])
        #expect(context.remoteModel?.isConfirmed == true)
    }

    @Test("without a user a call in a conversation with outside text is denied with the source")
    func noUser() async throws {
        let directory = try FixtureDirectory()
        defer { withExtendedLifetime(directory) {} }
        let host = try await host(directory, asker: nil)
        let context = CallContext(outsideSources: ["fetch"])
        let results = await host.dispatch([ToolCall(name: "look")], context: context).results
        #expect(
            results.map(\.text) == [
                "The call was refused: it needs the user's permission, because the model has read text from fetch, and its "
                    + "plugin can connect to port 443 of any computer, and no user can be asked"
            ]
        )
    }

    // MARK: - Results from outside

    @Test("the results of a plugin are from outside if it may connect to the network")
    func networkGrant() async throws {
        let directory = try FixtureDirectory()
        defer { withExtendedLifetime(directory) {} }
        let host = try await host(directory, asker: nil)
        let granted = await host.dispatch([ToolCall(name: "look")]).results
        #expect(granted.map(\.isFromOutside) == [true] && host.tool(named: "look")?.readsOutside == true)
        let source = FixtureSource.tool("still", body: #"return tool_reply(call, tool_text("here"));"#)
        let other = try await HostFixture.make(["still": source]) { $0.isolation = Isolation.workers }
        defer { withExtendedLifetime(other) {} }
        let results = await other.host.dispatch([ToolCall(name: "still"), ToolCall(name: "none")]).results
        #expect(results.map(\.isFromOutside) == [false, false])
    }
}
