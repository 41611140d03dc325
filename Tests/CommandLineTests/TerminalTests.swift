import Foundation
import TestSupport
import Testing

@Suite("A terminal", .timeLimit(.minutes(10)))
struct TerminalTests {
    /// The hostile result of `outcome`: a title, a one-byte escape, an override, a zero-width space.
    private static let hostile = "\u{1B}]0;gone\u{7}\u{9B} \u{202E}abc\u{200B}\r\u{7F}\tx\ny"
    private static let shown =
        "<U+001B>]0;gone<U+0007><U+009B> <U+202E>abc<U+200B><U+000D><U+007F>\tx\ny"

    private let call: Command

    init() throws { call = try Command("call", "outcome", #"{"how":"hostile"}"#, plugins: Fixture.plugins) }

    @Test("a terminal shows control sequences visibly, and a pipe receives the text unchanged")
    func hostileResult() throws {
        #expect(try call.run().output == Self.hostile + "\n")
        let session = try PseudoTerminal.run(call)
        #expect(session.status == 0)
        // The terminal driver expands the tab.
        #expect(session.text.replacingOccurrences(of: "        ", with: "\t").contains("<U+202E>abc"))
        #expect(session.text.hasPrefix(String(Self.shown.prefix { $0 != "\t" })), "\(session.text.debugDescription)")
        #expect(!session.text.unicodeScalars.contains("\u{1B}"))
    }

    @Test("a terminal shows control characters in names and messages visibly")
    func hostileWords() throws {
        let directory = try FixtureDirectory()
        try directory.plugin(
            "log.so",
            FixtureSource.tool(
                "speak",
                body: """
                    call->host->log(call->host, TOOL_LOG_ERROR, tool_text("\\033[2Jgone"));
                    return tool_fail(call, TOOL_ERROR, "\\033[31mred");
                    """
            )
        )
        try directory.file("\u{1B}[1m.so", [1, 2, 3])
        for command in [
            Command("call", "speak", plugins: directory), Command("call", "\u{1B}[5mx", plugins: directory),
            Command("call", "speak", "--arg", "\u{1B}[5mx", plugins: directory), Command("doctor", plugins: directory),
            Command("list", plugins: directory), Command("dispatch", "\u{1B}[5mx", plugins: directory),
            Command("\u{1B}[5mx"), Command("list", "--config", "\u{1B}[5mx", plugins: directory),
        ] {
            var command = command
            // Without styles, every escape sequence is a foreign one.
            command.environment["NO_COLOR"] = "1"
            let session = try PseudoTerminal.run(command)
            #expect(!session.text.unicodeScalars.contains("\u{1B}"), "\(command.arguments): \(session.text)")
            #expect(session.text.contains("<U+001B>"), "\(command.arguments): \(session.text)")
        }
    }

    @Test("a terminal shows invisible characters visibly, and emoji unchanged")
    func blanks() throws {
        let directory = try FixtureDirectory()
        let text = "a\u{2800}b\u{3164}c\u{E0100}d\u{2764}\u{FE0F}"
        let body = "return tool_reply(call, tool_text(\(FixtureSource.literal(text))));"
        try directory.plugin("say.so", FixtureSource.tool("say", body: body))
        let session = try PseudoTerminal.run(Command("call", "say", plugins: directory))
        #expect(session.text.contains("a<U+2800>b<U+3164>c<U+E0100>d\u{2764}\u{FE0F}"), "\(session.text)")
    }

    @Test(
        "a terminal has styles, unless NO_COLOR or TERM turns them off",
        arguments: [([:], true), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true), (["TERM": "dumb"], false)]
            as [([String: String], Bool)]
    )
    func styles(environment: [String: String], hasStyles: Bool) throws {
        var command = try Command("list", plugins: Fixture.plugins)
        command.environment.merge(environment) { $1 }
        #expect(try PseudoTerminal.run(command).text.contains("\u{1B}[1m") == hasStyles)
        #expect(try !command.run().output.contains("\u{1B}"))
    }

    @Test("a terminal shows the progress of a call")
    func progress() throws {
        let directory = try FixtureDirectory()
        let source = FixtureSource.tool(
            "work",
            body: #"tool_progress(call, 0.5, "half of it"); return tool_reply(call, tool_text("done"));"#
        )
        try directory.plugin("work.so", source)
        let session = try PseudoTerminal.run(Command("call", "work", plugins: directory))
        #expect(session.text.contains("50 % half of it"))
        #expect(session.text.contains("done"))
        #expect(try Command("call", "work", plugins: directory).run().errors.isEmpty)
    }
}
