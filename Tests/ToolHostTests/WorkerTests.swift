import Foundation
import Synchronization
import TestSupport
import Testing
import ToolHost
import ToolJSON

@Suite("A worker", .timeLimit(.minutes(10)))
struct WorkerTests {
    /// `act` does what its argument says, and gives its process's number otherwise.
    private static func actor(_ tool: String = "act", extra: String = "", flags: String = "TOOL_FLAG_CONCURRENT")
        -> String
    {
        FixtureSource.tool(
            tool,
            flags: flags,
            before: """
                #include <fcntl.h>
                #include <signal.h>
                static volatile int *nowhere = (int *)16;
                static void *spin(void *argument) { for (;;) { } return argument; }
                static int32_t deep(const tool_call_v1 *call, int n) {
                    volatile char room[4096];
                    room[0] = (char)n;
                    return n < 0 ? 0 : deep(call, n + 1) + room[0];
                }
                """,
            extra: extra,
            body: """
                tool_text_v1 how;
                if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) how = tool_text("");
                if (!strcmp(how.bytes, "segv")) *nowhere = 1;
                if (!strcmp(how.bytes, "abort")) abort();
                if (!strcmp(how.bytes, "fpe")) raise(SIGFPE);
                if (!strcmp(how.bytes, "deep")) return deep(call, 0);
                if (!strcmp(how.bytes, "exit")) exit(3);
                if (!strcmp(how.bytes, "_exit")) _exit(0);
                if (!strcmp(how.bytes, "kill")) kill(getpid(), SIGKILL);
                if (!strcmp(how.bytes, "loop")) for (;;) { }
                if (!strcmp(how.bytes, "shout")) { fputs("so long", stderr); abort(); }
                if (!strcmp(how.bytes, "spin")) { pthread_t thread; pthread_create(&thread, NULL, spin, NULL); }
                if (!strcmp(how.bytes, "linger")) { tool_print(call, "%d", getpid()); tool_finish(call, TOOL_OK); for (;;) pause(); }
                if (!strcmp(how.bytes, "stop")) {
                    while (!tool_is_cancelled(call)) usleep(1000);
                    return tool_finish(call, TOOL_CANCELLED);
                }
                if (!strcmp(how.bytes, "read")) {
                    tool_text_v1 file;
                    tool_get_text(call, "/file", &file);
                    if (open(file.bytes, O_RDONLY) < 0) return tool_fail(call, TOOL_ERROR, "cannot be read");
                }
                if (!strcmp(how.bytes, "wait")) {
                    tool_text_v1 file;
                    tool_get_text(call, "/file", &file);
                    tool_progress(call, 0, "waits");
                    while (access(file.bytes, F_OK)) usleep(1000);
                }
                tool_print(call, "%d", getpid());
                return tool_finish(call, TOOL_OK);
                """
        )
    }

    private func fixture(
        _ sources: KeyValuePairs<String, String>,
        configure: (inout HostConfiguration) -> Void = { _ in }
    ) async throws -> HostFixture {
        try await Isolation.$current.withValue(Isolation.workers) {
            try await HostFixture.make(sources, configure: configure)
        }
    }

    private func call(_ host: ToolHost, _ how: String, tool: String = "act") async throws -> ToolResult {
        try #require(await host.dispatch([ToolCall(name: tool, arguments: ["how": .string(how)])]).first)
    }

    @Test("is a process of its own, the same for all calls, and another for each plugin")
    func isAProcess() async throws {
        let fixture = try await fixture(["one": Self.actor("one"), "two": Self.actor("two")])
        let names = ["one", "two", "one", "two"]
        let numbers = await fixture.host.dispatch(names.map { ToolCall(name: $0) }).map(\.text)
        #expect(Set(numbers).count == 2 && !numbers.contains(String(getpid())))
        #expect(numbers[0] == numbers[2] && numbers[1] == numbers[3])
    }

    @Test(
        "dies with an answer that says how, harms no other, and is back for the next call",
        arguments: [
            ("segv", "SIGSEGV, an invalid access to memory at 0x10"), ("abort", "SIGABRT"), ("fpe", "SIGFPE"),
            ("deep", "SIGSEGV"), ("exit", "exit code 3"), ("_exit", "exit code 0"), ("kill", "SIGKILL"),
            ("shout", "SIGABRT"),
        ]
    )
    func dies(how: String, words: String) async throws {
        let fixture = try await fixture(["act": Self.actor(), "healthy": FixtureSource.healthy])
        let before = try await call(fixture.host, "").text
        let answers = await fixture.host.dispatch([
            ToolCall(name: "echo", arguments: ["a": 1]), ToolCall(name: "act", arguments: ["how": .string(how)]),
            ToolCall(name: "repeat", arguments: ["text": "x", "times": 3]),
        ])
        #expect(answers.map(\.status) == [.ok, .pluginFailed, .ok])
        #expect(answers[1].text.contains(words) && answers[1].text.contains("act brought"), "\(answers[1].text)")
        #expect(answers[2].text == "xxx")
        let after = try await call(fixture.host, "")
        #expect(after.status == .ok && after.text != before)
        let problems = fixture.host.plugins.flatMap(\.problems).joined()
        #expect(problems.contains(words) && problems.contains("While act ran"), "\(problems)")
        if how == "shout" { #expect(problems.contains("so long")) }
    }

    @Test("is ended when it does not stop, and the next call gets another")
    func isEnded() async throws {
        let fixture = try await fixture(["act": Self.actor(), "healthy": FixtureSource.healthy]) {
            $0.limits.timeout = .seconds(2)
            $0.limits.grace = .milliseconds(50)
        }
        let first = try #require(pid_t(try await call(fixture.host, "").text))
        let answers = await fixture.host.dispatch([
            ToolCall(name: "act", arguments: ["how": "loop"]), ToolCall(name: "echo"),
        ])
        #expect(answers.map(\.status) == [.timedOut, .ok])
        try await waitUntil { kill(first, 0) != 0 }
        let second = try await call(fixture.host, "")
        #expect(second.status == .ok && second.text != String(first))
    }

    @Test("answers at the deadline, has its grace to stop, and is killed after that")
    func hasGrace() async throws {
        let fixture = try await fixture(["act": Self.actor()]) {
            $0.limits.timeout = .milliseconds(300)
            $0.limits.grace = .milliseconds(700)
        }
        let first = try await call(fixture.host, "").text
        // One that stops when it is told keeps its process.
        #expect(try await call(fixture.host, "stop").status == .timedOut)
        #expect(try await call(fixture.host, "").text == first)
        let start = ContinuousClock.now
        let answer = try await call(fixture.host, "loop")
        let answered = ContinuousClock.now
        #expect(answer.status == .timedOut && answered - start >= .milliseconds(300))
        let process = try #require(pid_t(first))
        try await waitUntil { kill(process, 0) != 0 }
        // Its grace began with the answer, give or take what it takes to see that.
        #expect(ContinuousClock.now - start >= .milliseconds(1000))
        #expect(try await call(fixture.host, "").status == .ok)
    }

    @Test("that has answered and does not return holds nobody up for longer than its deadline")
    func lingers() async throws {
        let fixture = try await fixture(["act": Self.actor(flags: "0")]) {
            $0.limits.timeout = .seconds(1)
            $0.limits.grace = .milliseconds(100)
        }
        let first = try await call(fixture.host, "linger")
        #expect(first.status == .ok)
        let second = try await call(fixture.host, "")
        #expect(second.status == .ok && second.text != first.text)
    }

    @Test("in whose place there is this process, and that does the same, is given up")
    func lingersHere() async throws {
        let fixture = try await HostFixture.make(["act": Self.actor(flags: "0")]) {
            $0.limits.timeout = .milliseconds(300)
            $0.limits.grace = .milliseconds(100)
        }
        #expect(try await call(fixture.host, "linger").status == .ok)
        let second = try await call(fixture.host, "")
        #expect(second.status == .pluginFailed && second.text.contains("stuck"), "\(second.text)")
    }

    @Test("is ended when it uses the processor while no call of it runs")
    func spins() async throws {
        let fixture = try await fixture(["act": Self.actor()])
        let first = try await call(fixture.host, "spin")
        #expect(first.status == .ok)
        let start = ContinuousClock.now
        let process = try #require(pid_t(first.text))
        try await waitUntil { kill(process, 0) != 0 }
        // Long before it would be let go for being idle, however busy the machine.
        #expect(ContinuousClock.now - start < .seconds(40))
        let second = try await call(fixture.host, "")
        #expect(second.status == .ok && second.text != first.text)
        #expect(fixture.host.plugins.flatMap(\.problems).contains { $0.contains("used the processor") })
    }

    @Test("is ended when it talks to its host without end while no call of it runs")
    func talks() async throws {
        let source = FixtureSource.tool(
            "act",
            before: FrameForgery.source + """
                #include <pthread.h>
                static void *talk(void *argument) { while (forge_send(111, 0, 999999, 0) == 0) { } return argument; }
                """,
            body: """
                pthread_t thread;
                pthread_create(&thread, NULL, talk, NULL);
                tool_print(call, "%d", getpid());
                return tool_finish(call, TOOL_OK);
                """
        )
        let fixture = try await fixture(["act": source])
        let first = try await call(fixture.host, "")
        #expect(first.status == .ok)
        let process = try #require(pid_t(first.text))
        try await waitUntil { kill(process, 0) != 0 }
        try await waitUntil { fixture.host.plugins.flatMap(\.problems).contains { $0.contains("talked to its host") } }
    }

    @Test("that has answered and goes on has a moment for it, however long its call might have taken")
    func lingersLong() async throws {
        let fixture = try await fixture(["act": Self.actor(flags: "0")]) {
            $0.limits.timeout = .seconds(3600)
            $0.limits.grace = .milliseconds(100)
        }
        let first = try await call(fixture.host, "linger")
        // Only one of its calls runs at a time.
        let second = try await call(fixture.host, "")
        #expect(second.status == .ok && second.text != first.text)
    }

    @Test("is not started again for a file that has changed since its tools were listed", arguments: [false, true])
    func hasChanged(isRewritten: Bool) async throws {
        let fixture = try await fixture(["act": Self.actor()])
        #expect(try await call(fixture.host, "segv").status == .pluginFailed)
        let file = fixture.directory.path + "/act.so"
        if isRewritten {
            // In place: the same file with other content.
            try fixture.directory.plugin("other.so", Self.actor(extra: #","parameters":{}"#))
            let other = try Data(contentsOf: URL(filePath: fixture.directory.path + "/other.so"))
            let handle = try FileHandle(forWritingTo: URL(filePath: file))
            try handle.write(contentsOf: other)
            try handle.close()
        } else {
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: file)
        }
        let answer = try await call(fixture.host, "")
        #expect(answer.status == .pluginFailed)
        let words = isRewritten ? "has changed since its tools were listed" : "cannot be used any more"
        // The path and its reason are for people; a model would read the name of a file as an instruction.
        #expect(answer.text.contains(words) && !answer.text.contains("/"), "\(answer.text)")
    }

    @Test("with a new grant serves no more calls, and makes room for one that has it when it is done")
    func isGrantedMore() async throws {
        let fixture = try await fixture(["act": Self.actor()])
        let secret = try fixture.directory.file("secret", Array("secret".utf8))
        let read = ToolCall(name: "act", arguments: ["how": "read", "file": .string(secret)])
        #expect(await fixture.host.dispatch([read]).first?.status == .toolError)
        let go = JSON.string(fixture.directory.path + "/go")
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let host = fixture.host
        async let busy = host.dispatch([ToolCall(name: "act", arguments: ["how": "wait", "file": go])]) { event in
            if case .progress = event { signal.yield() }
        }
        for await _ in started { break }
        var permissions = PluginPermissions()
        permissions.read = [secret]
        try #require(host.tool(named: "act")?.grants).grant(permissions, forGood: false)
        async let answers = host.dispatch([read])
        try fixture.directory.file("go", [])
        let (first, second) = (try #require(await busy.first), try #require(await answers.first))
        #expect(first.status == .ok && second.status == .ok, "\(second.text)")
        #expect(first.text != second.text)
    }

    @Test("that dies again and again is given longer and longer pauses")
    func backsOff() async throws {
        let fixture = try await fixture(["act": Self.actor()])
        let start = ContinuousClock.now
        for _ in 0..<6 { #expect(try await call(fixture.host, "segv").text.contains("SIGSEGV")) }
        // 50, 100, 200 and 400 ms, from the third on.
        #expect(ContinuousClock.now - start >= .milliseconds(750))
        #expect(try await call(fixture.host, "").status == .ok)
    }

    @Test("changes its own surroundings and nobody else's")
    func changesSurroundings() async throws {
        let tell = """
            char directory[100] = "";
            mode_t mask = umask(0);
            umask(mask);
            if (!getcwd(directory, sizeof directory)) directory[0] = 0;
            tool_print(call, "%s %o %s %s", directory, mask, setlocale(LC_ALL, NULL), getenv("ZOO") ? "set" : "unset");
            return tool_finish(call, TOOL_OK);
            """
        let change =
            #"if (chdir("/usr")) return TOOL_DONE; umask(0123); setlocale(LC_ALL, "C.UTF-8"); setenv("ZOO", "1", 1);"#
        let headers = "#include <locale.h>\n#include <sys/stat.h>"
        let fixture = try await fixture([
            "tell": FixtureSource.tool("tell", before: headers, body: tell),
            "change": FixtureSource.tool("change", before: headers, body: change + tell),
        ])
        func texts() async -> [String] {
            await fixture.host.dispatch(["tell", "change", "tell"].map { ToolCall(name: $0) }).map(\.text)
        }
        let own = FileManager.default.currentDirectoryPath
        let first = await texts()
        // The mask stays what it is, and is told as 0.
        #expect(first[0] == "/ 0 C unset" && first[0] == first[2])
        #expect(first[1].hasPrefix("/usr 0 ") && first[1].hasSuffix(" set"), "\(first[1])")
        #expect(await texts() == first)
        #expect(FileManager.default.currentDirectoryPath == own && getenv("ZOO") == nil)
    }

    @Test("that logs without end is cut short, and its host told so")
    func logsWithoutEnd() async throws {
        let source = FixtureSource.tool(
            "log",
            body: """
                for (int i = 0; i < 100000; i++) call->host->log(call->host, TOOL_LOG_INFO, tool_text("again"));
                return tool_reply(call, tool_text("reached"));
                """
        )
        let lines = Mutex<[String]>([])
        let fixture = try await fixture(["log": source]) {
            $0.log = { _, _, line in lines.withLock { $0.append(line) } }
        }
        let start = ContinuousClock.now
        #expect(await fixture.host.dispatch([ToolCall(name: "log")]).first?.status == .ok)
        let seconds = Int((ContinuousClock.now - start) / .seconds(1)) + 1
        #expect(lines.withLock { $0.filter { $0 == "again" }.count } <= 200 * (seconds + 1))
    }

    @Test(
        "shares its death with the calls beside it: those that do no harm are run once more",
        arguments: [true, false]
    )
    func sharesItsDeath(isReadOnly: Bool) async throws {
        let extra = isReadOnly ? #","toolhost":{"annotations":{"readOnly":true}}"# : ""
        let fixture = try await fixture(["act": Self.actor(extra: extra)])
        let file = fixture.directory.path + "/go"
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let host = fixture.host
        async let waiting = host.dispatch([
            ToolCall(name: "act", arguments: ["how": "wait", "file": .string(file)])
        ]) { event in
            if case .progress = event { signal.yield() }
        }
        for await _ in started { break }
        #expect(try await call(host, "segv").text.contains("SIGSEGV"))
        try fixture.directory.file("go", [])
        let answer = try #require(await waiting.first)
        #expect(answer.status == (isReadOnly ? .ok : .pluginFailed), "\(answer.text)")
        if !isReadOnly { #expect(answer.text.contains("died while it ran")) }
    }

    @Test("is let go when it is idle, and started again when it is needed")
    func isIdle() async throws {
        let fixture = try await fixture(["act": Self.actor()]) {
            guard case .workers(var workers) = Isolation.workers else { return }
            workers.idle = .milliseconds(50)
            $0.isolation = .workers(workers)
        }
        let first = try #require(pid_t(try await call(fixture.host, "").text))
        try await waitUntil { kill(first, 0) != 0 }
        let second = try await call(fixture.host, "")
        #expect(second.status == .ok && second.text != String(first))
        #expect(fixture.host.plugins.flatMap(\.problems) == [])
    }

    @Test("ends with its host")
    func endsWithItsHost() async throws {
        let number: String
        do {
            let fixture = try await fixture(["act": Self.actor()])
            number = try await call(fixture.host, "").text
        }
        try await waitUntil { kill(pid_t(number) ?? 0, 0) != 0 }
    }

    @Test("carries arguments and results of any size")
    func carriesMuch() async throws {
        // Instrumented and on a busy machine it takes a minute.
        let fixture = try await fixture(["healthy": FixtureSource.healthy]) { $0.limits.timeout = .seconds(300) }
        let text = String(repeating: "é\u{1F600}\"", count: 500_000)
        let answers = await fixture.host.dispatch(
            (0..<4).map { _ in ToolCall(name: "echo", arguments: ["t": .string(text)]) }
        )
        for answer in answers { #expect(try JSON(parsing: answer.text)["t"] == .string(text)) }
    }

    @Test("keeps a picture whole that comes in several pieces")
    func carriesPictures() async throws {
        let source = FixtureSource.tool(
            "draw",
            body: """
                char *bytes = calloc(1, 1000000);
                tool_write_data(call, "image/png", bytes, 1000000);
                tool_write_data(call, "image/png", bytes, 7);
                free(bytes);
                return tool_finish(call, TOOL_OK);
                """
        )
        let fixture = try await fixture(["draw": source])
        let answer = try #require(await fixture.host.dispatch([ToolCall(name: "draw")]).first)
        #expect(answer.images.map(\.count) == [1_000_000, 7])
    }

    @Test(
        "that is no worker is an error that says what to do",
        arguments: [
            ("/nowhere/toolhost-worker", "No such file"), ("/etc/passwd", "Permission denied"),
            ("/bin/echo", "--in-process"),
        ]
    )
    func isNoWorker(program: String, words: String) async throws {
        let fixture = try await fixture(["healthy": FixtureSource.healthy]) {
            $0.isolation = .workers(WorkerConfiguration(program: program))
        }
        let reason = try #require(fixture.breakage("healthy.so"))
        #expect(reason.contains(words) && reason.contains("--in-process"), "\(reason)")
        #expect(fixture.host.tools.isEmpty)
    }

    // MARK: - What is remembered

    /// A plugin that counts in a file how often it was loaded, and whose tool's name is in another.
    private static func counter(_ directory: String) -> String {
        """
        #include "tool_plugin.h"
        static int32_t run(void *context, const tool_call_v1 *call) {
            (void)context;
            return tool_reply(call, tool_text("ran"));
        }
        static char schema[200];
        static tool_v1 tool = {.struct_size = sizeof(tool_v1), .execute = run};
        static const tool_v1 *const tools[] = {&tool};
        static const tool_plugin_v1 plugin = {.struct_size = sizeof(tool_plugin_v1),
            .manifest = TOOL_TEXT("{\\"name\\":\\"counter\\"}"), .tools = tools, .tool_count = 1};
        const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) {
            (void)host;
            FILE *count = fopen("\(directory)/count", "a");
            if (count) { fputs("x", count); fclose(count); }
            char name[50] = "first";
            FILE *file = fopen("\(directory)/name", "r");
            if (file) { if (!fgets(name, sizeof name, file)) name[0] = 0; fclose(file); }
            snprintf(schema, sizeof schema, "{\\"name\\":\\"%s\\"}", name);
            tool.schema = tool_text(schema);
            return &plugin;
        }
        """
    }

    @Test("is not started for a listing when nothing has changed, and is when the file has")
    func isCached() async throws {
        let directory = try FixtureDirectory()
        let configure: (inout HostConfiguration) -> Void = {
            guard case .workers(var workers) = Isolation.workers else { return }
            // It counts in a file how often it is loaded.
            workers.sandbox = .off
            $0.isolation = .workers(workers)
            $0.cacheDirectory = directory.path + "/cache"
        }
        func loads() -> Int { (try? Data(contentsOf: URL(filePath: directory.path + "/count")).count) ?? 0 }
        try directory.plugin("counter.so", Self.counter(directory.path))
        for _ in 0..<3 {
            #expect(try await HostFixture.make(directory, configure: configure).host.tools.map(\.name) == ["first"])
        }
        #expect(loads() == 1)
        try directory.plugin("counter.so", Self.counter(directory.path) + "\n// changed\n")
        #expect(try await HostFixture.make(directory, configure: configure).host.tools.map(\.name) == ["first"])
        #expect(loads() == 2)
        try directory.file("cache/plugins.cache", Array("{\"version\":".utf8))
        #expect(try await HostFixture.make(directory, configure: configure).host.tools.map(\.name) == ["first"])
        #expect(loads() == 3)
        // What was listed is what runs, or nothing does.
        try directory.file("name", Array("second".utf8))
        let fixture = try await HostFixture.make(directory, configure: configure)
        let answer = try #require(await fixture.host.dispatch([ToolCall(name: "first")]).first)
        #expect(answer.status == .pluginFailed && answer.text.contains("differs"), "\(answer.text)")
    }

    @Test("goes into quarantine when it dies again and again, until it is released or its file changes")
    func isQuarantined() async throws {
        let directory = try FixtureDirectory()
        let state = directory.path + "/state"
        try directory.plugin("act.so", Self.actor())
        func load() async throws -> HostFixture {
            try await HostFixture.make(directory) {
                $0.isolation = Isolation.workers
                $0.stateDirectory = state
            }
        }
        let first = try await load()
        for _ in 0..<4 { #expect(try await call(first.host, "segv").text.contains("SIGSEGV")) }
        #expect(try await call(first.host, "shout").text.contains("SIGABRT"))
        let refusal = try await call(first.host, "").text
        // What it wrote is for people; this is for the model.
        #expect(refusal.contains("quarantine") && !refusal.contains("so long"), "\(refusal)")
        #expect(try #require(await load().breakage("act.so")).contains("died 5 times"))
        let held = try #require(try await load().breakage("act.so"))
        #expect(held.contains("The last of its output: so long"), "\(held)")
        #expect(Quarantine(directory: state).held.map(\.file) == [directory.path + "/act.so"])
        try Quarantine(directory: state).clear()
        #expect(try await call(try await load().host, "").status == .ok)
        for _ in 0..<5 { _ = try await call(first.host, "segv") }
        try directory.plugin("act.so", Self.actor(extra: #","parameters":{}"#))
        #expect(try await call(try await load().host, "").status == .ok)
    }

    /// Waits for what comes by itself, and within the time limit of the suite.
    private func waitUntil(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }
}
