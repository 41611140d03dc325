import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Loading plugins", .timeLimit(.minutes(10)))
struct ScanTests {
    /// A plugin that waits forever in its constructor, without processor time.
    private static let endless = """
        #include "tool_plugin.h"
        #include <unistd.h>
        __attribute__((constructor)) static void wait(void) { for (;;) pause(); }
        const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) { (void)host; return 0; }
        """
    private static let crashing = """
        #include "tool_plugin.h"
        const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) { (void)host; abort(); }
        """
    private static let refusing = """
        #include "tool_plugin.h"
        const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) {
            host->log(host, TOOL_LOG_ERROR, tool_text("not here"));
            return 0;
        }
        """

    private static let notTried = "so it was not tried again"

    /// Returns a command for the plugins of a directory, with a home directory that lasts.
    private func command(_ verb: String, _ directory: FixtureDirectory, limits: String) throws -> Command {
        try directory.directory("home")
        let file = try directory.file("config.json", #"{"limits":{\#(limits)}}"#.utf8)
        var command = Command(verb, "--config", file, plugins: directory)
        command.environment["HOME"] = directory.path + "/home"
        return command
    }

    @Test("loading plugins ends at the time limit for all of them together, and leaves no worker")
    func overallDeadline() throws {
        let directory = try FixtureDirectory()
        try directory.plugin("a.so", FixtureSource.healthy)
        #expect(try command("list", directory, limits: "").run().output.contains("echo"))
        try directory.plugin("b.so", Self.endless)
        // There are more than are loaded at once, so the last ones do not start.
        for number in 0..<19 {
            try ChildProcess.copy([directory.path + "/b.so"], to: "\(directory.path)/c\(number).so")
        }
        let run = try command("doctor", directory, limits: #""registration":50,"scan":1"#).runMarked()
        #expect(run.result.status == 4)
        #expect(run.result.output.contains("ok  healthy"), "\(run.result.output)")
        let words = "Has not registered in time: all plugins together have 1 second for that"
        #expect(run.result.output.components(separatedBy: words).count == 21, "\(run.result.output)")
        #expect(WorkerProcesses.of(run.process).isEmpty)
        // Their failure is not recorded, because it may not be theirs.
        #expect(!run.result.output.contains(Self.notTried))
        #expect(try !command("doctor", directory, limits: #""scan":0.1"#).run().output.contains(Self.notTried))
    }

    @Test(
        "a plugin that failed to load is skipped until its file or its time limit changes, or the user releases it",
        arguments: [
            (endless, 1.0, "did not load and register within 1 second"), (crashing, 20.0, "It crashed with SIGABRT"),
            (refusing, 20.0, "Refuses to register. It says: not here"),
        ]
    )
    func failure(source: String, limit: Double, words: String) throws {
        let directory = try FixtureDirectory()
        try directory.plugin("bad.so", source)
        func doctor(_ options: String..., more: Double = 0) throws -> String {
            var command = try command("doctor", directory, limits: #""registration":\#(limit + more)"#)
            command.arguments += options
            let result = try command.run()
            #expect(result.status == 4)
            return result.output
        }
        func expect(_ output: String, isTried: Bool, _ moment: String) {
            #expect(output.contains(words) && output.contains(Self.notTried) != isTried, "\(moment): \(output)")
        }
        expect(try doctor(), isTried: true, "first")
        expect(try doctor(), isTried: false, "second")
        #expect(
            try command("list", directory, limits: #""registration":\#(limit)"#).run().errors.contains(
                "doctor --release"
            )
        )
        expect(try doctor("--release"), isTried: true, "released")
        expect(try doctor(), isTried: false, "after that")
        #expect(try !doctor(more: 0.1).contains(Self.notTried))
        try directory.plugin("bad.so", source)
        expect(try doctor(), isTried: true, "changed")
        try directory.plugin("bad.so", FixtureSource.healthy)
        #expect(try command("list", directory, limits: "").run().output.contains("echo"))
    }

    @Test("a missing worker program is not recorded as a failure of the plugins")
    func missingWorker() throws {
        let directory = try FixtureDirectory()
        try directory.plugin("good.so", FixtureSource.healthy)
        try ChildProcess.copy([BuiltProducts.executable("toolhost")], to: directory.path)
        try directory.file("toolhost-worker", "#!/bin/sh\nexit 1\n".utf8, mode: 0o755)
        var broken = try command("list", directory, limits: "")
        broken.program = directory.path + "/toolhost"
        #expect(try broken.run().errors.contains("is not the worker program of this version"))
        #expect(try command("list", directory, limits: "").run().output.contains("echo"))
    }
}
