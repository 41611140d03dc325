import Glibc
import Terminal
import Testing

/// The editor on a pseudo-terminal.
///
/// One test runs at a time: signals concern the only editor of the process.
@Suite("The line editor on a terminal", .serialized, .timeLimit(.minutes(2)))
struct LineEditorTests {
    private static func line(_ text: String) -> LineResult { .line(LineText(text)) }

    @Test(
        "keys edit the line that is returned",
        arguments: [true, false],
        [
            ("あい\u{7F}う\r", "あう"), ("helo\u{1B}[Dl\r", "hello"), ("a\tb\r", "ab"), ("\r", ""), ("a\u{1B}[99~b\r", "ab"),
            ("👨‍👩‍👧\u{7F}e\u{301}\u{7F}x\r", "x"), ("one two\u{17}three\r", "one three"), ("a\u{1B}\rb\r", "a\nb"),
            ("\"\"\"\ra\rb\"\"\"\r", "a\nb"), ("\u{FFFD}é\n", "\u{FFFD}é"),
        ]
    )
    func edit(isUTF8: Bool, example: (keys: String, text: String)) async throws {
        let terminal = try EditorTerminal(isUTF8: isUTF8)
        let result = terminal.read()
        terminal.type(example.keys)
        #expect(await terminal.result(of: result) == Self.line(example.text))
    }

    @Test("Ctrl-G returns the line for another program and removes it, and does nothing in a question")
    func editor() async throws {
        let terminal = try EditorTerminal()
        let result = terminal.read()
        terminal.type("a \u{1B}[200~b\u{1B}[201~\u{7}")
        let line = LineText([.init("a "), .init("b", isPasted: true)])
        #expect(await terminal.result(of: result) == .editorRequested(line))
        #expect(await terminal.wait { $0.rows.allSatisfy(\.isEmpty) })
        let next = terminal.read()
        terminal.type("c\r")
        #expect(await terminal.result(of: next) == Self.line("c"))
    }

    @Test("lines of any length are read whole", arguments: ["xterm", "dumb"], [6003, 100_000])
    func long(type: String, count: Int) async throws {
        let terminal = try EditorTerminal(terminal: type)
        let result = terminal.read()
        let text = String(repeating: "0123456789", count: count / 10) + "end"
        terminal.type(text + "\r")
        #expect(await terminal.result(of: result) == Self.line(text))
    }

    @Test("a paste of many lines is one line of input, and is shown short")
    func paste() async throws {
        let terminal = try EditorTerminal(columns: 40)
        let result = terminal.read()
        let pasted = (1...200).map { "line \($0)" }.joined(separator: "\n")
        terminal.type("see \u{1B}[200~\(pasted.replacing("\n", with: "\r"))\u{1B}[201~!")
        #expect(await terminal.wait { $0.rows == ["> see [200 lines pasted]!"] })
        terminal.type("\r")
        #expect(
            await terminal.result(of: result)
                == .line(LineText([.init("see "), .init(pasted, isPasted: true), .init("!")]))
        )
    }

    @Test("keys that are typed while no line is open are not shown, and belong to the next prompt")
    func typedAhead() async throws {
        let terminal = try EditorTerminal(typed: "one\n")
        terminal.type("two\rthr\u{1B}[200~pasted\u{1B}[201~")
        #expect(await terminal.waitUntilRead())
        terminal.output("output\r\n")
        #expect(await terminal.wait { $0.rows == ["one", "output"] })
        #expect(await terminal.result(of: terminal.read()) == Self.line("one"))
        #expect(await terminal.result(of: terminal.read()) == Self.line("two"))
        let result = terminal.read()
        #expect(
            await terminal.wait { $0.rows == ["one", "output", "> one", "> two", "> thrpasted"] },
            "\(terminal.screen.rows)"
        )
        terminal.type("!\r")
        #expect(
            await terminal.result(of: result)
                == .line(LineText([.init("thr"), .init("pasted", isPasted: true), .init("!")]))
        )
    }

    @Test("keys that are typed before a question, and pastes, do not answer it, and belong to the next prompt")
    func question() async throws {
        let terminal = try EditorTerminal()
        terminal.type("y\rnext")
        #expect(await terminal.waitUntilRead())
        let answer = terminal.read(LineRequest("Run? [y]es [n]o: ", .answer))
        #expect(await terminal.wait { $0.rows == ["Run? [y]es [n]o:"] })
        terminal.type("\u{1B}[200~y\r\u{1B}[201~n\rlater")
        #expect(await terminal.result(of: answer) == Self.line("n"))
        #expect(await terminal.result(of: terminal.read()) == Self.line("y"))
        let last = terminal.read()
        #expect(await terminal.wait { $0.rows.contains("  later") }, "\(terminal.screen.rows)")
        terminal.type("\r")
        #expect(
            await terminal.result(of: last)
                == .line(LineText([.init("next"), .init("y\n", isPasted: true), .init("later")]))
        )
    }

    @Test("other output is written above the open line, which keeps its text and cursor")
    func otherOutput() async throws {
        let terminal = try EditorTerminal(rows: 6, columns: 20)
        let result = terminal.read()
        terminal.type("a line that is wider than the screen\u{1B}[D\u{1B}[D")
        #expect(await terminal.wait { $0.beforeCursor == "  " && $0.rows.count == 3 })
        for number in 1...3 { terminal.output("output \(number)\r\n") }
        #expect(await terminal.wait { $0.rows.count == 6 && $0.beforeCursor == "  " })
        let line = ["> a line that is wi", "  der than the scre", "  en"]
        #expect(terminal.screen.rows == ["output 1", "output 2", "output 3"] + line)
        terminal.type("X\r")
        #expect(await terminal.result(of: result) == Self.line("a line that is wider than the screXen"))
    }

    @Test("a resized terminal shows the line in its new width")
    func resize() async throws {
        let terminal = try EditorTerminal(columns: 40)
        let result = terminal.read()
        terminal.type("abcdefghijklmnopqrstuvwxyz")
        #expect(await terminal.wait { $0.beforeCursor == "> abcdefghijklmnopqrstuvwxyz" })
        terminal.resize(rows: 24, columns: 20)
        #expect(await terminal.wait { $0.rows == ["> abcdefghijklmnopq", "  rstuvwxyz"] }, "\(terminal.screen.rows)")
        terminal.resize(rows: 24, columns: 60)
        #expect(await terminal.wait { $0.rows == ["> abcdefghijklmnopqrstuvwxyz"] }, "\(terminal.screen.rows)")
        terminal.type("!\r")
        #expect(await terminal.result(of: result) == Self.line("abcdefghijklmnopqrstuvwxyz!"))
    }

    @Test("Ctrl-C discards a line, and ends an empty one; Ctrl-D ends the input; a history is recalled")
    func controls() async throws {
        let terminal = try EditorTerminal()
        let first = terminal.read()
        // Without a prompt, the key would interrupt the process.
        #expect(await terminal.wait { $0.beforeCursor == "> " })
        terminal.type("discarded\u{3}kept\r")
        #expect(await terminal.result(of: first) == Self.line("kept"))
        let second = terminal.read()
        #expect(await terminal.wait { $0.rows.count == 3 && $0.beforeCursor == "> " })
        terminal.type("\u{3}")
        #expect(await terminal.result(of: second) == .interrupted)
        let third = terminal.read()
        terminal.type("\u{4}")
        #expect(await terminal.result(of: third) == .endOfInput)
        let fourth = terminal.read()
        terminal.type("\u{1B}[A!\r")
        #expect(await terminal.result(of: fourth) == Self.line("kept!"))
        let fifth = terminal.read()
        #expect(await terminal.wait { $0.rows.count == 6 && $0.beforeCursor == "> " }, "\(terminal.screen.rows)")
        terminal.editor.interrupt()
        #expect(await terminal.result(of: fifth) == .interrupted)
        #expect(terminal.screen.rows == ["> discarded^C", "> kept", ">", ">", "> kept!", ">"])
    }

    @Test("a cancelled read leaves its line, and the next one begins empty")
    func cancellation() async throws {
        let terminal = try EditorTerminal()
        let task = terminal.read()
        terminal.type("half")
        #expect(await terminal.wait { $0.rows == ["> half"] })
        let waiting = terminal.read()
        waiting.cancel()
        task.cancel()
        #expect(await terminal.result(of: task) == .cancelled)
        #expect(await terminal.result(of: waiting) == .cancelled)
        let result = terminal.read()
        terminal.type("x\r")
        #expect(await terminal.result(of: result) == Self.line("x"))
    }

    @Test("Tab completes words, and lists several below the line")
    func completion() async throws {
        let terminal = try EditorTerminal()
        let request = LineRequest("> ") { text in
            let words = ["/help ", "/history ", "/think "].filter { $0.hasPrefix(text) }
            return Completion(replacing: text.count, with: words)
        }
        let result = terminal.read(request)
        terminal.type("/h\t")
        #expect(await terminal.wait { $0.rows == ["> /h", "  /help   /history"] }, "\(terminal.screen.rows)")
        terminal.type("i\t\u{7F}\r")
        #expect(await terminal.result(of: result) == Self.line("/history"))
    }

    @Test("the terminal has its modes again once the editor is closed, and reads end")
    func close() async throws {
        let terminal = try EditorTerminal()
        #expect(terminal.modes.c_lflag != terminal.original.c_lflag)
        let result = terminal.read()
        terminal.type("a")
        #expect(await terminal.wait { $0.rows == ["> a"] })
        terminal.editor.close()
        #expect(await terminal.result(of: result) == .endOfInput)
        #expect(await terminal.result(of: terminal.read()) == .endOfInput)
        let (modes, original) = (terminal.modes, terminal.original)
        #expect(modes.c_lflag == original.c_lflag && modes.c_iflag == original.c_iflag)
    }

    @Test("the input ends with the terminal", arguments: ["xterm", "dumb"])
    func hangUp(type: String) async throws {
        let terminal = try EditorTerminal(terminal: type)
        let result = terminal.read()
        terminal.type("a")
        #expect(await terminal.wait { $0.rows == ["> a"] })
        terminal.hangUp()
        #expect(await terminal.result(of: result) == .endOfInput)
        #expect(await terminal.result(of: terminal.read()) == .endOfInput)
    }

    @Test("a terminal without movement shows text and backspaces, and no escape sequences")
    func plain() async throws {
        let terminal = try EditorTerminal(columns: 20, terminal: "dumb")
        let result = terminal.read()
        terminal.type("abx\u{7F}c\u{1B}[D\u{1}d")
        #expect(await terminal.wait { $0.rows == ["> abcd"] }, "\(terminal.screen.rows)")
        terminal.output("output\r\n")
        #expect(await terminal.wait { $0.rows == ["> abcd", "output", "> abcd"] }, "\(terminal.screen.rows)")
        terminal.type("\r")
        #expect(await terminal.result(of: result) == Self.line("abcd"))
    }

    @Test("descriptors that are no terminal have no editor")
    func noTerminal() {
        let file = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { Glibc.close(file) }
        #expect(LineEditor(input: file, output: file, terminal: "xterm") == nil)
    }
}
