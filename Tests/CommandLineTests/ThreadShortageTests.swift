import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Shortage of threads", .timeLimit(.minutes(5)))
struct ThreadShortageTests {
    @Test(
        "every call has a result while a plugin uses all threads of the user",
        .enabled(if: geteuid() == 0, "limits another user")
    )
    func resultsOfAllCalls() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let bomb = HostilePlugin(name: "", body: HostilePlugin.bareThreads("1"), timeout: 2, outcome: .oneOf([]))
        try fixture.directory.plugin("plugins/bomb.so", try bomb.source, flags: ["-w", "-O1"])
        try fixture.directory.plugin("plugins/healthy.so", FixtureSource.healthy)
        try fixture.directory.file("config.json", #"{"limits":{"grace":0.3}}"#.utf8)
        let calls = #"""
            {"tool_calls":[{"function":{"name":"repeat","arguments":{"text":"ab","times":3}}},
            {"function":{"name":"hostile","arguments":{}}},
            {"function":{"name":"touch","arguments":{"how":"none","path":"","port":1}}}]}
            """#
        let words = ["dispatch", "--json", "--config", fixture.directory.path + "/config.json"]
        var command = try fixture.command(words, asNobody: true, input: calls)
        command.shell =
            #"exec prlimit --nproc=400 setpriv --reuid=65534 --regid=65534 --clear-groups "$@""#
        let start = ContinuousClock.now
        let run = try command.run()
        #expect(ContinuousClock.now - start < .seconds(30))
        let results = try run.json["calls"]?.array ?? []
        try #require(results.count == 3, "\(run.output)\(run.errors)")
        // Which of the two gets its threads first is chance: this call succeeds, or its error names the cause.
        let text = results[0]["text"]?.string ?? ""
        #expect(text == "ababab" || text.contains("no thread left"), "\(results[0].text())")
        #expect(results[1]["status"] == "timed_out", "\(results[1].text())")
        // The call has a result, possibly that its worker could not be started.
        #expect(results[2]["status"]?.string?.isEmpty == false)
    }
}

@Suite("Large stack limit", .timeLimit(.minutes(5)))
struct StackLimitTests {
    @Test("a plugin can start as many threads under a large stack limit")
    func threads() throws {
        let directory = try FixtureDirectory()
        let source = FixtureSource.tool(
            "threads",
            before: """
                #include <pthread.h>
                #include <unistd.h>
                static void *wait_on(void *context) { for (;;) pause(); }
                """,
            body: """
                pthread_t thread;
                int count = 0;
                while (count < 100 && pthread_create(&thread, NULL, wait_on, NULL) == 0) count++;
                tool_print(call, "%d", count);
                return tool_finish(call, TOOL_OK);
                """
        )
        try directory.plugin("threads.so", source, flags: ["-w"])
        var command = Command("call", "threads", plugins: directory)
        command.shell = #"ulimit -Ss 65536; exec "$@""#
        let run = try command.run()
        #expect(run.output == "100\n", "\(run.errors)")
    }
}
