import Locks
import OllamaClient
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

@testable import ToolAgent

/// The counterparts of cases of Ollama's agent loop: approval.
@Suite("Approval in the cases of Ollama's agent", .timeLimit(.minutes(10)))
struct OllamaSessionApprovalTests {
    /// A tool that needs confirmation.
    ///
    /// Its calls wait for each other.
    private final class Approved: ProgramTool {
        private let running = Lock(0)
        private let together: Int
        private let arrived = AsyncStream<Void>.makeStream()

        init(together: Int = 1) { self.together = together }

        var count: Int { running.withLock(\.self) }

        let schema: JSONObject = [
            "name": "approval_tool", "parameters": ["type": "object", "properties": ["command": ["type": "string"]]],
            "toolhost": ["annotations": ["destructive": true]],
        ]

        func execute(_ arguments: JSONObject) async throws -> ToolReply {
            let number = running.withLock { running in
                running += 1
                return running
            }
            if number == together { for _ in 1..<max(2, together) { arrived.continuation.yield() } }
            if number < together { for await _ in arrived.stream { break } }
            return "approved"
        }
    }

    /// The questions of a host, and the replies to them.
    private final class User: Sendable {
        private let state: Lock<(batches: [[JSON]], reply: AuthorizationReply)>

        init(_ reply: AuthorizationReply) { state = Lock(([], reply)) }

        var batches: [[JSON]] { state.withLock(\.batches) }

        func host(_ policy: AuthorizationPolicy = AuthorizationPolicy()) -> ToolHost {
            var configuration = HostConfiguration()
            configuration.authorization = Authorization(policy: policy) { prompts in
                self.state.withLock { state in
                    state.batches.append(prompts.map(\.request.arguments))
                    return prompts.map { _ in state.reply }
                }
            }
            return ToolHost(configuration)
        }
    }

    private static let done = ScriptedModel.Reply.lines(Chunk.content("Done."), Chunk.done())

    private static func calls(_ commands: String...) -> ScriptedModel.Reply {
        let lines = commands.enumerated().map { index, command in
            Chunk.calls(Chunk.call("approval_tool", ["command": .string(command)], id: "call-\(index + 1)"))
        }
        return .lines(lines + [Chunk.done()])
    }

    @Test("the user is asked once about the calls of a message, and no denied call runs")
    func onePrompt() async throws {
        let (user, tool) = (User(.deny), Approved())
        let scenario = try Scenario([Self.calls("a", "b"), Self.done], tools: [tool], host: user.host())
        _ = try await scenario.respond(to: "Go")
        #expect(user.batches == [[["command": "a"], ["command": "b"]]])
        #expect(tool.count == 0)
        let results = scenario.agent.messages.filter { $0.role == .tool }
        #expect(results.map(\.toolCallID) == ["call-1", "call-2"])
        #expect(results.allSatisfy { $0.content.contains("the user said no") })
    }

    @Test("without a user, a call that a rule asks about is denied, and the others run")
    func withoutUser() async throws {
        let policy = try Self.policy(#"{"tool":"approval_tool","decision":"ask"}"#)
        var configuration = HostConfiguration()
        configuration.authorization = Authorization(policy: policy)
        let tool = Approved()
        let scenario = try Scenario(
            [
                .lines(
                    Chunk.calls(Chunk.call("approval_tool", id: "call-1"), Chunk.call("Bare", id: "call-2")),
                    Chunk.done()
                ),
                Self.done,
            ],
            tools: [tool, Bare()],
            host: ToolHost(configuration)
        )
        _ = try await scenario.respond(to: "Go")
        #expect(tool.count == 0)
        let results = scenario.agent.messages.filter { $0.role == .tool }
        #expect(results.map(\.toolCallID) == ["call-1", "call-2"])
        #expect(results[0].content.contains("no user can be asked") && results[1].content == "bare")
    }

    @Test("all approved calls of a message run in parallel before the next request")
    func wholeBatch() async throws {
        // Each call waits for the other one.
        let (user, tool) = (User(.allowOnce), Approved(together: 2))
        let scenario = try Scenario([Self.calls("a", "b"), Self.done], tools: [tool], host: user.host())
        _ = try await scenario.respond(to: "Go")
        #expect(user.batches.count == 1)
        let results = try #require(scenario.events.all.firstIndex { if case .content = $0 { true } else { false } })
        let finished = scenario.events.all[..<results].count {
            if case .call(let event) = $0, case .finished = event.kind { true } else { false }
        }
        #expect(finished == 2)
        #expect(scenario.agent.messages.map(\.role) == [.user, .assistant, .tool, .tool, .assistant])
        #expect(scenario.agent.messages.compactMap(\.toolCallID) == ["call-1", "call-2"])
    }

    @Test(
        "a rule of the policy answers for later calls, of a tool or with exactly its arguments",
        arguments: [
            (#"{"tool":"approval_tool","decision":"allow"}"#, []),
            (#"{"tool":"*","decision":"allow"}"#, []),
            (#"{"tool":"approval_tool","arguments":{"/command":"pwd"},"decision":"allow"}"#, [[["command": "ls"]]]),
        ] as [(String, [[JSON]])]
    )
    func rules(rule: String, asked: [[JSON]]) async throws {
        let (user, tool) = (User(.allowOnce), Approved())
        let scenario = try Scenario(
            [Self.calls("pwd"), Self.done, Self.calls("pwd"), Self.done, Self.calls("ls"), Self.done],
            tools: [tool],
            host: user.host(try Self.policy(rule))
        )
        for _ in 0..<3 { _ = try await scenario.respond(to: "Go") }
        #expect(user.batches == asked)
        #expect(tool.count == 3)
    }

    @Test("a policy that allows every call asks about none")
    func allowAll() async throws {
        let (user, tool) = (User(.deny), Approved())
        let scenario = try Scenario([Self.calls("a"), Self.done], tools: [tool], host: user.host(.allowAll))
        _ = try await scenario.respond(to: "Go")
        #expect(user.batches.isEmpty && tool.count == 1)
        #expect(scenario.agent.messages[2].content == "approved")
    }

    private static func policy(_ rule: String) throws -> AuthorizationPolicy {
        let directory = try FixtureDirectory()
        try directory.file("policy.json", #"{"version":1,"rules":[\#(rule)]}"#.utf8, mode: 0o600)
        return AuthorizationPolicy(file: try PolicyFile(path: directory.path + "/policy.json"))
    }
}
