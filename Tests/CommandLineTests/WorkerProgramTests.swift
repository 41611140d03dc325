import Foundation
import TestSupport
import Testing
import ToolJSON

/// The program of workers and the quarantine, as the command line uses them.
@Suite("Worker program and quarantine", .timeLimit(.minutes(10)))
struct WorkerProgramTests {
    private static let call = #"{"tool_calls":[{"function":{"name":"echo","arguments":{"a":1}}}]}"#

    @Test(
        "a worker program of another version is reported with a remedy",
        arguments: [(#"forge_text("99");"#, "99"), ("forge_payload(105);", "before its greeting")]
    )
    func isOfAnotherVersion(greeting: String, words: String) throws {
        let directory = try FixtureDirectory()
        try directory.directory("plugins")
        try directory.plugin("plugins/healthy.so", FixtureSource.healthy)
        try ChildProcess.copy([BuiltProducts.executable("toolhost")], to: directory.path)
        let kind = greeting.contains("105") ? 105 : 101
        let source =
            FrameForgery.source + """
                int main(void) {
                    char bytes[4096];
                    \(greeting)
                    forge_send(\(kind), 0, 0, (uint32_t)forged_size);
                    (void)forge_whole;
                    while (read(3, bytes, sizeof bytes) > 0) { }
                    return 0;
                }
                """
        _ = try directory.program("toolhost-worker", source)
        var command = Command("doctor", "--json", "--no-default-plugins", "--plugins", directory.path + "/plugins")
        command.program = directory.path + "/toolhost"
        let report = try command.run()
        #expect(report.status == 4, "\(report.errors)")
        let reason = try #require(try report.json[pointer: "/plugins/0/reason"]?.string)
        for word in [words, "not the worker program of this version"] { #expect(reason.contains(word), "\(reason)") }
        #expect(try report.json[pointer: "/plugins/0/remedies/0"]?.string?.contains("--in-process") == true)
        command.arguments[0] = "dispatch"
        command.input = Self.call
        #expect(try command.run().output.contains("unknown_tool"))
    }

    @Test("a worker program that disappears is reported by call and doctor with a remedy")
    func disappears() throws {
        let directory = try FixtureDirectory()
        try directory.directory("plugins")
        try directory.directory("home")
        try directory.plugin("plugins/healthy.so", FixtureSource.healthy)
        try ChildProcess.copy(["toolhost", "toolhost-worker"].map { BuiltProducts.executable($0) }, to: directory.path)
        var command = Command("doctor", "--json", "--no-default-plugins", "--plugins", directory.path + "/plugins")
        command.program = directory.path + "/toolhost"
        command.environment["HOME"] = directory.path + "/home"
        let before = try command.run()
        #expect(try before.status == 0 && before.json["worker_problem"] == .null, "\(before)")
        try FileManager.default.removeItem(atPath: directory.path + "/toolhost-worker")
        // The tools are listed from the cache.
        let after = try command.run()
        #expect(after.status == 4)
        #expect(try after.json["worker_problem"]?.string?.contains("--in-process") == true, "\(after)")
        command.arguments = ["call", "echo"] + command.arguments.dropFirst(2)
        let call = try command.run()
        #expect(call.status == 4 && call.errors.contains("--in-process"), "\(call)")
        command.arguments.append("--json")
        #expect(try command.run().json["remedy"]?.string?.contains("--in-process") == true)
    }

    // MARK: - Quarantine

    /// A plugin whose process dies, and a home directory with the quarantine.
    private struct Deaths {
        let directory: FixtureDirectory

        init(_ source: String) throws {
            directory = try FixtureDirectory()
            try directory.directory("plugins")
            try directory.directory("home")
            try directory.plugin("plugins/deadly.so", source)
            try allowRegistration(seconds: 20)
        }

        func allowRegistration(seconds: Double) throws {
            try directory.file("config.json", #"{"limits":{"registration":\#(seconds)}}"#.utf8)
        }

        var quarantine: String { directory.path + "/home/.local/state/toolhost/quarantine.json" }

        func run(_ words: String...) throws -> Command.Result {
            var command = Command("")
            command.arguments = words + ["--no-default-plugins", "--plugins", directory.path + "/plugins"]
            command.arguments += ["--config", directory.path + "/config.json"]
            command.environment["HOME"] = directory.path + "/home"
            return try command.run()
        }

        func write(_ text: String) throws {
            try directory.directory("home/.local/state/toolhost")
            try directory.file("home/.local/state/toolhost/quarantine.json", Array(text.utf8), mode: 0o600)
        }
    }

    private static let deadly = FixtureSource.tool("die", body: "abort(); return TOOL_DONE;")

    @Test("a plugin that hangs while it registers goes into quarantine like one that crashes")
    func hangsAgainAndAgain() throws {
        // The first limit is long enough: a plugin that never registered would not be started again.
        let slow = "#include <unistd.h>\n__attribute__((constructor)) static void wait_first(void) { sleep(1); }"
        let deaths = try Deaths(
            FixtureSource.tool("late", before: slow, body: #"return tool_reply(call, tool_text("here"));"#)
        )
        #expect(try deaths.run("list").output.contains("late"))
        try deaths.allowRegistration(seconds: 0.2)
        for _ in 0..<5 {
            let call = try deaths.run("call", "late", "{}")
            #expect(call.status == 4 && call.errors.contains("did not load and register within"), "\(call.errors)")
        }
        let doctor = try deaths.run("doctor")
        #expect(doctor.status == 4 && doctor.output.contains("died 5 times"), "\(doctor.output)")
        try deaths.allowRegistration(seconds: 20)
        #expect(try deaths.run("doctor", "--release").status == 0)
        #expect(try deaths.run("call", "late", "{}").output == "here\n")
    }

    @Test("a plugin that has died five times is in quarantine for every command")
    func diesAgainAndAgain() throws {
        let deaths = try Deaths(Self.deadly)
        for _ in 0..<5 { #expect(try deaths.run("call", "die", "{}").status == 4) }
        let held = try deaths.run("call", "die", "{}")
        #expect(held.status == 4 && held.errors.contains("doctor --release"), "\(held.errors)")
        #expect(try deaths.run("doctor").output.contains("While die ran: It crashed with SIGABRT"))
        #expect(try deaths.run("doctor", "--release").status == 0)
    }

    @Test("a damaged quarantine file is replaced")
    func quarantineIsCorrupt() throws {
        let deaths = try Deaths(Self.deadly)
        for text in ["", "{", "[1]", #"{"version":1,"plugins":7}"#, "\0\0"] {
            try deaths.write(text)
            #expect(try deaths.run("doctor").status == 0, "\(text)")
            #expect(try deaths.run("call", "die", "{}").status == 4)
            let json = try JSON(parsing: String(contentsOfFile: deaths.quarantine, encoding: .utf8))
            #expect(json["plugins"]?.object?.count == 1, "\(json.text())")
        }
    }

    @Test("a death is recorded in a quarantine file of the maximum size")
    func quarantineIsFull() throws {
        let deaths = try Deaths(
            FixtureSource.tool(
                "die",
                body: #"for (int i = 0; i < 9999; i++) { char c = 1; write(2, &c, 1); } abort(); return TOOL_DONE;"#
            )
        )
        let limit = 8 << 20
        let entries = (0..<400).map { #""\#($0)":{"file":"/x","reason":"","output":"OUTPUT","deaths":[1]}"# }
        var text = #"{"version":1,"plugins":{\#(entries.joined(separator: ","))}}"#
        let (each, rest) = ((limit - text.utf8.count) / entries.count, (limit - text.utf8.count) % entries.count)
        text = text.replacingOccurrences(of: "OUTPUT", with: "OUTPUT" + String(repeating: "x", count: each))
        try deaths.write(text + String(repeating: " ", count: rest))
        for _ in 0..<5 { #expect(try deaths.run("call", "die", "{}").status == 4) }
        let bytes = try Data(contentsOf: URL(filePath: deaths.quarantine))
        let remembered = try JSON(parsing: bytes, limits: JSONLimits(bytes: limit))
        let own = try #require(remembered["plugins"]?.object?.map(\.value).last)
        #expect(own["deaths"]?.array?.count == 5 && (own["output"]?.string?.utf8.count ?? 9999) <= 1024)
        #expect(own["output"]?.string?.unicodeScalars.allSatisfy { $0.value >= 32 } == true)
        #expect(try deaths.run("doctor").output.contains("died 5 times"))
    }

    @Test("doctor --release replaces a quarantine file that cannot be used", arguments: [0o600, 0o666])
    func quarantineIsTooLarge(mode: Int) throws {
        let deaths = try Deaths(Self.deadly)
        try deaths.write(String(repeating: " ", count: mode == 0o600 ? 9 << 20 : 1))
        chmod(deaths.quarantine, mode_t(mode))
        #expect(try deaths.run("doctor", "--release").status == 0)
        #expect(try String(contentsOfFile: deaths.quarantine, encoding: .utf8) == #"{"version":1,"plugins":{}}"#)
    }

    @Test("the quarantine file of a newer toolhost is kept, and doctor --release reports it")
    func quarantineIsNewer() throws {
        let deaths = try Deaths(Self.deadly)
        let newer = #"{"version":2,"plugins":{"of another kind":true}}"#
        try deaths.write(newer)
        #expect(try deaths.run("call", "die", "{}").status == 4)
        let release = try deaths.run("doctor", "--release")
        #expect(release.status == 74 && release.errors.contains("newer version of toolhost"), "\(release.errors)")
        #expect(try String(contentsOfFile: deaths.quarantine, encoding: .utf8) == newer)
    }

    @Test("a plugin runs if the quarantine file cannot be written")
    func quarantineIsNotWritable() throws {
        let deaths = try Deaths(Self.deadly)
        // A directory replaces the file, because root can write to a read-only file.
        try deaths.directory.directory("home/.local/state/toolhost/quarantine.json")
        for _ in 0..<6 { #expect(try deaths.run("call", "die", "{}").status == 4) }
        #expect(try deaths.run("doctor").status == 0)
        #expect(try deaths.run("doctor", "--release").status == 74)
    }
}
