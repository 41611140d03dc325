// What models read need not end with a full stop.
// swift-format-ignore-file: BeginDocumentationCommentWithOneLineSummary

import Glibc
import Synchronization
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

/// Lets nobody pass until a number of threads has come, and blocks them meanwhile.
private final class Rendezvous: Sendable {
    private let missing: Mutex<Int>

    init(_ count: Int) { missing = Mutex(count) }

    /// Blocks the thread, as no task should; returns whether all came within a generous time.
    func meet() -> Bool {
        missing.withLock { $0 -= 1 }
        let end = ContinuousClock.now + .seconds(30)
        while missing.withLock({ $0 > 0 }) {
            if ContinuousClock.now > end { return false }
            // What else runs on this thread must not be let in, so there is nothing to wait for in an orderly way.
            sched_yield()
        }
        return true
    }
}

private let rendezvous = Rendezvous(12)

@Tool func meet() async -> Bool { rendezvous.meet() }

private let cancelled = AsyncStream<Void>.makeStream()
private let overdue = AsyncStream<Void>.makeStream()

/// Waits until its own task is cancelled, and says so: the host answers for itself, and would whatever becomes of it.
private func wait(telling end: AsyncStream<Void>.Continuation) async throws {
    try await withTaskCancellationHandler {
        try await Task.sleep(for: .seconds(3600))
    } onCancel: {
        end.yield()
    }
}

@Tool func waitUntilCancelled() async throws { try await wait(telling: cancelled.continuation) }

@Tool func waitPastDeadline() async throws { try await wait(telling: overdue.continuation) }

private let running = Atomic(0)
private let most = Atomic(0)

@Tool(serial: true) func oneByOne() async -> Int {
    let now = running.add(1, ordering: .relaxed).newValue
    _ = most.max(now, ordering: .relaxed)
    await Task.yield()
    running.subtract(1, ordering: .relaxed)
    return now
}

/// Another of the serial tools.
@Tool(serial: true) func alsoOneByOne() async -> Int { await oneByOne() }

@ToolSet actor Tally {
    private var value = 0

    init() {}

    /// Count
    @Tool func count() -> Int {
        value += 1
        return value
    }
}

@Suite(.timeLimit(.minutes(10))) struct AsyncToolTests {
    private func host(_ tools: Tool...) throws -> ToolHost {
        let host = ToolHost()
        for tool in tools { try host.register(tool) }
        return host
    }

    @Test func manyMayBlockAtOnce() async throws {
        let host = try host(meetTool)
        let answers = await host.dispatch(Array(repeating: ToolCall(name: "meet", arguments: [:]), count: 12))
        #expect(answers.map(\.text) == Array(repeating: "true", count: 12))
    }

    @Test func cancellingReachesTheTask() async throws {
        let host = try host(waitUntilCancelledTool)
        let call = ToolCall(name: "wait_until_cancelled", arguments: [:])
        let (started, continuation) = AsyncStream<Void>.makeStream()
        let dispatched = Task {
            await host.dispatch([call]) { event in
                if case .started = event { continuation.yield() }
            }
        }
        for await _ in started { break }
        dispatched.cancel()
        #expect(await dispatched.value.map(\.status) == [.cancelled])
        // Where the task is not told, this waits until the time limit of the suite.
        for await _ in cancelled.stream { break }
    }

    @Test func theDeadlineReachesTheTask() async throws {
        var configuration = HostConfiguration()
        configuration.limits.timeout = .milliseconds(50)
        let host = ToolHost(configuration)
        try host.register(waitPastDeadlineTool)
        let answer = try #require(await host.dispatch([ToolCall(name: "wait_past_deadline", arguments: [:])]).first)
        #expect(answer.status == .timedOut)
        for await _ in overdue.stream { break }
    }

    @Test func serialCallsDoNotOverlap() async throws {
        let host = try host(oneByOneTool, alsoOneByOneTool)
        let answers = await host.dispatch(
            (0..<32).map { ToolCall(name: $0.isMultiple(of: 2) ? "one_by_one" : "also_one_by_one") }
        )
        #expect(answers.map(\.text) == Array(repeating: "1", count: 32))
        #expect(most.load(ordering: .relaxed) == 1)
    }

    @Test func aSetHasOneInstance() async throws {
        let host = ToolHost()
        for tool in Tally.tools { try host.register(tool) }
        let answers = await host.dispatch(Array(repeating: ToolCall(name: "count", arguments: [:]), count: 8))
        #expect(Set(answers.map(\.text)) == Set((1...8).map { "\($0)" }))
    }
}
