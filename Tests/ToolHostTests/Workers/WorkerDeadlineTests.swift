import Glibc
import TestSupport
import Testing
import ToolHost
import ToolJSON

@Suite("Worker processes that do not stop", .timeLimit(.minutes(10)))
struct WorkerDeadlineTests {
    @Test("a process whose call does not stop is killed, and the next call gets a new one")
    func stuckCall() async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor(), "healthy": FixtureSource.healthy]) {
            $0.limits.timeout = .seconds(2)
            $0.limits.grace = .milliseconds(50)
        }
        let first = try await fixture.process()
        let results = await fixture.host.dispatch([
            ToolCall(name: "act", arguments: ["how": "loop"]), ToolCall(name: "echo"),
        ]).results
        #expect(results.map(\.status) == [.timedOut, .ok])
        try await processExit(first)
        #expect(try await fixture.process() != first)
    }

    @Test("a process whose call stops within its grace period is kept")
    func stoppingCall() async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor()]) {
            $0.limits.timeout = .milliseconds(300)
            $0.limits.grace = .seconds(60)
        }
        let first = try await fixture.process()
        #expect(try await fixture.act("stop").status == .timedOut)
        #expect(try await fixture.process() == first)
    }

    @Test(
        "a call that runs on after its result delays the next one only for a while",
        arguments: [Duration.seconds(1), .seconds(3600)]
    )
    func lingeringCall(timeout: Duration) async throws {
        // Only one call of the tool runs at a time.
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor(isConcurrent: false)]) {
            $0.limits.timeout = timeout
            $0.limits.grace = .milliseconds(100)
        }
        let first = try await fixture.process("linger")
        #expect(try await fixture.process() != first)
    }

    @Test("without a worker, a plugin whose call runs on after its result takes no more calls")
    func lingeringCallInProcess() async throws {
        let fixture = try await HostFixture.make(["act": WorkerFixture.actor(isConcurrent: false)]) {
            $0.limits.timeout = .milliseconds(300)
            $0.limits.grace = .milliseconds(100)
        }
        #expect(try await fixture.act("linger").status == .ok)
        let second = try await fixture.act()
        #expect(second.status == .pluginFailed && second.text.contains("stuck"), "\(second.text)")
    }
}
