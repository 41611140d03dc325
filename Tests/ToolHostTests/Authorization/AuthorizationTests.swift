import Locks
import Logging
import TestSupport
import Testing
import ToolJSON
import ToolPlugin
@testable import ToolHost

/// Remove all notes.
@Tool(annotations: [.destructive]) func removeNotes() -> String { "removed" }

@Suite("Authorization", .timeLimit(.minutes(5)))
struct AuthorizationTests {
    @Test("a host is safe by default: workers, the default policy, and nothing that lacks permissions is offered")
    func defaults() {
        let configuration = HostConfiguration()
        #expect(configuration.isolation == .workers(WorkerConfiguration()))
        #expect(configuration.authorization.policy.confirmation == .harmfulCalls)
        #expect(configuration.authorization.asker == nil && !configuration.authorization.offersUngrantedTools)
    }

    @Test(
        "a destructive tool of the program runs without an asker, and asks if there is one",
        arguments: [(nil, ToolStatus.ok, 0), (.allowOnce, .ok, 1), (.deny, .denied, 1)]
            as [(AuthorizationReply?, ToolStatus, Int)]
    )
    func destructiveProgramTool(reply: AuthorizationReply?, status: ToolStatus, prompts: Int) async throws {
        let asked = Lock<[AuthorizationPrompt]>([])
        var configuration = HostConfiguration()
        if let reply {
            configuration.authorization.asker = { prompts in
                asked.withLock { $0 += prompts }
                return prompts.map { _ in reply }
            }
        }
        let host = ToolHost(configuration)
        try host.register(removeNotesTool)
        let results = await host.dispatch([ToolCall(name: "remove_notes")]).results
        #expect(results.map(\.status) == [status])
        #expect(asked.withLock { $0.map(\.request.toolName) } == Array(repeating: "remove_notes", count: prompts))
        let byUser = await host.dispatch([ToolCall(name: "remove_notes", origin: .user)]).results
        #expect(byUser.map(\.status) == [.ok] && asked.withLock(\.count) == prompts)
    }

    @Test("a plugin in this process runs without confirmation, because the process was chosen")
    func inProcess() async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy]) {
            $0.isolation = .inProcess
            $0.authorization = Authorization()
        }
        #expect(await fixture.host.dispatch([ToolCall(name: "echo")]).results.map(\.status) == [.ok])
    }

    @Test("the worker program is found beside the running executable")
    func worker() async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy]) { $0.isolation = .workers() }
        #expect(await fixture.host.dispatch([ToolCall(name: "echo")]).results.map(\.status) == [.ok])
        let paths = WorkerConfiguration.defaultProgramPaths
        try #require(paths.count == 2)
        #expect(paths[0].hasSuffix("/toolhost-worker"))
        #expect(paths[1].hasSuffix("/libexec/toolhost/toolhost-worker"))
    }

    @Test("a cancelled call does not wait for a decision of the application that ignores the cancellation")
    func cancelledDecision() async throws {
        let (asked, isAsked) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let host = try ScriptedSource("wait").host {
            $0.authorization.decide = { _ in
                isAsked.yield()
                await Task.detached { for await _ in released { break } }.value
                return .allow
            }
        }
        let dispatch = host.dispatch([ToolCall(name: "wait")])
        for await _ in asked { break }
        dispatch.cancel()
        #expect(await dispatch.results.map(\.status) == [.cancelled])
        release.yield()
    }

    @Test("examples have the origin that the program passes, by default a model", arguments: [nil, CallOrigin.user])
    func exampleOrigin(origin: CallOrigin?) async throws {
        let origins = Lock<[CallOrigin]>([])
        var configuration = HostConfiguration()
        configuration.authorization.decide = { request in
            origins.withLock { $0.append(request.origin) }
            return .allow
        }
        let host = ToolHost(configuration)
        try host.register(Tool(Exemplary()))
        let tool = try #require(host.tool(named: "exemplary"))
        let results =
            if let origin { await host.runExamples(of: tool, origin: origin) } else { await host.runExamples(of: tool) }
        #expect(results.map(\.failure) == [nil])
        #expect(origins.withLock(\.self) == [origin ?? .model])
    }

    /// A tool with an example.
    private struct Exemplary: ProgramTool {
        let schema: JSONObject = [
            "name": "exemplary", "toolhost": ["examples": [["arguments": [:], "result": "ok"]]],
        ]
        func execute(_ arguments: JSONObject) async throws -> ToolReply { "ok" }
    }

    @Test("a log message has the file of its plugin and the level of the plugin contract")
    func logging() {
        let lines = Lock<[String]>([])
        let logger = Logger.recording { file, level, message in
            lines.withLock { $0.append("\(file) \(level) \(message)") }
        }
        for severity in -1...4 { logger.log(severity: severity, "\(severity)", plugin: "/p.so") }
        logger.log(severity: 1, "program", plugin: "")
        let expected = [
            "/p.so debug -1", "/p.so debug 0", "/p.so info 1", "/p.so warning 2", "/p.so error 3", "/p.so error 4",
            " info program",
        ]
        #expect(lines.withLock(\.self) == expected)
    }
}
