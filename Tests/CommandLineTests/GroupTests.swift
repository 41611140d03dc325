import Foundation
import TestSupport
import Testing
import ToolJSON

/// The limits of a worker together with the programs that it starts.
@Suite("The processes of a plugin", .timeLimit(.minutes(10)))
struct GroupTests {
    /// The C source that exceeds a limit in the way `how`, or starts a program that does.
    private static var hog: String {
        get throws { try FixtureSource.file("resource_hog.c") }
    }

    private let fixture: AccessFixture
    private let program: String

    init() throws {
        fixture = try AccessFixture()
        let text = #","parameters":{"type":"object","properties":{"how":{"type":"string"}}},"toolhost":{"timeout":20}"#
        program = try fixture.directory.program(
            "program",
            try Self.hog + "\nint main(int count, char **words) { return count > 1 ? do_as_program(words[1]) : 0; }\n"
        )
        let source = FixtureSource.tool(
            "hog",
            before: try Self.hog,
            extra: text,
            body: """
                tool_text_v1 how;
                if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) how = tool_text("");
                int outcome = do_as_plugin(how.bytes, \(FixtureSource.literal(program)), \
                    \(FixtureSource.literal(fixture.data + "/file")));
                tool_print(call, "%s", outcome ? strerror(errno) : "done");
                return tool_finish(call, TOOL_OK);
                """
        )
        try fixture.directory.plugin("plugins/hog.so", source, flags: ["-w", "-D_GNU_SOURCE"])
        try fixture.directory.file("config.json", #"{"limits":{"processes":12}}"#.utf8)
    }

    /// Calls `hog`, and returns the result and the duration.
    private func result(_ how: String, _ more: [String], asNobody: Bool) throws -> (JSON, Duration) {
        let words = ["call", "hog", #"{"how":"\#(how)"}"#, "--json"] + more
        var command = try fixture.command(words, asNobody: asNobody)
        command.arguments += ["--allow", "hog:spawn=\(program)"].filter { _ in how != "stack" && how != "read-only" }
        if how == "locks" { command.arguments += ["--allow", "hog:write=\(fixture.data)"] }
        let start = ContinuousClock.now
        let run = try command.run()
        return (try #require(try? run.json, "\(run.output)\(run.errors)"), ContinuousClock.now - start)
    }

    private static let users = geteuid() == 0 ? [false, true] : [false]

    @Test(
        "the processes of a plugin are killed when they exceed a limit",
        arguments: [
            ("read-only", "more than 1 GiB of memory"), ("unreadable", "more than 1 GiB of memory"),
            ("headless", "more than 1 GiB of memory"), ("stuffed", "brought its worker process down"),
            ("eat", "more than 1 GiB of memory"), ("forks", "more than 64 processes"),
            ("bomb", "more than 64 processes"), ("open", "more than 1024 open files"),
            ("locks", "more than 1000 locks on files"),
        ],
        users
    )
    func areKilled(how: (String, String), asNobody: Bool) throws {
        let (result, time) = try result(how.0, [], asNobody: asNobody)
        #expect(result["status"] == "plugin_failed", "\(result.text())")
        #expect(result["text"]?.string?.contains(how.1) == true, "\(result.text())")
        #expect(time < .seconds(15))
        // The kernel removes killed processes only after a moment, and reports it to no other process.
        while !Processes.all().filter({ $0.words.first == program }).isEmpty { usleep(1000) }
    }

    @Test("the configuration sets the maximum number of processes of a plugin")
    func areCounted() throws {
        let few = try result("wait", ["--config", fixture.directory.path + "/config.json"], asNobody: false).0
        #expect(few["text"]?.string?.contains("more than 12 processes") == true, "\(few.text())")
        // Without that limit they can run, and the call ends at its deadline.
        #expect(try result("wait", [], asNobody: false).0["status"] == "timed_out")
    }

    @Test("a plugin starts programs while another one has many descriptors in flight", arguments: users)
    func startDespiteDescriptors(asNobody: Bool) throws {
        let marker = fixture.data + "/file"
        try fixture.directory.plugin(
            "plugins/flight.so",
            FixtureSource.tool(
                "flight",
                before: try FixtureSource.file(
                    "descriptor_flood.c",
                    defining: ["MARKER": FixtureSource.literal(marker)]
                ),
                extra: #","toolhost":{"timeout":20}"#,
                body: "return flood(call);"
            ),
            flags: ["-w", "-D_GNU_SOURCE"]
        )
        var flying = try fixture.command(["call", "flight"], asNobody: asNobody)
        flying.arguments += ["--allow", "flight:write=\(fixture.data)"]
        let running = try flying.start(in: fixture.directory) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        func isFlying() throws -> Bool { try String(contentsOfFile: marker, encoding: .utf8) == "flying" }
        // The sandboxed tool can report its state only by a file. The command exits at the deadline, and ends the loop.
        while try !isFlying(), kill(running.process, 0) == 0 { usleep(1000) }
        try #require(try isFlying())
        let result = try result("starts", ["--sandbox", "required"], asNobody: asNobody).0
        #expect(result["text"] == "done", "\(result.text())")
        running.send(SIGKILL)
        _ = running.wait()
    }

    @Test("memory that the processes of a plugin share counts once", arguments: ["shares", "starts"], users)
    func share(how: String, asNobody: Bool) throws {
        let result = try result(how, [], asNobody: asNobody).0
        #expect(result["text"] == "done", "\(result.text())")
    }

    @Test("a plugin cannot remap its stack to hide memory from the limit", arguments: users)
    func cannotMoveTheirStack(asNobody: Bool) throws {
        #expect(try result("stack", [], asNobody: asNobody).0["text"] == "Operation not permitted")
    }
}
