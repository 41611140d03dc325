import Glibc
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// What the kernel does not count for a process, its host does.
@Suite("The watch over workers", .timeLimit(.minutes(5)))
struct WorkerWatchTests {
    private static func hog(constructor: String = "", body: String) -> String {
        FixtureSource.tool(
            "hog",
            before: """
                #include <sys/mman.h>
                static void *take(void *argument) {
                    for (int i = 0; i < 64; i++) {
                        char *memory = mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                        if (memory == MAP_FAILED) break;
                        memset(memory, 1, 32 << 20);
                        mprotect(memory, 32 << 20, PROT_READ);
                    }
                    for (;;) pause();
                    return argument;
                }
                __attribute__((constructor)) static void begin(void) { \(constructor) }
                """,
            body: body
        )
    }

    private static let words = "It used more than 1 GiB of memory."

    private func fixture(_ source: String, state: String? = nil) async throws -> HostFixture {
        try await HostFixture.make(["hog": source, "healthy": FixtureSource.healthy]) {
            $0.isolation = Isolation.workers
            $0.stateDirectory = state
        }
    }

    @Test("kills one for its memory, says so, and counts that as a crash")
    func killsForMemory() async throws {
        let directory = try FixtureDirectory()
        let fixture = try await fixture(Self.hog(body: "take(NULL); return 0;"), state: directory.path)
        for _ in 0..<5 {
            let answers = await fixture.host.dispatch([
                ToolCall(name: "echo", arguments: ["a": 1]), ToolCall(name: "hog"),
                ToolCall(name: "repeat", arguments: ["text": "x", "times": 3]),
            ])
            #expect(answers.map(\.status) == [.ok, .pluginFailed, .ok])
            let text = answers[1].text
            #expect(text.hasSuffix("hog brought its worker process down. " + Self.words), "\(text)")
        }
        let held = try #require(Quarantine(directory: directory.path).held.first)
        #expect(held.reason.contains(Self.words), "\(held.reason)")
    }

    @Test("kills one that takes memory while it is loaded")
    func killsWhileLoading() async throws {
        let fixture = try await fixture(Self.hog(constructor: "take(NULL);", body: "return 0;"))
        #expect(fixture.breakage("hog.so")?.contains("While it was loaded: " + Self.words) == true)
    }

    @Test("kills one that takes memory after its calls")
    func killsWhenIdle() async throws {
        let body = """
            pthread_t thread;
            pthread_create(&thread, NULL, take, NULL);
            return tool_finish(call, TOOL_OK);
            """
        let fixture = try await fixture(Self.hog(body: body))
        #expect(await fixture.call("hog")?.status == .ok)
        while !fixture.host.plugins.map({ $0.problems.joined() }).joined().contains(Self.words) {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
