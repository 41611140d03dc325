import Glibc
import TestSupport
import Testing
import ToolJSON

@testable import ToolHost

@Suite("Worker processes without calls", .timeLimit(.minutes(10)))
struct WorkerIdlenessTests {
    @Test("an idle process is closed, and the next call gets a new one")
    func idleTime() async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor()]) {
            guard case .workers(var workers) = Isolation.workers else { return }
            workers.idle = .milliseconds(50)
            $0.isolation = .workers(workers)
        }
        let first = try await fixture.process()
        try await processExit(first)
        #expect(try await fixture.process() != first)
        #expect(fixture.incidents == "")
    }

    @Test("a process that uses the processor while no call runs is killed")
    func processorTime() async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor()])
        let first = try await fixture.process("spin")
        try await fixture.wait { state in state.incidents.contains { $0.contains("used the processor") } }
        try await processExit(first)
        #expect(try await fixture.process() != first)
    }

    @Test("a process that sends messages without end while no call runs is killed")
    func messages() async throws {
        let fixture = try await WorkerFixture.make(["act": FixtureSource.file("message_flood.c")])
        let first = try await fixture.process()
        try await fixture.wait { state in state.incidents.contains { $0.contains("sent messages without end") } }
        try await processExit(first)
    }
}
