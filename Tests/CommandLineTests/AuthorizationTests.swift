import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Authorization of calls", .timeLimit(.minutes(10)))
struct AuthorizationTests {
    private static let destructive = #","toolhost":{"annotations":{"destructive":true}}"#

    /// Returns the contents of the messages of a dispatch.
    private func answers(_ command: Command) throws -> [String] {
        let result = try command.run()
        let answers = try JSON(parsing: result.output)
        return (answers.array ?? answers["messages"]?.array ?? []).map { $0["content"]?.string ?? "" }
    }

    @Test("without a terminal a call that needs confirmation is denied with a reason for the model")
    func denies() throws {
        let fixture = try AccessFixture(permissions: #"{"write":["DATA"]}"#)
        defer { fixture.close() }
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        let write = #"{"how":"write","path":"\#(fixture.data)/new"}"#
        let denied = try answers(fixture.command("dispatch", input: AccessFixture.calls(write)))
        #expect(denied.count == 1)
        #expect(denied[0].contains("its plugin can change \(fixture.data)"), "\(denied)")
        #expect(denied[0].contains("no user can be asked"), "\(denied)")
        #expect(!FileManager.default.fileExists(atPath: fixture.data + "/new"))
        // A grant for this run and a call typed by the user need no confirmation.
        let allow = ["dispatch", "--allow", "write=\(fixture.data)"]
        #expect(try answers(fixture.command(allow, input: AccessFixture.calls(write))) == ["ok"])
        #expect(try fixture.command("call", "touch", write).run().output == "ok\n")
    }

    @Test("a call that can do no harm runs, unless the tool declares that it is destructive")
    func harmless() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let read = AccessFixture.calls(#"{"how":"read","path":"/usr/share/zoneinfo"}"#)
        #expect(try answers(fixture.command("dispatch", input: read)) == ["ok"])
        try fixture.compile(permissions: "{}", extra: Self.destructive)
        let denied = try answers(fixture.command("dispatch", input: read))
        #expect(denied.first?.contains("may destroy data") == true, "\(denied)")
        #expect(try answers(fixture.command("dispatch", "--in-process", input: read)) == denied)
    }

    // MARK: - A kernel that does not confine

    /// Returns the command for a kernel that lacks some system calls.
    private func without(_ parts: String, _ command: Command) -> Command {
        var command = command
        command.shell = #"exec "\#(BuiltProducts.executable("SandboxProbe"))" {} - \#(parts) become "$@""#
        return command
    }

    @Test(
        "a call of an untrusted plugin needs confirmation if the kernel cannot confine it",
        arguments: ["no-landlock", "no-filters", "no-landlock,no-filters"]
    )
    func unconfined(parts: String) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let call = #"{"how":"read","path":"/usr/share/zoneinfo"}"#
        func dispatch(_ options: String...) throws -> [String] {
            try answers(without(parts, fixture.command(["dispatch"] + options, input: AccessFixture.calls(call))))
        }
        let words = "its plugin is not trusted, and nothing confines it here"
        let untrusted = try dispatch()
        #expect(untrusted.first?.contains(words) == true, "\(untrusted)")
        #expect(try fixture.command("dispatch", input: AccessFixture.calls(call)).run().output.contains("ok"))
        // A call typed by the user, and a choice to run without protection, need no confirmation.
        #expect(try without(parts, fixture.command("call", "touch", call)).run().output == "ok\n")
        for option in [["--sandbox", "off"], ["--in-process"]] {
            let command = try fixture.command(["dispatch"] + option, input: AccessFixture.calls(call))
            #expect(try answers(without(parts, command)) == ["ok"], "\(option)")
        }
        let required = try without(parts, fixture.command("call", "touch", call, "--sandbox", "required")).run()
        #expect(required.status == 4 && required.errors.contains("cannot be confined as required"), "\(required)")
        let doctor = try without(parts, fixture.command("doctor")).run()
        #expect(doctor.output.contains("The kernel confines plugins in part"), "\(doctor.output)")
        // The permissions of a trusted plugin decide.
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        #expect(try dispatch() == ["ok"])
        try fixture.compile(permissions: #"{"write":["DATA"]}"#)
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        #expect(try dispatch().first?.contains("its plugin can change \(fixture.data)") == true)
    }

    @Test("one question covers all calls of a batch, with hidden characters made visible", arguments: ["y", "n", "a"])
    func asks(answer: String) throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        let calls = AccessFixture.calls(
            #"{"how":"read","path":"/usr/share/zoneinfo"}"#,
            #"{"how":"read","path":"/usr/\u202egone\u200b"}"#
        )
        try fixture.directory.file("calls.json", calls.utf8)
        let command = try fixture.command("dispatch", fixture.directory.path + "/calls.json")
        let session = try PseudoTerminal.run(command, (after: "[e]xplain: ", type: answer + "\n"))
        #expect(session.text.components(separatedBy: "[e]xplain: ").count == 2, "\(session.text)")
        #expect(session.text.contains("<U+202E>gone<U+200B>"), "\(session.text)")
        #expect(session.text.contains("the user said no") == (answer == "n"), "\(session.text)")
        let again = try PseudoTerminal.run(command, (after: "[e]xplain: ", type: "n\n"))
        #expect(again.text.contains("[e]xplain: ") == (answer != "a"), "\(again.text)")
    }

    @Test(
        "only a clear answer counts, and input from before the prompt is ignored",
        arguments: [
            ("", ["yes"], "y"), ("", [" Y "], "y"), ("", ["ALWAYS"], "a"), ("", ["A"], "a"), ("", ["no"], "n"),
            ("", ["N"], "n"), ("y\ny\n", ["n"], "n"), ("a\n", ["", "n"], "n"), ("", ["yikes, no", "y"], "y"),
            ("", ["abort that", "n"], "n"), ("", ["", "", " ", "y"], "y"), ("", ["yes please", "no no", "n"], "n"),
            ("", ["s", "y"], "y"), ("", ["show", "SHOW", "x", "n"], "n"), ("", ["ye", "ys", "y n", "\u{4}"], "n"),
            ("", ["\u{4}"], "n"),
        ] as [(String, [String], String)]
    )
    func answer(ahead: String, answers: [String], meaning: String) throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try fixture.directory.file(
            "calls.json",
            AccessFixture.calls(#"{"how":"read","path":"/usr/share/zoneinfo"}"#).utf8
        )
        let steps = answers.map { answer in
            PseudoTerminal.PatientStep(after: "[e]xplain: ", type: answer == "\u{4}" ? answer : answer + "\n")
        }
        let command = try fixture.command("dispatch", fixture.directory.path + "/calls.json")
        let session = try PseudoTerminal.run(command, ahead: ahead, columns: 4000, steps: steps)
        #expect(session.screens.count == answers.count, "\(session.text)")
        #expect(session.text.contains("\"ok\"") == (meaning != "n"), "\(session.text)")
        #expect(session.text.contains("the user said no") == (meaning == "n"), "\(session.text)")
        #expect(session.text.components(separatedBy: "[e]xplain: ").count == answers.count + 1, "\(session.text)")
        #expect(session.text.components(separatedBy: "Run touch?").count == answers.count + 1, "\(session.text)")

        // A question without "always" and "show" does not accept these words.
        let trust = try fixture.command("trust", fixture.plugin)
        let isUnknown = ["a", "always", "s", "show"].contains(answers.last?.lowercased() ?? "")
        let trusting = try PseudoTerminal.run(
            trust,
            ahead: ahead,
            columns: 4000,
            steps: steps + (isUnknown ? [.init(after: "[e]xplain: ", type: "n\n")] : [])
        )
        #expect(trusting.text.contains("is now trusted") == (meaning == "y"), "\(trusting.text)")
    }

    @Test("--ask asks about each call once, also if its plugin lacks permissions", arguments: ["y", "n"])
    func askOption(answer: String) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        let call = #"{"function":{"name":"touch","arguments":{"how":"read","path":"\#(fixture.data)/file"}}}"#
        let server = try ScriptedServer([
            .lines(#"{"message":{"role":"assistant","content":"","tool_calls":[\#(call),\#(call)]},"done":true}"#),
            .lines(#"{"message":{"role":"assistant","content":"END"},"done":true,"done_reason":"stop"}"#),
        ])
        var command = try fixture.command("chat", "-m", "qwen3", "--num-ctx", "4096", "--ask", "Hi")
        command.environment["OLLAMA_HOST"] = server.address
        let session = try withExtendedLifetime(server) {
            try PseudoTerminal.run(
                command,
                (after: "[y]es [n]o [e]xplain: ", type: "perhaps\n"),
                (after: "[y]es [n]o [e]xplain: ", type: answer + "\n"),
                (after: "[y]es [n]o [e]xplain: ", type: "y\n")
            )
        }
        #expect(session.text.components(separatedBy: "[e]xplain: ").count == 4, "\(session.text)")
        #expect(session.text.components(separatedBy: "✓ touch").count == (answer == "y" ? 3 : 2), "\(session.text)")
        #expect(session.text.contains("asks to read \(fixture.data)"), "\(session.text)")
    }

    @Test("--ask asks about calls that the policy allows, and denies them without a terminal")
    func askOverAllow() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        let policy = #"{"version":1,"rules":[{"tool":"*","decision":"allow"}]}"#
        try fixture.directory.file("home/.config/toolhost/policy.json", policy.utf8)
        let result = try fixture.command("chat", "-m", "rehearsal", "--ask", "use touch").run()
        #expect(result.errors.contains("each call must be confirmed, and no user can be asked"), "\(result.errors)")
    }

    @Test("Ctrl-C ends a question at once, and the next line is not its answer")
    func interrupted() throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try fixture.directory.file("calls.json", AccessFixture.calls("{}", "{}").utf8)
        let dispatch = try fixture.command("dispatch", fixture.directory.path + "/calls.json")
        let once = try PseudoTerminal.run(dispatch, (after: "[e]xplain: ", type: "\u{3}"))
        #expect(once.status == 130, "\(once.text)")
        #expect(once.text.components(separatedBy: "The call was cancelled").count == 3, "\(once.text)")

        let chat = try PseudoTerminal.run(
            fixture.command("chat", "-m", "rehearsal"),
            ("> ", "use touch\n"),
            ("[e]xplain: ", "\u{3}"),
            ("cancelled", ""),
            ("> ", "yes, use touch\n"),
            ("[e]xplain: ", "n\n"),
            ("language model)", ""),
            ("> ", "\u{4}")
        )
        #expect(chat.status == 0, "\(chat.text)")
        #expect(chat.text.components(separatedBy: "[e]xplain: ").count == 3, "\(chat.text)")
    }

    @Test(
        "a yes grants the missing permissions for the run, and always grants them permanently",
        arguments: ["y", "a"]
    )
    func grants(answer: String) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"],"network":[443]}"#)
        defer { fixture.close() }
        try fixture.directory.file(
            "calls.json",
            AccessFixture.calls(#"{"how":"read","path":"\#(fixture.data)/file"}"#).utf8
        )
        let command = try fixture.command("dispatch", fixture.directory.path + "/calls.json")
        let session = try PseudoTerminal.run(command, (after: "[e]xplain: ", type: answer + "\n"))
        #expect(session.text.contains("asks to read \(fixture.data)"), "\(session.text)")
        #expect(session.text.contains("send what it reads to other computers"), "\(session.text)")
        #expect(session.text.contains("\"ok\""), "\(session.text)")
        // A later command has the permissions only after always.
        let listed = try fixture.command("list").run().output.contains("touch ")
        #expect(listed == (answer == "a"))
    }
}
