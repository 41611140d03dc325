import Foundation
import Synchronization
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Calls that begin while the worker may be killed, or is dead and the host has not noticed yet.
@Suite("A doomed worker", .timeLimit(.minutes(5)))
struct DoomedWorkerTests {
    /// `act` does what "how" says and prints its process's number.
    ///
    /// It logs "doomed" just before it brings its process down.
    private static func actor(flags: String = "TOOL_FLAG_CONCURRENT", extra: String = "") -> String {
        FixtureSource.tool(
            "act",
            flags: flags,
            before: """
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
    }

    private func fixture(
        _ source: String,
        timeout: Duration = .seconds(60),
        grace: Duration,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> HostFixture {
        try await HostFixture.make(["act": source]) {
            $0.isolation = Isolation.workers
            $0.limits.timeout = timeout
            $0.limits.grace = grace
            $0.log = { _, _, line in log(line) }
        }
    }

    private static func call(_ how: String, _ file: String = "/nowhere/file") -> ToolCall {
        ToolCall(name: "act", arguments: ["how": .string(how), "file": .string(file)])
    }

    // MARK: - The grace period

    /// A way in which a call comes to be asked to stop.
    enum Stop: String, CaseIterable {
        case deadline, cancellation
        /// The deadline of a call that has answered and has not returned.
        case lingering
    }

    /// Has the host ask a call to stop, which does so once there is a file "go".
    ///
    /// A call that lingers has answered on return and is asked at its deadline; the others have been asked.
    private func stopCall(_ stop: Stop, _ fixture: HostFixture) async throws {
        let host = fixture.host
        let (runs, signal) = AsyncStream.makeStream(of: Void.self)
        let call = Self.call(stop == .lingering ? "linger" : "ignore", fixture.folder.path + "/go")
        let task = Task {
            await host.dispatch([call]) { event in
                if case .output = event { signal.yield() }
            }
        }
        for await _ in runs { break }
        if stop == .cancellation { task.cancel() }
        let answer = try #require(await task.value.first)
        switch stop {
        case .deadline: #expect(answer.status == .timedOut)
        case .cancellation: #expect(answer.status == .cancelled)
        case .lingering: #expect(answer.status == .ok)
        }
    }

    @Test("gets no call within the grace period of another: the call runs in a new worker", arguments: Stop.allCases)
    func isReplaced(stop: Stop) async throws {
        let timeout = Duration.seconds(stop == .cancellation ? 60 : 1)
        let fixture = try await fixture(Self.actor(), timeout: timeout, grace: .milliseconds(700))
        let first = try #require(await fixture.call("act"))
        try await stopCall(stop, fixture)
        var answers: [ToolAnswer] = []
        repeat {
            answers = await fixture.host.dispatch([Self.call(""), Self.call("")])
            #expect(answers.map(\.status) == [.ok, .ok], "\(answers.map(\.text))")
            // It is asked to stop later than it answers.
        } while stop == .lingering && answers.contains { $0.text == first.text }
        #expect(answers.allSatisfy { $0.text != first.text })
    }

    @Test(
        "whose call stops within its grace period serves the calls that waited for that, and lives on",
        arguments: Stop.allCases,
        ["TOOL_FLAG_CONCURRENT", "0"]
    )
    func isKept(stop: Stop, flags: String) async throws {
        let timeout = Duration.seconds(stop == .cancellation ? 60 : 1)
        let fixture = try await fixture(Self.actor(flags: flags), timeout: timeout, grace: .seconds(60))
        let first = try #require(await fixture.call("act"))
        try await stopCall(stop, fixture)
        let (host, isStarted) = (fixture.host, Flag())
        async let waiting = host.dispatch([Self.call(""), Self.call("")]) { event in
            if case .started = event { isStarted.set() }
        }
        // One that lingers has not been asked to stop yet.
        #expect(stop == .lingering || !isStarted.value)
        try fixture.folder.file("go", [])
        let answers = await waiting
        #expect(answers.allSatisfy { $0.status == .ok && $0.text == first.text }, "\(answers.map(\.text))")
    }

    @Test(
        "that is killed names the call that is why, and harmless calls beside it run again",
        arguments: [false, true]
    )
    func namesTheCall(isReadOnly: Bool) async throws {
        let extra = isReadOnly ? #","toolhost":{"annotations":{"readOnly":true}}"# : ""
        let fixture = try await fixture(Self.actor(extra: extra), grace: .milliseconds(300))
        let host = fixture.host
        let (runs, signal) = AsyncStream.makeStream(of: Void.self)
        let file = fixture.folder.path + "/beside"
        async let beside = host.dispatch([Self.call("wait", file)]) { event in
            if case .output = event { signal.yield() }
        }
        for await _ in runs { break }
        try await stopCall(.cancellation, fixture)
        // It runs in a new worker, so that the first is dead by its end.
        #expect(await fixture.call("act")?.status == .ok)
        try fixture.folder.file("beside", [])
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
        "that is dead, with the host not aware of it yet, loses no call that begins then",
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

    @Test("that dies again and again as soon as it has registered fails the call that waits for it")
    func neverServes() async throws {
        let folder = try FixtureFolder()
        try folder.plugin("act.so", "int nothing;")
        let source =
            FrameForgery.source + """
                int main(void) { forge_whole(101, 0); forge_whole(102, 0); forge_whole(103, 0); return 0; }
                """
        let program = try folder.program("mayfly", source)
        let fixture = try await HostFixture.make(folder) {
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

/// A flag that another thread may set.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var value: Bool { state.withLock { $0 } }

    func set() { state.withLock { $0 = true } }
}
