import Glibc
import TestSupport
import Testing
import ToolJSON

@testable import ToolHost

/// Memory that the kernel's limits do not count.
@Suite("The watch over the memory of workers", .timeLimit(.minutes(5)))
struct WorkerWatchTests {
    private static let words = "It used more than 1 GiB of memory."

    private func fixture(_ moment: String, state: String? = nil) async throws -> HostFixture {
        try await HostFixture.make([
            "hog": FixtureSource.file("memory_hog.c", defining: ["HOG_WHEN": FixtureSource.literal(moment)]),
            "healthy": FixtureSource.healthy,
        ]) {
            $0.isolation = Isolation.workers
            $0.stateDirectory = state
        }
    }

    @Test("a call that uses too much memory has its process killed, which counts as a crash")
    func killsForMemory() async throws {
        let directory = try FixtureDirectory()
        let fixture = try await fixture("called", state: directory.path)
        for _ in 0..<5 {
            let results = await fixture.host.dispatch([
                ToolCall(name: "echo", arguments: ["a": 1]), ToolCall(name: "hog"),
                ToolCall(name: "repeat", arguments: ["text": "x", "times": 3]),
            ]).results
            #expect(results.map(\.status) == [.ok, .pluginFailed, .ok])
            let text = results[1].text
            #expect(text.hasSuffix("hog brought its worker process down. " + Self.words), "\(text)")
        }
        let held = try #require(Quarantine(directory: directory.path).held.first)
        #expect(held.reason.contains(Self.words), "\(held.reason)")
    }

    @Test("a plugin that uses too much memory while it is loaded is killed")
    func killsWhileLoading() async throws {
        let fixture = try await fixture("loaded")
        #expect(fixture.breakage("hog.so")?.contains("While it was loaded: " + Self.words) == true)
    }

    @Test("a plugin that uses too much memory after its calls is killed")
    func killsWhenIdle() async throws {
        let fixture = try await fixture("idle")
        #expect(await fixture.call("hog")?.status == .ok)
        let plugin = try #require(fixture.host.tool(named: "hog")?.source as? WorkerPlugin)
        try await plugin.wait { state in state.incidents.contains { $0.contains(Self.words) } }
    }
}
