import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("A name with a line break", .timeLimit(.minutes(10)))
struct HostileNameTests {
    /// A name whose second line would be a line of the output.
    private static let name = "bad\nFORGED ok  mine 1 (fine)\r\u{1B}[2K\n"
    /// The name as it is shown.
    private static let shown = "bad<U+000A>FORGED ok  mine 1 (fine)<U+000D><U+001B>[2K<U+000A>"

    /// The verbs with a hostile name in each place; `FILE` is a broken plugin of that name, and `DIR` its directory.
    private static let commands: [[String]] = [
        ["check", "FILE.so"], ["check", "FILE.none"], ["check", "FILE.tool.json"], ["test", "FILE.so"],
        ["test", "FILE.none.so"], ["test", "NAME"], ["trust", "FILE.so"], ["trust", "FILE.none"],
        ["trust", "DIR/NAME-dir"], ["trust", "--remove", "FILE.so"], ["trust", "FILE.so", "--lock", "DIR/NAME/lock"],
        ["doctor", "--plugins", "DIR"], ["doctor", "--plugins", "DIR/NAME-none"], ["list", "--plugins", "DIR"],
        ["list", "--config", "FILE.none"], ["list", "--config", "FILE.tool.json"], ["list", "--allow", "NAME"],
        ["list", "--allow", "read=NAME"], ["call", "NAME"], ["call", "NAME", "--plugins", "DIR"],
        ["call", "outcome", "{}", "--arg", "NAME", "--plugins", "FIXTURE"],
        ["call", "outcome", "--arg", "NAME:=NAME", "--plugins", "FIXTURE"],
        ["call", "outcome", #"{"how":"text"}"#, "-o", "DIR/NAME/x", "--plugins", "FIXTURE"], ["show", "NAME"],
        ["show", "hostile", "--plugins", "DIR"], ["bind", "NAME"], ["bind", "DIR/NAME-none.so"],
        ["bind", "m", "--header", "FILE.none"], ["bind", "m", "NAME"],
        ["bind", "m", "pow", "-o", "DIR/NAME/x.tool.json"],
        ["dispatch", "FILE.none"], ["chat", "--image", "FILE.none", "Hi"],
        ["chat", "-m", "NAME", "Hi"], ["chat", "--option", "NAME", "Hi"], ["models"], ["chat", "Hi"], ["NAME"],
        ["list", "--NAME"], ["list", "--sandbox", "NAME"], ["list", "--sandbox=NAME"], ["call", "x", "y", "NAME"],
        ["chat", "--num-ctx", "NAME"], ["chat", "--think", "high", "--rounds", "NAME"],
    ]

    @Test("no verb starts a line of output with a part of a name, on a terminal or in a pipe", arguments: commands)
    func verbs(words: [String]) throws {
        let directory = try FixtureDirectory()
        let file = directory.path + "/" + Self.name
        for suffix in [".so", ".tool.json"] { try directory.file(Self.name + suffix, [1, 2, 3]) }
        try directory.directory(Self.name + "-dir")
        let hostile = FixtureSource.tool(
            "hostile",
            body: "return tool_reply(call, tool_text(\"\"));"
        ).replacing("A fixture", with: "A fixture\\\\nFORGED")
        try directory.plugin("hostile.so", hostile)
        let server = try ScriptedServer(
            Array(
                repeating: .json(
                    #"{"error":"no\nFORGED","models":[{"name":"x\nFORGED\r"}],"capabilities":["tools\nFORGED"]}"#,
                    status: words == ["models"] ? 200 : 400
                ),
                count: 8
            ),
            details: nil
        )
        let fixture = try Fixture.plugins
        var command = Command("")
        command.arguments = words.map { word in
            word.replacing("FILE", with: file).replacing("DIR", with: directory.path).replacing("NAME", with: Self.name)
                .replacing("FIXTURE", with: fixture.path)
        }
        command.environment["OLLAMA_HOST"] = server.address
        // Headers are read with clang.
        command.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let result = try command.run()
        let session = try PseudoTerminal.run(command, (after: "[e]xplain: ", type: "n\n"))
        withExtendedLifetime(server) {}
        for text in [result.output, result.errors, session.text] {
            let lines = text.split { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
            #expect(!lines.contains { $0.hasPrefix("FORGED") }, "\(words): \(text)")
            // Styles of the program are other escape sequences.
            #expect(!text.contains("\u{1B}[2K"), "\(words): \(text)")
        }
        #expect((result.output + result.errors).contains("FORGED"), "\(words): \(result)")
    }

    @Test("a line break in a name is shown visibly")
    func visible() throws {
        let directory = try FixtureDirectory()
        let file = try directory.file(Self.name + ".so", [1, 2, 3])
        let checked = try Command("check", file).run()
        #expect((checked.output + checked.errors).contains(Self.shown + ".so"), "\(checked)")
        // JSON escapes the name.
        let json = try Command("doctor", "--json", "--plugins", directory.path, "--no-default-plugins").run().json
        #expect(json[pointer: "/plugins/0/file"] == .string(file))
    }
}
