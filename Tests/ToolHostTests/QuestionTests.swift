import Foundation
import Synchronization
import TestSupport
import Testing
import ToolHost
import ToolJSON

@Suite("The gate's question", .timeLimit(.minutes(10)))
struct QuestionTests {
    /// A host over one plugin that may read a directory once it is granted; `look` reads the file in it.
    private func host(_ directory: FixtureDirectory, _ asker: @escaping GateAsker) async throws -> ToolHost {
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
            configuration.policy = GatePolicy()
            configuration.asker = asker
            configuration.trust.file = TrustFile(path: directory.path + "/lock.json")
        }.host
    }

    @Test("grants for the run what a yes was said to, and asks again for the next call")
    func once() async throws {
        let directory = try FixtureDirectory()
        let asked = Mutex<[GateQuestion]>([])
        let replies: [GateReply] = [.once, .no, .once, .always]
        let host = try await host(directory) { questions in
            let number = asked.withLock { asked in
                asked += questions
                return asked.count - questions.count
            }
            return questions.map { _ in number < replies.count ? replies[number] : .no }
        }
        var statuses: [ToolStatus] = []
        for _ in replies { statuses += await host.dispatch([ToolCall(name: "look")]).map(\.status) }
        #expect(statuses == [.ok, .denied, .ok, .ok])
        let questions = asked.withLock(\.self)
        #expect(questions.map(\.lacking.read) == [[directory.path + "/data"], [], [], []])
        #expect(questions.dropFirst().allSatisfy { $0.reason == "its plugin can read \(directory.path)/data" })
        // Nothing was lacking any more when always was said; the plugin is trusted with what it was lent.
        #expect(try TrustFile(path: directory.path + "/lock.json").records().map(\.name) == ["look"])
    }

    @Test("comes again for what was lent, also where it is no file")
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
        let asked = Mutex<[GateQuestion]>([])
        let host = try await HostFixture.make(directory) { configuration in
            configuration.isolation = Isolation.workers
            configuration.policy = GatePolicy()
            configuration.asker = { questions in
                let isFirst = asked.withLock { asked in
                    defer { asked += questions }
                    return asked.isEmpty
                }
                return questions.map { _ in isFirst ? .once : .no }
            }
        }.host
        var statuses: [ToolStatus] = []
        for _ in 0..<2 { statuses += await host.dispatch([ToolCall(name: "tell")]).map(\.status) }
        #expect(statuses == [.ok, .denied])
        #expect(
            asked.withLock { $0.map(\.reason) } == [
                "its plugin asks to see the variable LANG",
                "its plugin was let see the variable LANG for an earlier call",
            ]
        )
    }

    @Test("trusts the plugin where always was said to what it lacks")
    func always() async throws {
        let directory = try FixtureDirectory()
        let host = try await host(directory) { $0.map { _ in .always } }
        #expect(await host.dispatch([ToolCall(name: "look")]).map(\.text) == ["open"])
        #expect(try TrustFile(path: directory.path + "/lock.json").records().map(\.name) == ["look"])
        #expect(host.tool(named: "look")?.access?.isTrusted == true)
    }

    @Test("holds nobody up who does not wait for the answer any more, and an answer that comes later grants nothing")
    func cancelled() async throws {
        let directory = try FixtureDirectory()
        let (asked, isAsked) = AsyncStream<Void>.makeStream()
        let (answered, answer) = AsyncStream<Void>.makeStream()
        let (ended, end) = AsyncStream<Void>.makeStream()
        let host = try await host(directory) { questions in
            isAsked.yield()
            // A person: no task's cancellation makes one answer.
            await Task.detached { for await _ in answered { break } }.value
            defer { end.yield() }
            return questions.map { _ in .always }
        }
        let batch = Task { await host.dispatch([ToolCall(name: "look"), ToolCall(name: "look")]) }
        for await _ in asked { break }
        batch.cancel()
        #expect(await batch.value.map(\.status) == [.cancelled, .cancelled])
        answer.yield()
        for await _ in ended { break }
        #expect(host.tool(named: "look")?.access?.granted.isEmpty == true)
    }

    @Test(
        "has the widest permission of each kind in words, the most dangerous kind first",
        arguments: [
            ([:], []), (["read": ["/usr/share"]], ["read /usr/share"]),
            (["read": ["/usr/share", "/home/ada"]], ["read /home/ada (and 1 more)"]),
            (["read": ["/a/b/c", "/usr", "/", "/a"]], ["read / (and 3 more)"]),
            (
                ["read": ["/a/b/c", "${root}"]],
                [#"read the path configured as "root" (not configured yet) (and 1 more)"#]
            ),
            (["read": ["//./", "/a"]], ["read //./ (and 1 more)"]),
            (
                [
                    "env": ["LANG"], "memory": 134_217_728, "read": ["/"], "network": [8080, 443],
                    "write": ["/tmp/x", "/tmp"], "spawn": ["/bin/sh"],
                ],
                [
                    "run /bin/sh", "change /tmp (and 1 more)", "connect to port 443 of any computer (and 1 more)",
                    "read /",
                    "see the variable LANG", "use 128 MiB of memory",
                ]
            ),
        ] as [(JSON, [String])]
    )
    func widest(permissions: JSON, phrases: [String]) throws {
        let permissions = try PluginPermissions(permissions)
        #expect(permissions.widestPhrases == phrases)
        #expect(permissions.widestPhrases.first == phrases.first)
    }

    @Test("orders permissions by their danger")
    func order() throws {
        let ranks: [JSON] = [
            ["spawn": ["/bin/sh"]], ["write": ["/"]], ["write": ["/tmp"], "read": ["/"]], ["network": [80]],
            ["read": ["/"]], ["read": ["/home/ada"]], ["read": ["/usr"]], [:],
        ]
        let permissions = try ranks.map { try PluginPermissions($0) }
        for (wider, narrower) in zip(permissions, permissions.dropFirst()) {
            #expect(wider.isWider(than: narrower) && !narrower.isWider(than: wider), "\(wider) \(narrower)")
        }
    }
}
