import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Programs that replace `toolhost-worker` and violate its protocol.
@Suite("Workers that violate the protocol", .timeLimit(.minutes(15)))
struct LyingWorkerTests {
    /// The first seed; `TOOLHOST_LIARS` overrides it.
    private static let first = ProcessInfo.processInfo.environment["TOOLHOST_LIARS"].flatMap(UInt64.init) ?? 0
    private static let count: UInt64 = 60
    /// The time in seconds for which further seeds are tried, from `TOOLHOST_LIARS_SECONDS`; nil for none.
    private static let time = ProcessInfo.processInfo.environment["TOOLHOST_LIARS_SECONDS"].flatMap(Int.init)

    @Test("random messages give each call exactly one result and do no harm to the host")
    func lies() async throws {
        let directory = try FixtureDirectory()
        try directory.plugin("liar.so", "int nothing;")
        let program = try directory.program("liar", FixtureSource.file("lying_worker.c"))
        var statuses: [ToolStatus: Int] = [:]
        let end = Self.time.map { ContinuousClock.now + .seconds($0) }
        var seed = Self.first
        while seed < Self.first + Self.count || end.map({ ContinuousClock.now < $0 }) == true {
            defer { seed += 1 }
            let fixture = try await HostFixture.make(directory) {
                var workers = WorkerConfiguration(program: program)
                workers.environment = ["LIAR": String(seed)]
                $0.isolation = .workers(workers)
                $0.limits.timeout = .milliseconds(300)
                $0.limits.grace = .milliseconds(100)
                $0.limits.resultBytes = 1 << 20
            }
            #expect(fixture.host.tools.map(\.name) == ["lie"], "\(seed): \(fixture.host.plugins)")
            for _ in 0..<2 {
                let results = await fixture.host.dispatch((0..<3).map { _ in ToolCall(name: "lie") }).results
                #expect(results.count == 3)
                for result in results {
                    statuses[result.status, default: 0] += 1
                    #expect(result.text.utf8.count <= 1 << 20 && !result.parts.contains { $0.mediaType.isEmpty })
                }
            }
        }
        print("liars: \(seed - Self.first), from number \(Self.first) on")
        // Enough messages are correct to reach every status.
        #expect(Set(statuses.keys).isSuperset(of: [.ok, .pluginFailed, .timedOut]), "\(statuses)")
    }

    // MARK: - One wrong message

    private func forgerFixture() async throws -> HostFixture {
        let directory = try FixtureDirectory()
        try directory.plugin("liar.so", "int nothing;")
        let program = try directory.program("forger", FixtureSource.file("forging_worker.c"))
        return try await HostFixture.make(directory) {
            $0.isolation = .workers(WorkerConfiguration(program: program))
        }
    }

    /// The expected result of a call about which a frame of a kind was sent.
    private func expectation(_ kind: Int, isOwn: Bool) -> (ToolStatus, String) {
        switch kind {
        case 101...104, 112: (.pluginFailed, "broke the protocol")
        case 107 where isOwn: (.ok, "forged")
        case 109 where isOwn: (.toolError, "")
        case 110 where isOwn, 111 where isOwn: (.pluginFailed, "sent no result")
        default: (.ok, "")
        }
    }

    @Test("a worker is killed for a message that it may not send or that is malformed", arguments: 101...113)
    func wrongMessage(kind: Int) async throws {
        let fixture = try await forgerFixture()
        func check(_ arguments: JSONObject, _ expected: (ToolStatus, String)) async throws {
            var arguments = arguments
            arguments["kind"] = .int(kind)
            let call = ToolCall(name: "hostile", arguments: .object(arguments))
            let result = try #require(await fixture.host.dispatch([call]).results.first)
            let isAsExpected = result.status == expected.0 && (expected.1.isEmpty || result.text.contains(expected.1))
            #expect(isAsExpected, "\(arguments): \(result.status) \(result.text)")
        }
        let isCaught = (ToolStatus.pluginFailed, "broke the protocol")
        try await check([:], expectation(kind, isOwn: true))
        try await check(["other": 1_000_000], expectation(kind, isOwn: false))
        try await check(["flags": 2], isCaught)
        try await check(["flags": 65535], isCaught)
        // The payload of a result extends to the end of its frame.
        let takesRest = kind == 107
        for extra in [1, 3, 100, 5000] {
            try await check(["extra": .int(extra)], takesRest ? (.ok, "forged") : isCaught)
        }
        try await check(["extra": 300_000], isCaught)
        if kind != 111 {
            try await check(["empty": 1], isCaught)
            try await check(["extra": -1], takesRest ? (.ok, "forge") : isCaught)
        }
    }

    @Test("a worker that does not read the host's messages is killed")
    func unreadMessages() async throws {
        let fixture = try await forgerFixture()
        let much = JSON.string(String(repeating: "x", count: 4 << 20))
        let call = ToolCall(name: "hostile", arguments: ["deaf": 1, "much": much])
        // The first is read, and the second is more than a socket holds.
        let results = await fixture.host.dispatch([ToolCall(name: "hostile", arguments: ["deaf": 1]), call]).results
        #expect(results.map(\.status).contains(.pluginFailed))
        #expect(results.contains { $0.text.contains("did not read") }, "\(results.map(\.text))")
    }
}
