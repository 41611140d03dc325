import Foundation
import Synchronization
import TestSupport
import Testing
import ToolJSON

@testable import ToolHost

/// Calls that begin while the worker may be killed, or after its death and before the host has noticed it.
@Suite("A doomed worker", .timeLimit(.minutes(5)))
struct DoomedWorkerTests {
    /// The tools beside `act` that do the same, each with its flags and its timeout in seconds.
    private static let variants = [
        ("brief", "TOOL_FLAG_CONCURRENT", 2), ("serial", "0", 60), ("brief_serial", "0", 2),
    ]

    /// The source of a plugin whose tools do what "how" says and print the number of their process.
    ///
    /// They log "doomed" just before they bring it down.
    private static func actor(extra: String = "") -> String {
        let variants = variants.map { name, flags, timeout in
            let schema = #"{"name":"\#(name)","description":"A variant","toolhost":{"timeout":\#(timeout)}}"#
            return """
                static const tool_v1 \(name) = {.struct_size = sizeof(tool_v1), .flags = \(flags),
                    .schema = TOOL_TEXT(\(FixtureSource.literal(schema))), .execute = execute};

                """
        }
        let source = FixtureSource.tool(
            "act",
            before: """
                static int32_t execute(void *context, const tool_call_v1 *call);
                \(variants.joined())
                #include <signal.h>
                #include <sys/mman.h>
                static void tell(const tool_call_v1 *call, const char *line) {
                    call->host->log(call->host, TOOL_LOG_INFO, tool_text(line));
                }
                static void ignore(const char *file) {
                    while (access(file, F_OK)) usleep(1000);
                }
                static void take(void) {
                    for (;;) {
                        char *memory = mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                        if (memory == MAP_FAILED) for (;;) pause();
                        memset(memory, 1, 32 << 20);
                        mprotect(memory, 32 << 20, PROT_READ);
                    }
                }
                """,
            extra: extra,
            body: """
                tool_text_v1 how, file;
                if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) how = tool_text("");
                if (tool_get_text(call, "/file", &file) != TOOL_RESULT_OK) file = tool_text("/nowhere/file");
                if (!strcmp(how.bytes, "ignore")) {
                    tool_print(call, "runs ");
                    ignore(file.bytes);
                } else if (!strcmp(how.bytes, "linger")) {
                    tool_print(call, "%d", getpid());
                    tool_finish(call, TOOL_OK);
                    ignore(file.bytes);
                    return 0;
                } else if (!strcmp(how.bytes, "wait")) {
                    tool_print(call, "runs ");
                    while (access(file.bytes, F_OK)) usleep(1000);
                } else if (how.length > 0) {
                    tell(call, "doomed");
                    if (!strcmp(how.bytes, "segv")) *(volatile int *)16 = 1;
                    if (!strcmp(how.bytes, "abort")) abort();
                    if (!strcmp(how.bytes, "exit")) exit(3);
                    if (!strcmp(how.bytes, "_exit")) _exit(0);
                    if (!strcmp(how.bytes, "kill")) kill(getpid(), SIGKILL);
                    if (!strcmp(how.bytes, "memory")) take();
                    if (!strcmp(how.bytes, "close")) { close(3); kill(getpid(), SIGSTOP); for (;;) pause(); }
                }
                tool_print(call, "%d", getpid());
                return tool_finish(call, TOOL_OK);
                """
        )
        return source.replacing("&fixture)", with: "&fixture, &brief, &serial, &brief_serial)")
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
            $0.log = { _, _, line in log(line) }
        }
    }

    private static func call(_ how: String, _ file: String = "/nowhere/file", tool: String = "act") -> ToolCall {
        ToolCall(name: tool, arguments: ["how": .string(how), "file": .string(file)])
    }

    private func plugin(_ fixture: HostFixture) throws -> WorkerPlugin {
        try #require(fixture.host.tools.first?.backend.plugin as? WorkerPlugin)
    }

    /// Waits until the state of the plugin meets a condition.
    private func wait(for fixture: HostFixture, until isMet: @Sendable (WorkerPlugin.State) -> Bool) async throws {
        let plugin = try plugin(fixture)
        let end = ContinuousClock.now + .seconds(60)
        while !plugin.state.withLock({ isMet($0) }) {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(5))
        }
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
        let host = fixture.host
        let (runs, signal) = AsyncStream.makeStream(of: Void.self)
        let call = Self.call(
            stop == .lingering ? "linger" : "ignore",
            fixture.directory.path + "/go",
            tool: stop == .cancellation ? "act" : "brief"
        )
        let task = Task {
            defer { signal.finish() }
            return await host.dispatch(Array(repeating: call, count: count)) { event in
                if case .output = event { signal.yield() }
            }
        }
        for await _ in runs.prefix(count) {}
        if stop == .cancellation { task.cancel() }
        let statuses = await task.value.map(\.status)
        switch stop {
        case .deadline: #expect(statuses.allSatisfy { $0 == .timedOut })
        case .cancellation: #expect(statuses.allSatisfy { $0 == .cancelled })
        case .lingering:
            #expect(statuses.allSatisfy { $0 == .ok })
            try await wait(for: fixture) { !$0.stopping.isEmpty }
        }
    }

    @Test("gets no call within the grace period of another: the call runs in a new worker", arguments: Stop.allCases)
    func isReplaced(stop: Stop) async throws {
        let fixture = try await fixture(Self.actor(), grace: .milliseconds(700))
        let first = try #require(await fixture.call("act"))
        try await stopCall(stop, fixture)
        let answers = await fixture.host.dispatch([Self.call(""), Self.call("")])
        #expect(answers.allSatisfy { $0.status == .ok && $0.text != first.text }, "\(answers.map(\.text))")
    }

    @Test(
        "is kept if the call stops within its grace period, and runs the calls that waited for that",
        arguments: Stop.allCases,
        [("act", 2), ("serial", 1)]
    )
    func isKept(stop: Stop, follower: (tool: String, waiting: Int)) async throws {
        let fixture = try await fixture(Self.actor(), grace: .seconds(60))
        let first = try #require(await fixture.call("act"))
        try await stopCall(stop, fixture)
        let host = fixture.host
        let call = Self.call("", tool: follower.tool)
        async let followers = host.dispatch([call, call])
        // Of the serial calls the second waits for the first.
        try await wait(for: fixture) { $0.waiting.count == follower.waiting }
        try fixture.directory.file("go", [])
        let answers = await followers
        #expect(answers.allSatisfy { $0.status == .ok && $0.text == first.text }, "\(answers.map(\.text))")
    }

    /// A reason why a running process takes no calls.
    enum Pause: CaseIterable {
        /// Two calls were asked to stop.
        case stops
        /// A call runs with grants that have changed since.
        case grant
    }

    @Test(
        "delays a call by no more than the call's own timeout",
        arguments: Pause.allCases,
        ["brief", "brief_serial"]
    )
    func boundsTheWait(pause: Pause, tool: String) async throws {
        let fixture = try await fixture(Self.actor(), grace: .seconds(20))
        let host = fixture.host
        let first = try #require(await fixture.call("act"))
        let call = Self.call("", tool: tool)
        switch pause {
        case .stops:
            try await stopCall(.cancellation, count: 2, fixture)
            let answers = await host.dispatch([call, call])
            #expect(answers.map(\.status) == [.timedOut, .timedOut], "\(answers.map(\.text))")
            try fixture.directory.file("go", [])
            #expect(await fixture.call("act")?.text == first.text)
        case .grant:
            let running = Self.call("wait", fixture.directory.path + "/go")
            let (runs, signal) = AsyncStream.makeStream(of: Void.self)
            async let last = host.dispatch([running]) { event in
                if case .output = event { signal.yield() }
            }
            for await _ in runs { break }
            var permissions = PluginPermissions()
            permissions.environment = ["TOOLHOST_TEST"]
            try plugin(fixture).grant(permissions)
            let answers = await host.dispatch([call, call])
            #expect(answers.map(\.status) == [.timedOut, .timedOut], "\(answers.map(\.text))")
            try fixture.directory.file("go", [])
            #expect(await last.first?.status == .ok)
            let next = try #require(await fixture.call("act"))
            #expect(next.status == .ok && next.text != first.text)
        }
        try await wait(for: fixture) { $0.waiting.isEmpty && $0.running.isEmpty }
    }

    /// A constructor that takes longer than the timeout of `brief`, and prints a line first.
    private static let slowStart = """
        __attribute__((constructor)) static void start(void) {
            if (write(1, "start\\n", 6) == 6) usleep(2300000);
        }
        """

    @Test("is followed by a new one, whose start does not count for the timeout of a call that waited")
    func startsSlowly() async throws {
        let fixture = try await fixture(Self.actor() + Self.slowStart, grace: .milliseconds(300))
        try await stopCall(.cancellation, fixture)
        let answer = try #require(await fixture.host.dispatch([Self.call("", tool: "brief")]).first)
        #expect(answer.status == .ok, "\(answer.text)")
    }

    @Test("is not replaced if grants change during its start and no call waits for it any more")
    func isNotReplaced() async throws {
        let starts = Mutex(0)
        let fixture = try await HostFixture.make(["act": Self.actor() + Self.slowStart]) {
            $0.isolation = Isolation.workers
            $0.output = { _, line in
                if line == "start" { starts.withLock { $0 += 1 } }
            }
        }
        let known = starts.withLock(\.self)
        let host = fixture.host
        let task = Task { await host.dispatch([Self.call("")]) }
        try await wait(for: fixture) { !$0.waiting.isEmpty }
        task.cancel()
        #expect(await task.value.map(\.status) == [.cancelled])
        var permissions = PluginPermissions()
        permissions.environment = ["TOOLHOST_TEST"]
        try plugin(fixture).grant(permissions)
        try await wait(for: fixture) { if case .none = $0.phase { true } else { false } }
        #expect(await fixture.call("act")?.status == .ok)
        #expect(starts.withLock(\.self) == known + 2)
    }

    @Test(
        "reports the call because of which it was killed, and other calls that change nothing run again",
        arguments: [false, true]
    )
    func namesTheCall(isReadOnly: Bool) async throws {
        let extra = isReadOnly ? #","toolhost":{"annotations":{"readOnly":true}}"# : ""
        let fixture = try await fixture(Self.actor(extra: extra), grace: .milliseconds(300))
        let host = fixture.host
        let (runs, signal) = AsyncStream.makeStream(of: Void.self)
        let file = fixture.directory.path + "/beside"
        async let beside = host.dispatch([Self.call("wait", file)]) { event in
            if case .output = event { signal.yield() }
        }
        for await _ in runs { break }
        try await stopCall(.cancellation, fixture)
        // It runs in a new worker, so that the first is dead by its end.
        #expect(await fixture.call("act")?.status == .ok)
        try fixture.directory.file("beside", [])
        let answer = try #require(await beside.first)
        #expect(answer.status == (isReadOnly ? .ok : .pluginFailed), "\(answer.text)")
        if !isReadOnly {
            #expect(
                answer.text.contains("A call of act is why: It did not stop within its grace period"),
                "\(answer.text)"
            )
        }
    }

    // MARK: - Death

    @Test(
        "loses no call that begins after its death, before the host has noticed it",
        arguments: ["segv", "abort", "exit", "_exit", "kill", "memory", "close"]
    )
    func isDead(how: String) async throws {
        let (isDoomed, doomed) = AsyncStream.makeStream(of: Void.self)
        let gate = DispatchSemaphore(value: 0)
        let fixture = try await fixture(Self.actor(), grace: .seconds(2)) { line in
            guard line == "doomed" else { return }
            // The thread that calls this would notice the end of the process.
            doomed.yield()
            gate.wait()
        }
        let process = try #require(await fixture.call("act")).text
        let host = fixture.host
        async let first = host.dispatch([Self.call(how)])
        for await _ in isDoomed { break }
        while Self.isAlive(process) { try await Task.sleep(for: .milliseconds(5)) }
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        async let second = host.dispatch([Self.call("")]) { event in
            if case .started = event { signal.yield() }
        }
        // The call begins at once if the host knows nothing, and with the next process if the host killed the first.
        let timer = Task {
            try await Task.sleep(for: .milliseconds(200))
            signal.yield()
        }
        for await _ in started { break }
        timer.cancel()
        gate.signal()
        #expect(try #require(await first.first).status == .pluginFailed)
        let answer = try #require(await second.first)
        #expect(answer.status == .ok && answer.text != process, "\(answer.text)")
    }

    @Test("fails the call that waits for it if it dies after each registration")
    func neverServes() async throws {
        let directory = try FixtureDirectory()
        try directory.plugin("act.so", "int nothing;")
        let source =
            FrameForgery.source + """
                int main(void) { forge_whole(101, 0); forge_whole(102, 0); forge_whole(103, 0); return 0; }
                """
        let program = try directory.program("mayfly", source)
        let fixture = try await HostFixture.make(directory) {
            $0.isolation = .workers(WorkerConfiguration(program: program))
        }
        #expect(await fixture.call("hostile")?.status == .pluginFailed)
    }

    /// True unless a process is dead or stopped.
    private static func isAlive(_ process: String) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let state = stat.split(separator: ")").last?.split(separator: " ").first
        else { return false }
        if ["X", "T"].contains(state) { return false }
        // The first thread of a process may be dead before the others.
        let threads = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
        return state != "Z" || (threads ?? []).count > 1
    }
}
