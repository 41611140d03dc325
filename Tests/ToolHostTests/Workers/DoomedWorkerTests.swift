import Foundation
import Locks
import Logging
import TestSupport
import Testing
import ToolJSON
@testable import ToolHost

/// Calls that begin while the worker may be killed, or after its death and before the host has noticed it.
@Suite("Calls to a worker that is about to exit", .timeLimit(.minutes(5)))
struct DoomedWorkerTests {
    /// The source of a plugin whose tools do what "how" says and print the number of their process.
    private static func actor(extra: String = "", startsSlowly: Bool = false) throws -> String {
        let source = try FixtureSource.file(
            "doomed_worker.c",
            defining: ["ACTOR_EXTRA": FixtureSource.literal(extra)]
        )
        return startsSlowly ? "#define SLOW_START\n" + source : source
    }

    private func fixture(
        _ source: String,
        grace: Duration,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> HostFixture {
        try await HostFixture.make(["act": source]) {
            $0.isolation = Isolation.workers
            $0.limits.timeout = .seconds(60)
            $0.limits.grace = grace
            $0.logger = .recording { _, _, line in log(line) }
        }
    }

    private static func call(_ how: String, _ file: String = "/nowhere/file", tool: String = "act") -> ToolCall {
        ToolCall(name: tool, arguments: ["how": .string(how), "file": .string(file)])
    }

    /// Starts calls, and waits until each has written something.
    private func start(_ calls: [ToolCall], _ fixture: HostFixture) async -> ToolDispatch {
        let dispatch = fixture.host.dispatch(calls)
        var running: Set<Int> = []
        for await event in dispatch {
            if case .output = event.kind { running.insert(event.callIndex) }
            if running.count == calls.count { break }
        }
        return dispatch
    }

    // MARK: - The grace period

    /// An event after which a call is asked to stop.
    enum Stop: String, CaseIterable {
        case deadline, cancellation
        /// The deadline of a call that has its result and has not returned.
        case lingering
    }

    /// Lets the host ask calls to stop, which they do once the file "go" exists.
    private func stopCall(_ stop: Stop, count: Int = 1, _ fixture: HostFixture) async throws {
        let call = Self.call(
            stop == .lingering ? "linger" : "ignore",
            fixture.directory.path + "/go",
            tool: stop == .cancellation ? "act" : "brief"
        )
        let dispatch = await start(Array(repeating: call, count: count), fixture)
        if stop == .cancellation { dispatch.cancel() }
        let statuses = await dispatch.results.map(\.status)
        switch stop {
        case .deadline: #expect(statuses.allSatisfy { $0 == .timedOut })
        case .cancellation: #expect(statuses.allSatisfy { $0 == .cancelled })
        case .lingering:
            #expect(statuses.allSatisfy { $0 == .ok })
            try await fixture.wait { $0.machine.stoppingCalls > 0 }
        }
    }

    @Test("a call that begins in the grace period of another runs in a new worker", arguments: Stop.allCases)
    func replacement(stop: Stop) async throws {
        let fixture = try await fixture(Self.actor(), grace: .milliseconds(700))
        let first = try #require(await fixture.call("act"))
        try await stopCall(stop, fixture)
        let results = await fixture.host.dispatch([Self.call(""), Self.call("")]).results
        #expect(results.allSatisfy { $0.status == .ok && $0.text != first.text }, "\(results.map(\.text))")
    }

    @Test(
        "a worker whose call stops within its grace period runs the calls that waited for that",
        arguments: Stop.allCases,
        [("act", 2), ("serial", 1)]
    )
    func continuation(stop: Stop, follower: (tool: String, waiting: Int)) async throws {
        let fixture = try await fixture(Self.actor(), grace: .seconds(60))
        let first = try #require(await fixture.call("act"))
        try await stopCall(stop, fixture)
        let call = Self.call("", tool: follower.tool)
        let followers = fixture.host.dispatch([call, call])
        // Of the serial calls the second waits for the first.
        try await fixture.wait { $0.machine.waiting.count == follower.waiting }
        try fixture.directory.file("go", [])
        let results = await followers.results
        #expect(results.allSatisfy { $0.status == .ok && $0.text == first.text }, "\(results.map(\.text))")
    }

    /// A reason why a running process takes no calls.
    enum Pause: CaseIterable {
        /// Two calls were asked to stop.
        case stops
        /// A call runs with grants that have changed since.
        case grant
    }

    @Test(
        "a call waits for the calls of others at most for its own timeout",
        arguments: Pause.allCases,
        ["brief", "brief_serial"]
    )
    func boundedWait(pause: Pause, tool: String) async throws {
        let fixture = try await fixture(Self.actor(), grace: .seconds(20))
        let host = fixture.host
        let first = try #require(await fixture.call("act"))
        let call = Self.call("", tool: tool)
        switch pause {
        case .stops:
            try await stopCall(.cancellation, count: 2, fixture)
            let results = await host.dispatch([call, call]).results
            #expect(results.map(\.status) == [.timedOut, .timedOut], "\(results.map(\.text))")
            try fixture.directory.file("go", [])
            #expect(await fixture.call("act")?.text == first.text)
        case .grant:
            let last = await start([Self.call("wait", fixture.directory.path + "/go")], fixture)
            var permissions = PluginPermissions()
            permissions.environment = ["TOOLHOST_TEST"]
            try fixture.workerPlugin().grant(permissions)
            let results = await host.dispatch([call, call]).results
            #expect(results.map(\.status) == [.timedOut, .timedOut], "\(results.map(\.text))")
            try fixture.directory.file("go", [])
            #expect(await last.results.first?.status == .ok)
            let next = try #require(await fixture.call("act"))
            #expect(next.status == .ok && next.text != first.text)
        }
        try await fixture.wait { $0.machine.waiting.isEmpty && !$0.machine.isBusy }
    }

    @Test("the start of a new worker does not count for the timeout of a call that waited")
    func slowStart() async throws {
        let fixture = try await fixture(Self.actor(startsSlowly: true), grace: .milliseconds(300))
        try await stopCall(.cancellation, fixture)
        let result = try #require(await fixture.host.dispatch([Self.call("", tool: "brief")]).results.first)
        #expect(result.status == .ok, "\(result.text)")
    }

    @Test("a worker is not replaced if grants change during its start and no call waits for it")
    func changedGrants() async throws {
        let starts = Lock(0)
        let fixture = try await HostFixture.make(["act": Self.actor(startsSlowly: true)]) {
            $0.isolation = Isolation.workers
            $0.output = { _, line in
                if line == "start" { starts.withLock { $0 += 1 } }
            }
        }
        let known = starts.withLock(\.self)
        let dispatch = fixture.host.dispatch([Self.call("")])
        try await fixture.wait { if case .registering = $0.machine.state { true } else { false } }
        dispatch.cancel()
        #expect(await dispatch.results.map(\.status) == [.cancelled])
        var permissions = PluginPermissions()
        permissions.environment = ["TOOLHOST_TEST"]
        try fixture.workerPlugin().grant(permissions)
        try await fixture.wait { if case .idle = $0.machine.state { true } else { false } }
        #expect(await fixture.call("act")?.status == .ok)
        #expect(starts.withLock(\.self) == known + 2)
    }

    @Test(
        "a call that does not stop is named as the reason, and other calls that change nothing run again",
        arguments: [false, true]
    )
    func reason(isReadOnly: Bool) async throws {
        let extra = isReadOnly ? WorkerFixture.readOnly : ""
        let fixture = try await fixture(Self.actor(extra: extra), grace: .milliseconds(300))
        let beside = await start([Self.call("wait", fixture.directory.path + "/beside")], fixture)
        try await stopCall(.cancellation, fixture)
        // It runs in a new worker, so the first is dead by its end.
        #expect(await fixture.call("act")?.status == .ok)
        try fixture.directory.file("beside", [])
        let result = try #require(await beside.results.first)
        #expect(result.status == (isReadOnly ? .ok : .pluginFailed), "\(result.text)")
        if !isReadOnly {
            #expect(
                result.text.contains("A call of act is why: It did not stop within its grace period"),
                "\(result.text)"
            )
        }
    }

    // MARK: - Death

    @Test(
        "a call that begins after the death of a worker, before the host has noticed it, runs in a new worker",
        arguments: ["segv", "abort", "exit", "_exit", "kill", "memory", "close"]
    )
    func unnoticedDeath(how: String) async throws {
        let (isDoomed, doomed) = AsyncStream.makeStream(of: Void.self)
        let gate = DispatchSemaphore(value: 0)
        let fixture = try await fixture(Self.actor(), grace: .seconds(2)) { line in
            guard line == "doomed" else { return }
            // The thread that calls this would notice the exit of the process.
            doomed.yield()
            gate.wait()
        }
        let process = try #require(await fixture.call("act")).text
        let first = fixture.host.dispatch([Self.call(how)])
        for await _ in isDoomed { break }
        try await processExit(#require(pid_t(process)))
        let second = fixture.host.dispatch([Self.call("")])
        // The host sends the call if it knows nothing; otherwise the call waits for the next process.
        // The first call of all may have its result and not have returned.
        try await fixture.wait { state in
            state.machine.running.count { !$0.isAnswered } == 2 || !state.machine.waiting.isEmpty
        }
        gate.signal()
        #expect(try #require(await first.results.first).status == .pluginFailed)
        let result = try #require(await second.results.first)
        #expect(result.status == .ok && result.text != process, "\(result.text)")
    }

    @Test("a call fails if each worker exits after it has registered")
    func shortLivedWorkers() async throws {
        let directory = try FixtureDirectory()
        try directory.plugin("act.so", "int nothing;")
        let program = try directory.program("worker", FixtureSource.file("short_lived_worker.c"))
        let fixture = try await HostFixture.make(directory) {
            $0.isolation = .workers(WorkerConfiguration(program: program))
        }
        #expect(await fixture.call("hostile")?.status == .pluginFailed)
    }
}
