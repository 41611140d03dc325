// Descriptions for models need not end with a full stop.
// swift-format-ignore-file: BeginDocumentationCommentWithOneLineSummary

import Glibc
import Locks
import Synchronization
import Testing
import ToolHost
import ToolJSON
import ToolPlugin

/// A barrier that blocks threads until a number of them has arrived.
private final class Rendezvous: Sendable {
    private let missing: Lock<Int>

    init(_ count: Int) { missing = Lock(count) }

    /// Blocks the thread until all have arrived, which a task should not do.
    ///
    /// - Returns: False if not all arrived within 30 seconds.
    func meet() -> Bool {
        missing.withLock { $0 -= 1 }
        let end = ContinuousClock.now + .seconds(30)
        while missing.withLock({ $0 > 0 }) {
            if ContinuousClock.now > end { return false }
            // Suspending would let other jobs run on this thread, so this spins.
            sched_yield()
        }
        return true
    }
}

private let rendezvous = Rendezvous(12)

@Tool func meet() async -> Bool { rendezvous.meet() }

private let cancelled = AsyncStream<Void>.makeStream()
private let overdue = AsyncStream<Void>.makeStream()

/// Waits until its own task is cancelled, and reports that. The result of the call does not show it.
private func wait(reportingTo end: AsyncStream<Void>.Continuation) async throws {
    try await withTaskCancellationHandler {
        try await Task.sleep(for: .seconds(3600))
    } onCancel: {
        end.yield()
    }
}

@Tool func waitUntilCancelled() async throws { try await wait(reportingTo: cancelled.continuation) }

@Tool func waitPastDeadline() async throws { try await wait(reportingTo: overdue.continuation) }

private let running = Atomic(0)
private let most = Atomic(0)

@Tool(serial: true) func oneByOne() async -> Int {
    let now = running.add(1, ordering: .relaxed).newValue
    _ = most.max(now, ordering: .relaxed)
    await Task.yield()
    running.subtract(1, ordering: .relaxed)
    return now
}

/// Another serial tool.
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

@Suite("Async tools", .timeLimit(.minutes(10))) struct AsyncToolTests {
    private func host(_ tools: Tool...) throws -> ToolHost {
        let host = ToolHost()
        for tool in tools { try host.register(tool) }
        return host
    }

    @Test("more async calls than processors may block at the same time")
    func blocking() async throws {
        let host = try host(meetTool)
        let answers = await host.dispatch(Array(repeating: ToolCall(name: "meet", arguments: [:]), count: 12)).results
        #expect(answers.map(\.text) == Array(repeating: "true", count: 12))
    }

    @Test("cancelling a call cancels the task of an async tool")
    func cancellation() async throws {
        let host = try host(waitUntilCancelledTool)
        let call = ToolCall(name: "wait_until_cancelled", arguments: [:])
        let (started, continuation) = AsyncStream<Void>.makeStream()
        let dispatched = Task {
            let dispatch = host.dispatch([call])
            for await event in dispatch {
                if case .started = event.kind { continuation.yield() }
            }
            return await dispatch.results
        }
        for await _ in started { break }
        dispatched.cancel()
        #expect(await dispatched.value.map(\.status) == [.cancelled])
        // If the task is not cancelled, this waits until the time limit of the suite.
        for await _ in cancelled.stream { break }
    }

    @Test("a deadline cancels the task of an async tool")
    func deadline() async throws {
        var configuration = HostConfiguration()
        configuration.limits.timeout = .milliseconds(50)
        let host = ToolHost(configuration)
        try host.register(waitPastDeadlineTool)
        let answer = try #require(
            await host.dispatch([ToolCall(name: "wait_past_deadline", arguments: [:])]).results.first
        )
        #expect(answer.status == .timedOut)
        for await _ in overdue.stream { break }
    }

    @Test("calls of serial tools do not overlap")
    func serial() async throws {
        let host = try host(oneByOneTool, alsoOneByOneTool)
        let answers = await host.dispatch(
            (0..<32).map { ToolCall(name: $0.isMultiple(of: 2) ? "one_by_one" : "also_one_by_one") }
        ).results
        #expect(answers.map(\.text) == Array(repeating: "1", count: 32))
        #expect(most.load(ordering: .relaxed) == 1)
    }

    @Test("the tools of a set share one instance")
    func sharedInstance() async throws {
        let host = ToolHost()
        for tool in Tally.tools { try host.register(tool) }
        let answers = await host.dispatch(Array(repeating: ToolCall(name: "count", arguments: [:]), count: 8)).results
        #expect(Set(answers.map(\.text)) == Set((1...8).map { "\($0)" }))
    }
}
