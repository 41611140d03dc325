import Glibc
import TestSupport
import Testing
import ToolHost
import ToolJSON

@Suite("Worker processes that die", .timeLimit(.minutes(10)))
struct WorkerDeathTests {
    @Test(
        "a call that kills its process fails with the reason, and the next call gets a new process",
        arguments: [
            ("segv", "SIGSEGV, an invalid access to memory at 0x10"), ("abort", "SIGABRT"), ("fpe", "SIGFPE"),
            ("deep", "SIGSEGV"), ("exit", "exit code 3"), ("_exit", "exit code 0"), ("kill", "SIGKILL"),
            ("shout", "SIGABRT"),
        ]
    )
    func death(how: String, words: String) async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor(), "healthy": FixtureSource.healthy])
        let before = try await fixture.process()
        let results = await fixture.host.dispatch([
            ToolCall(name: "echo", arguments: ["a": 1]), ToolCall(name: "act", arguments: ["how": .string(how)]),
            ToolCall(name: "repeat", arguments: ["text": "x", "times": 3]),
        ]).results
        #expect(results.map(\.status) == [.ok, .pluginFailed, .ok])
        #expect(results[1].text.contains(words) && results[1].text.contains("act brought"), "\(results[1].text)")
        #expect(results[2].text == "xxx")
        #expect(try await fixture.process() != before)
        let incidents = fixture.incidents
        #expect(incidents.contains(words) && incidents.contains("While act ran"), "\(incidents)")
        if how == "shout" { #expect(incidents.contains("so long")) }
    }

    @Test(
        "a call beside the one that kills the process runs once more if it changes nothing",
        arguments: [true, false]
    )
    func repetition(isReadOnly: Bool) async throws {
        let fixture = try await WorkerFixture.make([
            "act": WorkerFixture.actor(extra: isReadOnly ? WorkerFixture.readOnly : "")
        ])
        let file = JSON.string(fixture.directory.path + "/go")
        let waiting = fixture.host.dispatch([ToolCall(name: "act", arguments: ["how": "wait", "file": file])])
        for await event in waiting { if case .progress = event.kind { break } }
        #expect(try await fixture.act("segv").text.contains("SIGSEGV"))
        try fixture.directory.file("go", [])
        let result = try #require(await waiting.results.first)
        #expect(result.status == (isReadOnly ? .ok : .pluginFailed), "\(result.text)")
        if !isReadOnly { #expect(result.text.contains("died while it ran")) }
    }

    @Test(
        "if every second short call of a batch kills its process, each call ends once and only those are blamed",
        arguments: ["segv", "abort", "exit", "_exit"],
        [false, true]
    )
    func alternation(how: String, isConcurrent: Bool) async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor(isConcurrent: isConcurrent)])
        // The worker learns that the tool is short.
        for _ in 0..<40 { _ = try await fixture.process() }
        let hows = (0..<8).map { $0.isMultiple(of: 2) ? "" : how }
        let dispatch = fixture.host.dispatch(
            hows.map { ToolCall(name: "act", arguments: ["how": .string($0)]) }
        )
        var results: [Int: [ToolResult]] = [:]
        for await event in dispatch {
            if case .finished(let result) = event.kind { results[event.callIndex, default: []].append(result) }
        }
        for (index, how) in hows.enumerated() {
            let ends = results[index] ?? []
            let end = try #require(ends.first)
            #expect(ends.count == 1)
            let isBlamed = end.text.contains("act brought its worker process down")
            let isSibling = end.text.contains("died while it ran")
            // Calls that run one after the other have no siblings.
            let isExpected = how.isEmpty ? end.status == .ok : end.status == .pluginFailed && isBlamed
            #expect(isExpected || (isConcurrent && isSibling && !isBlamed), "\(index): \(end.text)")
        }
        #expect(try await fixture.act().status == .ok)
    }

    @Test("a plugin that dies repeatedly still runs its next call")
    func repeatedDeaths() async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor()])
        for _ in 0..<6 { #expect(try await fixture.act("segv").text.contains("SIGSEGV")) }
        #expect(try await fixture.act().status == .ok)
    }

    @Test("a plugin that dies five times is quarantined until it is released or its file changes")
    func quarantine() async throws {
        let directory = try FixtureDirectory()
        let state = directory.path + "/state"
        try directory.plugin("act.so", WorkerFixture.actor())
        func load() async throws -> HostFixture {
            try await HostFixture.make(directory) {
                $0.isolation = Isolation.workers
                $0.stateDirectory = state
            }
        }
        let first = try await load()
        for _ in 0..<4 { #expect(try await first.act("segv").text.contains("SIGSEGV")) }
        #expect(try await first.act("shout").text.contains("SIGABRT"))
        let refusal = try await first.act().text
        // The output is for people; this is for the model.
        #expect(refusal.contains("quarantine") && !refusal.contains("so long"), "\(refusal)")
        let reason = try #require(await load().breakage("act.so"))
        #expect(reason.contains("died 5 times"), "\(reason)")
        #expect(reason.contains("The last of its output: so long"), "\(reason)")
        #expect(Quarantine(directory: state).held.map(\.file) == [directory.path + "/act.so"])
        try Quarantine(directory: state).clear()
        #expect(try await load().act().status == .ok)
        for _ in 0..<5 { _ = try await first.act("segv") }
        try directory.plugin("act.so", WorkerFixture.actor(extra: #","parameters":{}"#))
        #expect(try await load().act().status == .ok)
    }

    @Test("a worker process exits with its host")
    func hostExit() async throws {
        let process: pid_t
        let directory: FixtureDirectory
        do {
            let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor()])
            process = try await fixture.process()
            directory = fixture.directory
        }
        try await processExit(process)
        withExtendedLifetime(directory) {}
    }
}
