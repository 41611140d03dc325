import Foundation
import Locks
import TestSupport
import Testing
import ToolHost
import ToolJSON

@Suite("Questions about calls", .timeLimit(.minutes(10)))
struct QuestionTests {
    /// A host over one plugin that may read a directory once it is granted; `look` reads the file in it.
    private func host(
        _ directory: FixtureDirectory,
        _ asker: @escaping Authorization.Asker
    ) async throws -> ToolHost {
        try await host(directory, .asking(asker))
    }

    private func host(_ directory: FixtureDirectory, _ authorization: Authorization) async throws -> ToolHost {
        let data = try directory.directory("data")
        try directory.file("data/file", Array("content".utf8))
        let source = FixtureSource.tool(
            "look",
            before: "#include <fcntl.h>",
            manifest: #"{"name":"look","permissions":{"read":["\#(data)"]}}"#,
            body: """
                int file = open("\(data)/file", O_RDONLY);
                return file < 0 ? tool_fail(call, TOOL_ERROR, "closed") : tool_reply(call, tool_text("open"));
                """
        )
        try directory.plugin("look.so", source)
        return try await HostFixture.make(directory) { configuration in
            configuration.isolation = Isolation.workers
            configuration.authorization = authorization
            configuration.authorization.trust.lockFile = TrustFile(path: directory.path + "/lock.json")
        }.host
    }

    @Test("a reply of once grants the permissions for the run, and the next call is asked about again")
    func once() async throws {
        let directory = try FixtureDirectory()
        let asked = Lock<[AuthorizationPrompt]>([])
        let replies: [AuthorizationReply] = [.allowOnce, .deny, .allowOnce, .allowAlways]
        let host = try await host(directory) { prompts in
            let number = asked.withLock { asked in
                asked += prompts
                return asked.count - prompts.count
            }
            return prompts.map { _ in number < replies.count ? replies[number] : .deny }
        }
        var statuses: [ToolStatus] = []
        for _ in replies { statuses += await host.dispatch([ToolCall(name: "look")]).results.map(\.status) }
        #expect(statuses == [.ok, .denied, .ok, .ok])
        let prompts = asked.withLock(\.self)
        #expect(prompts.map(\.missing.read) == [[directory.path + "/data"], [], [], []])
        #expect(prompts.dropFirst().allSatisfy { $0.reason == "its plugin can read \(directory.path)/data" })
        // No permission was missing at the last reply; the plugin is trusted with those that it was allowed once.
        #expect(try TrustFile(path: directory.path + "/lock.json").records().map(\.name) == ["look"])
    }

    @Test("a permission that was allowed once is asked about again, also if it is not a file")
    func variable() async throws {
        let directory = try FixtureDirectory()
        let source = FixtureSource.tool(
            "tell",
            manifest: #"{"name":"tell","permissions":{"env":["LANG"]}}"#,
            body: """
                return tool_reply(call, tool_text(getenv("LANG") ? "there" : "hidden"));
                """
        )
        try directory.plugin("tell.so", source)
        let asked = Lock<[AuthorizationPrompt]>([])
        let host = try await HostFixture.make(directory) { configuration in
            configuration.isolation = Isolation.workers
            configuration.authorization = .asking { prompts in
                let isFirst = asked.withLock { asked in
                    defer { asked += prompts }
                    return asked.isEmpty
                }
                return prompts.map { _ in isFirst ? .allowOnce : .deny }
            }
        }.host
        var statuses: [ToolStatus] = []
        for _ in 0..<2 { statuses += await host.dispatch([ToolCall(name: "tell")]).results.map(\.status) }
        #expect(statuses == [.ok, .denied])
        #expect(
            asked.withLock { $0.map(\.reason) } == [
                "its plugin asks to see the variable LANG",
                "its plugin was allowed to see the variable LANG for an earlier call",
            ]
        )
    }

    @Test("a reply of always trusts the plugin and grants the missing permissions")
    func always() async throws {
        let directory = try FixtureDirectory()
        let host = try await host(directory) { $0.map { _ in .allowAlways } }
        #expect(await host.dispatch([ToolCall(name: "look")]).results.map(\.text) == ["open"])
        #expect(try TrustFile(path: directory.path + "/lock.json").records().map(\.name) == ["look"])
        #expect(host.tool(named: "look")?.access?.isTrusted == true)
    }

    @Test("a missing reply counts as a refusal")
    func missingReply() async throws {
        let directory = try FixtureDirectory()
        defer { withExtendedLifetime(directory) {} }
        let host = try await host(directory) { _ in [] }
        let results = await host.dispatch([ToolCall(name: "look")]).results
        #expect(results.map(\.text) == ["The call was refused: the user said no"])
    }

    @Test("a cancelled batch does not wait for the reply, and a later reply grants nothing")
    func cancelled() async throws {
        let directory = try FixtureDirectory()
        let (asked, isAsked) = AsyncStream<Void>.makeStream()
        let (answered, answer) = AsyncStream<Void>.makeStream()
        let (ended, end) = AsyncStream<Void>.makeStream()
        let host = try await host(directory) { prompts in
            isAsked.yield()
            // A user replies whether the task is cancelled or not.
            await Task.detached { for await _ in answered { break } }.value
            defer { end.yield() }
            return prompts.map { _ in .allowAlways }
        }
        let batch = Task { await host.dispatch([ToolCall(name: "look"), ToolCall(name: "look")]).results }
        for await _ in asked { break }
        batch.cancel()
        #expect(await batch.value.map(\.status) == [.cancelled, .cancelled])
        answer.yield()
        for await _ in ended { break }
        #expect(host.tool(named: "look")?.access?.granted.isEmpty == true)
    }

    /// A choice of the two settings for plugins that lack permissions, and the expected outcome.
    struct Offer: Sendable, CustomTestStringConvertible {
        let offers: Bool
        let asks: Bool
        let status: ToolStatus
        let prompts: Int
        let text: String
        var testDescription: String { "offers: \(offers), asks: \(asks)" }
    }

    @Test(
        "whether a tool without permissions is offered does not depend on the asker",
        arguments: [
            Offer(offers: false, asks: false, status: .denied, prompts: 0, text: "cannot be called"),
            Offer(offers: false, asks: true, status: .denied, prompts: 0, text: "cannot be called"),
            Offer(offers: true, asks: false, status: .denied, prompts: 0, text: "no user can be asked"),
            Offer(offers: true, asks: true, status: .ok, prompts: 1, text: "open"),
        ]
    )
    func offers(_ offer: Offer) async throws {
        let prompts = Lock(0)
        var authorization = Authorization(offersUngrantedTools: offer.offers)
        if offer.asks {
            authorization.asker = { questions in
                prompts.withLock { $0 += questions.count }
                return questions.map { _ in .allowOnce }
            }
        }
        let directory = try FixtureDirectory()
        defer { withExtendedLifetime(directory) {} }
        let host = try await host(directory, authorization)
        #expect(host.tools.map(\.name) == (offer.offers ? ["look"] : []))
        let result = try #require(await host.dispatch([ToolCall(name: "look")]).results.first)
        #expect(result.status == offer.status && result.text.contains(offer.text), "\(result.text)")
        #expect(prompts.withLock(\.self) == offer.prompts)
    }
}
