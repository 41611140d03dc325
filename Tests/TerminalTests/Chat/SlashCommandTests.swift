import Terminal
import Testing

@Suite("Commands of a chat")
struct SlashCommandTests {
    @Test(
        "a line is a command or a prompt",
        arguments: [
            ("/help", .help), ("/?", .help), ("/tools ", .tools), ("/tool add off", .tool("add", isOn: false)),
            ("/tool  add   on", .tool("add", isOn: true)), ("/model", .model(nil)),
            ("/model qwen3:8b", .model("qwen3:8b")),
            ("/system Be brief.\nAlways.", .system("Be brief.\nAlways.")), ("/think", .think(nil)),
            ("/think hide", .think("hide")), ("/option", .option(nil)), ("/option seed=1", .option("seed=1")),
            ("/new", .new), ("/clear", .new), ("/edit", .edit("")), ("/edit a b ", .edit("a b")),
            ("/stats", .stats(isOn: nil)), ("/stats on", .stats(isOn: true)), ("/stats off", .stats(isOn: false)),
            ("/context", .context),
            ("quit", .exit), ("/quit", .exit), ("quit it", nil), ("/save my sums", .save("my sums")),
            ("/load 3", .load("3")),
            ("/history", .history(nil)), ("/history two words", .history("two words")), ("/undo", .undo),
            ("/retry", .retry), ("/image a b.png", .image("a b.png")), ("/image 'a b.png'", .image("a b.png")),
            ("/image \"", .image("\"")), ("/show", .show(nil)), ("/show 12", .show(12)), ("/exit", .exit),
            ("/bye", .exit), ("/EXIT", .exit), ("exit", .exit), ("exit ", .exit), ("exit now", nil), ("Exit", nil),
            ("", nil), (" /exit", nil), ("/", nil), ("/ exit", nil), ("/usr/bin is full", nil),
            ("//exit", nil), ("/2 of them", nil), ("what is /exit", nil), ("/é", nil),
        ] as [(String, SlashCommand?)]
    )
    func parsing(line: String, command: SlashCommand?) throws {
        #expect(try SlashCommand(parsing: LineText(line)) == command)
    }

    @Test(
        "a command that is unknown or incomplete is reported with its remedy",
        arguments: [
            ("/hepl", "Unknown command \"/hepl\". Did you mean \"/help\"?"), ("/xyzzy", "/help lists the commands."),
            ("/tool", "Usage: /tool NAME on|off"), ("/tool add", "Usage: /tool"), ("/tool add maybe", "Usage: /tool"),
            ("/save", "Usage: /save NAME"), ("/load ", "Usage: /load"), ("/image", "Usage: /image FILE"),
            ("/show all", "Usage: /show"), ("/show 99999999999999999999", "Usage: /show"), ("/undo 2", "Usage: /undo"),
            ("/context 1", "Usage: /context"),
            ("/exit now", "Usage: /exit"), ("/new one", "Usage: /new"), ("/stats maybe", "Usage: /stats [on|off]"),
            ("/think hihg", "Did you mean \"high\"?"),
            ("/think 3", "/think takes one of: on"), ("/etc", "Unknown command \"/etc\"."),
        ]
    )
    func misfits(line: String, message: String) {
        #expect { try SlashCommand(parsing: LineText(line)) } throws: { error in
            (error as? SlashCommandError)?.message.contains(message) == true
        }
    }

    @Test("pasted text is no command, but may be an argument")
    func pasted() throws {
        #expect(try SlashCommand(parsing: LineText("/exit", isPasted: true)) == nil)
        #expect(try SlashCommand(parsing: LineText("exit", isPasted: true)) == nil)
        let line = LineText([.init("/save "), .init("name", isPasted: true)])
        #expect(try SlashCommand(parsing: line) == .save("name"))
    }

    @Test("each verb has a short summary, and its usage names it")
    func verbs() throws {
        for verb in SlashVerb.allCases {
            // The list of /help fits in 80 columns.
            #expect(verb.summary.hasSuffix(".") && verb.summary.count <= 52 && verb.usage.count <= 24, "\(verb)")
            #expect(verb.usage.hasPrefix("/" + verb.rawValue))
        }
    }

    @Test(
        "commands, tools and models are completed",
        arguments: [
            ("/", 19, "/help"), ("/stats o", 2, "on"),
            ("/to", 2, "/tools"), ("/too", 2, "/tools"), ("/tool ", 2, "add"),
            ("/tool ad", 1, "add"),
            ("/tool add ", 2, "on"), ("/tool add of", 1, "off"), ("/model q", 1, "qwen3"), ("/model x", 0, nil),
            ("/think h", 2, "high"), ("/save a", 0, nil), ("text /to", 0, nil), ("", 0, nil), ("/tool add on ", 0, nil),
        ] as [(String, Int, String?)]
    )
    func completion(text: String, count: Int, first: String?) {
        let completion = SlashCommand.completion(of: text, tools: ["add", "mul"], models: { ["llama", "qwen3"] })
        #expect(completion.words.count == count && completion.words.first == first, "\(completion)")
        let last = text.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
        #expect(completion.words.isEmpty || completion.replacedCount == last.count)
    }

    @Test("the models are asked for only when they are needed")
    func lazyModels() {
        for text in ["/model", "/tool ", "x", "/load "] {
            _ = SlashCommand.completion(of: text, tools: []) {
                Issue.record("\(text)")
                return []
            }
        }
    }

    // MARK: - Paths

    @Test(
        "typed words that begin with an at sign are paths",
        arguments: [
            ("sum up @a.txt and @b/c.md", ["a.txt", "b/c.md"]), ("@a", ["a"]), ("@a @a", ["a"]), ("me@example.org", []),
            ("see\n@a\tb", ["a"]), ("@", []), ("@ a", []), ("@\"a b.txt\" c", ["a b.txt"]), ("@\"a b", []),
            ("@@a", ["@a"]), ("(@a)", []), ("@\"\"", []), ("@日本.txt", ["日本.txt"]),
        ] as [(String, [String])]
    )
    func paths(text: String, paths: [String]) {
        #expect(LineText(text).typedPaths == paths)
        #expect(LineText(text, isPasted: true).typedPaths.isEmpty)
    }

    @Test("a path that touches pasted text is no path")
    func pastedPaths() {
        func paths(_ parts: LineText.Part...) -> [String] { LineText(parts).typedPaths }
        #expect(paths(.init("@"), .init("/etc/passwd", isPasted: true)).isEmpty)
        #expect(paths(.init("@a"), .init("b", isPasted: true)).isEmpty)
        #expect(paths(.init("x", isPasted: true), .init("@a")).isEmpty)
        #expect(paths(.init("x ", isPasted: true), .init("@a"), .init(" y", isPasted: true)) == ["a"])
        #expect(paths(.init("@a "), .init("@b", isPasted: true), .init(" @c")) == ["a", "c"])
    }

    @Test("a line has a bounded number of paths")
    func manyPaths() {
        let line = (0..<1000).map { "@\($0)" }.joined(separator: " ")
        #expect(LineText(line).typedPaths.count == 64)
    }
}
