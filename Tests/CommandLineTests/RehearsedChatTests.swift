import TestSupport
import Testing

/// The whole loop with the stand-in for a model.
@Suite("A chat with the rehearsal", .timeLimit(.minutes(10)))
struct RehearsedChatTests {
    private static let notice = "It is not a language model."

    @Test("a chat runs the calls of one message in parallel")
    func parallel() throws {
        let directory = try FixtureDirectory()
        try directory.plugin("meet.so", Fixture.meeting)
        let result = try Command("chat", "-m", "rehearsal", "Meet Alice and Bob", plugins: directory).run()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Alice was met") && result.output.contains("Bob was met"), "\(result.output)")
        #expect(result.errors.contains(Self.notice))
        #expect(result.errors.contains("2 calls at once"))
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("→ meet(name: ") } == 2)
        #expect(lines.count { $0.hasPrefix("✓ meet(name: ") && $0.hasSuffix(" was met") } == 2)
    }

    @Test("a chat answers from the results, and standard output has only the answer")
    func answer() throws {
        let prompt = "What is the temperature in New York and London?"
        let plugins = try Fixture.plugins
        let asked = try Command("chat", "-m", "rehearsal", prompt, plugins: plugins).run()
        #expect(
            asked.output == """
                get_temperature for New York: 22C. get_temperature for London: 15C. (rehearsal: not a language model)

                """
        )
        let piped = try Command("chat", "-m", "rehearsal", "--no-stream", plugins: plugins, input: prompt).run()
        #expect(piped.output == asked.output)
        var named = Command("chat", prompt, plugins: plugins)
        named.environment["TOOLHOST_MODEL"] = "rehearsal"
        #expect(try named.run().output == asked.output)
    }

    @Test("a chat offers only the tools of --tools")
    func globs() throws {
        let result = try Command(
            "chat",
            "-m",
            "rehearsal",
            "--tools",
            "get_cond*",
            "--tools",
            "typed",
            "temperature in London",
            plugins: Fixture.plugins
        ).run()
        #expect(!result.errors.contains("get_temperature"))
        #expect(!result.output.contains("15C"))
    }

    @Test("a chat shows thinking only if it was requested")
    func thinking() throws {
        let plugins = try Fixture.plugins
        let prompt = "temperature in London"
        let quiet = try Command("chat", "-m", "rehearsal", prompt, plugins: plugins).run()
        for level in [["--think"], ["--think", "high"], ["--think=low"], ["--think", "true"]] {
            var command = Command(plugins: plugins)
            command.arguments = ["chat", "-m", "rehearsal"] + level + [prompt] + command.arguments
            let result = try command.run()
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == quiet.output)
            #expect(result.errors.count > quiet.errors.count + 10, "\(result.errors)")
        }
    }

    @Test("chat --ask asks before each call, and sends the refusals to the model")
    func asking() throws {
        let command = try Command(
            "chat",
            "-m",
            "rehearsal",
            "--ask",
            "temperature in Tokyo and London",
            plugins: Fixture.plugins
        )
        let session = try PseudoTerminal.run(
            command,
            ("[y]es [n]o [e]xplain: ", "y\n"),
            ("[y]es [n]o [e]xplain: ", "n\n")
        )
        #expect(session.status == 0)
        #expect(session.text.contains("\"city\": \""))
        #expect(session.text.contains("The call was refused: the user said no"), "\(session.text)")
        #expect(session.text.contains("18C") != session.text.contains("15C"), "\(session.text)")

        let unattended = try command.run()
        #expect(unattended.status == 0)
        #expect(unattended.errors.contains("no user can be asked"))
        #expect(!unattended.output.contains("15C"))
    }

    @Test("a chat at a terminal goes on until the end of input")
    func interactive() throws {
        let session = try PseudoTerminal.run(
            Command("chat", "-m", "rehearsal", plugins: Fixture.plugins),
            ("> ", "temperature in London\n"),
            ("language model)", ""),
            ("> ", "temperature in Tokyo\n"),
            ("language model)", ""),
            ("> ", "\u{4}")
        )
        #expect(session.status == 0, "\(session.text)")
        #expect(session.text.contains("get_temperature for London: 15C."), "\(session.text)")
        #expect(session.text.contains("get_temperature for Tokyo: 18C."), "\(session.text)")
    }

    @Test("Ctrl-C in a chat cancels an answer, and exits at the second time at an empty prompt")
    func interrupts() throws {
        let directory = try FixtureDirectory()
        let source = FixtureSource.tool(
            "linger",
            body: """
                tool_progress(call, -1, "lingering");
                while (!tool_is_cancelled(call)) { }
                return tool_finish(call, TOOL_CANCELLED);
                """
        )
        try directory.plugin("linger.so", source)
        let command = Command("chat", "-m", "rehearsal", plugins: directory)
        let session = try PseudoTerminal.run(
            command,
            ("> ", "use linger\n"),
            ("lingering", "\u{3}"),
            ("cancelled", ""),
            ("> ", "hello\n"),
            ("language model)", ""),
            ("> ", "\u{3}"),
            ("Ctrl-C again", ""),
            ("> ", "\u{3}")
        )
        #expect(session.status == 130, "\(session.text)")
        #expect(session.text.contains("(rehearsal: not a language model)"), "\(session.text)")

        let once = try PseudoTerminal.run(
            Command("chat", "-m", "rehearsal", "use linger", plugins: directory),
            ("lingering", "\u{3}")
        )
        #expect(once.status == 130, "\(once.text)")
    }
}
