import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The gate", .timeLimit(.minutes(10)))
struct GateTests {
    private static let destructive = #","toolhost":{"annotations":{"destructive":true}}"#

    /// The contents of the answers of a dispatch.
    private func answers(_ command: Command) throws -> [String] {
        let result = try command.run()
        let answers = try JSON(parsing: result.output)
        return (answers.array ?? answers["messages"]?.array ?? []).map { $0["content"]?.string ?? "" }
    }

    @Test("denies what nobody can be asked about, with a reason that a model can read")
    func denies() throws {
        let fixture = try AccessFixture(permissions: #"{"write":["DATA"]}"#)
        defer { fixture.close() }
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        let write = #"{"how":"write","path":"\#(fixture.data)/new"}"#
        let denied = try answers(fixture.command("dispatch", input: AccessFixture.calls(write)))
        #expect(denied.count == 1)
        #expect(denied[0].contains("its plugin can change \(fixture.data)"), "\(denied)")
        #expect(denied[0].contains("there is nobody to ask"), "\(denied)")
        #expect(!FileManager.default.fileExists(atPath: fixture.data + "/new"))
        // What the user typed is an answer, and so is a grant for this run.
        let allow = ["dispatch", "--allow", "write=\(fixture.data)"]
        #expect(try answers(fixture.command(allow, input: AccessFixture.calls(write))) == ["ok"])
        #expect(try fixture.command("call", "touch", write).run().output == "ok\n")
    }

    @Test("lets pass what can do no harm, unless the tool itself says that it can")
    func harmless() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let read = AccessFixture.calls(#"{"how":"read","path":"/usr/share/zoneinfo"}"#)
        #expect(try answers(fixture.command("dispatch", input: read)) == ["ok"])
        try fixture.compile(permissions: "{}", extra: Self.destructive)
        let denied = try answers(fixture.command("dispatch", input: read))
        #expect(denied.first?.contains("says that it may destroy something") == true, "\(denied)")
        #expect(try answers(fixture.command("dispatch", "--in-process", input: read)) == denied)
    }

    // MARK: - A kernel that does not confine

    /// Runs the rest of its command line on a kernel that does not know some calls.
    private func without(_ parts: String, _ command: Command) -> Command {
        var command = command
        command.shell = #"exec "\#(BuiltProducts.executable("SandboxProbe"))" {} - \#(parts) become "$@""#
        return command
    }

    @Test(
        "asks for every call of an untrusted plugin where nothing confines it",
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
        // Who says so is not asked.
        #expect(try without(parts, fixture.command("call", "touch", call)).run().output == "ok\n")
        for option in [["--sandbox", "off"], ["--in-process"]] {
            let command = try fixture.command(["dispatch"] + option, input: AccessFixture.calls(call))
            #expect(try answers(without(parts, command)) == ["ok"], "\(option)")
        }
        let required = try without(parts, fixture.command("call", "touch", call, "--sandbox", "required")).run()
        #expect(required.status == 4 && required.errors.contains("cannot be confined as required"), "\(required)")
        let doctor = try without(parts, fixture.command("doctor")).run()
        #expect(doctor.output.contains("The kernel confines plugins in part"), "\(doctor.output)")
        // A trusted plugin is judged by what it was granted.
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        #expect(try dispatch() == ["ok"])
        try fixture.compile(permissions: #"{"write":["DATA"]}"#)
        #expect(try fixture.command("trust", fixture.plugin, "--yes").run().status == 0)
        #expect(try dispatch().first?.contains("its plugin can change \(fixture.data)") == true)
    }

    @Test("asks once for all calls of a batch, with everything visible", arguments: ["y", "n", "a"])
    func asks(answer: String) throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        let calls = AccessFixture.calls(
            #"{"how":"read","path":"/usr/share/zoneinfo"}"#,
            #"{"how":"read","path":"/usr/\u202egone\u200b"}"#
        )
        try fixture.folder.file("calls.json", calls.utf8)
        let command = try fixture.command("dispatch", fixture.folder.path + "/calls.json")
        let session = try PseudoTerminal.run(command, (after: "[n]o: ", type: answer + "\n"))
        #expect(session.text.components(separatedBy: "[n]o: ").count == 2, "\(session.text)")
        #expect(session.text.contains("<U+202E>gone<U+200B>"), "\(session.text)")
        #expect(session.text.contains("the user said no") == (answer == "n"), "\(session.text)")
        let again = try PseudoTerminal.run(command, (after: "[n]o: ", type: "n\n"))
        #expect(again.text.contains("[n]o: ") == (answer != "a"), "\(again.text)")
    }

    @Test(
        "takes an answer for what it says, and none from before the question",
        arguments: [
            ("", "yes", true), ("", " Y ", true), ("", "ALWAYS", true), ("y\ny\n", "n", false), ("a\n", "", false),
            ("", "yikes, no", false), ("", "abort that", false), ("", "", false), ("", "yes please", false),
        ]
    )
    func answer(ahead: String, answer: String, runs: Bool) throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try fixture.folder.file("calls.json", AccessFixture.calls(#"{"how":"read","path":"/usr/share/zoneinfo"}"#).utf8)
        let command = try fixture.command("dispatch", fixture.folder.path + "/calls.json")
        let session = try PseudoTerminal.run(command, ahead: ahead, (after: "[n]o: ", type: answer + "\n"))
        #expect(session.text.contains("\"ok\"") == runs, "\(session.text)")
        #expect(session.text.contains("the user said no") != runs, "\(session.text)")

        let trust = try fixture.command("trust", fixture.plugin)
        let trusting = try PseudoTerminal.run(trust, ahead: ahead, (after: "[n]o: ", type: answer + "\n"))
        let isYes = runs && answer != "ALWAYS"
        #expect(trusting.text.contains("is trusted as it is now") == isYes, "\(trusting.text)")
    }

    @Test("is left at once by Ctrl-C, and what is typed next is no answer to it")
    func interrupted() throws {
        let fixture = try AccessFixture(extra: Self.destructive)
        defer { fixture.close() }
        try fixture.folder.file("calls.json", AccessFixture.calls("{}", "{}").utf8)
        let dispatch = try fixture.command("dispatch", fixture.folder.path + "/calls.json")
        let once = try PseudoTerminal.run(dispatch, (after: "[n]o: ", type: "\u{3}"))
        #expect(once.status == 130, "\(once.text)")
        #expect(once.text.components(separatedBy: "The call was cancelled").count == 3, "\(once.text)")

        let chat = try PseudoTerminal.run(
            fixture.command("chat", "-m", "rehearsal"),
            ("> ", "use touch\n"),
            ("[n]o: ", "\u{3}"),
            ("cancelled", ""),
            ("> ", "yes, use touch\n"),
            ("[n]o: ", "n\n"),
            ("language model)", ""),
            ("> ", "\u{4}")
        )
        #expect(chat.status == 0, "\(chat.text)")
        #expect(chat.text.components(separatedBy: "[n]o: ").count == 3, "\(chat.text)")
    }

    @Test("grants what a plugin lacks at the first call that needs it", arguments: ["y", "a"])
    func grants(answer: String) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"],"network":[443]}"#)
        defer { fixture.close() }
        try fixture.folder.file(
            "calls.json",
            AccessFixture.calls(#"{"how":"read","path":"\#(fixture.data)/file"}"#).utf8
        )
        let command = try fixture.command("dispatch", fixture.folder.path + "/calls.json")
        let session = try PseudoTerminal.run(command, (after: "[n]o: ", type: answer + "\n"))
        #expect(session.text.contains("It asks to read \(fixture.data)"), "\(session.text)")
        #expect(session.text.contains("send what it reads to other computers"), "\(session.text)")
        #expect(session.text.contains("\"ok\""), "\(session.text)")
        // For good, or for that run alone.
        let listed = try fixture.command("list").run().output.contains("touch ")
        #expect(listed == (answer == "a"))
    }
}
