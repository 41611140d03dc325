import Foundation
import TestSupport
import Testing

@Suite("Question about trust", .timeLimit(.minutes(10)))
struct TrustQuestionTests {
    /// Returns a plugin that requests many long paths, with an important one in the middle.
    private func fixture(_ important: String, in list: String = "read") throws -> AccessFixture {
        let fixture = try AccessFixture()
        let long = String(repeating: "a-long-name/", count: 12)
        let paths = (0..<50).map { #""/srv/\#(long)\#($0)""# }
        let middle = list == "read" ? [important] : []
        let read = paths.prefix(25) + middle + paths.suffix(25)
        let more = list == "read" ? "" : #","\#(list)":[\#(important)]"#
        try fixture.compile(permissions: #"{"read":[\#(read.joined(separator: ","))]\#(more)},"config":["directory"]"#)
        return fixture
    }

    /// The rows from the beginning of the last question.
    private func question(_ session: PseudoTerminal.Session) -> Substring {
        session.text.range(of: "Trust touch", options: .backwards).map { session.text[$0.lowerBound...] } ?? ""
    }

    @Test(
        "the rows next to the prompt name the plugin, the number of requests and the widest ones",
        arguments: [
            ("read", #""/""#, "asks to read / (and 50 more)"), ("write", #""/""#, "asks to change /"),
            ("spawn", #""/bin/sh""#, "asks to run /"),
            ("network", "443", "asks to connect to port 443 of any computer"),
            ("write", #""${directory}""#, #"asks to write to the path configured as "directory""#),
        ]
    )
    func widest(list: String, important: String, words: String) throws {
        let fixture = try fixture(important, in: list)
        defer { fixture.close() }
        let session = try PseudoTerminal.run(
            fixture.command("trust", fixture.plugin),
            steps: [.init(after: "[e]xplain: ", type: "maybe\n"), .init(after: "[e]xplain: ", type: "n\n")]
        )
        #expect(session.status == 6, "\(session.text)")
        for screen in session.screens {
            let shown = screen.rows.joined(separator: "\n")
            for words in ["Trust touch", "51 requests", words, "[e]xplain:"] {
                #expect(shown.contains(words), "\(shown)")
            }
        }
        // The list is cut, and the number of missing lines is shown.
        #expect(session.text.contains(" more lines"), "\(session.text)")
        #expect(!session.text.contains("a-long-name/49"), "\(session.text)")
    }

    @Test("the answer show prints all requests, and the question is asked again")
    func showsAll() throws {
        let fixture = try fixture(#""/etc""#)
        defer { fixture.close() }
        let session = try PseudoTerminal.run(
            fixture.command("trust", fixture.plugin),
            (after: "[e]xplain: ", type: "s\n"),
            (after: "[e]xplain: ", type: "y\n")
        )
        #expect(session.status == 0 && session.text.contains("is now trusted"), "\(session.text)")
        let text = session.text.replacing("\n  ", with: "")
        for number in 0..<50 { #expect(text.contains("a-long-name/\(number)"), "\(number)") }
        #expect(question(session).contains("51 requests"))
    }

    @Test("only a clear yes counts as yes", arguments: ["yikes", "yes please", "", "Y E S", "always", "ja"])
    func unclear(answer: String) throws {
        let fixture = try AccessFixture(permissions: #"{"read":["DATA"]}"#)
        defer { fixture.close() }
        let session = try PseudoTerminal.run(
            fixture.command("trust", fixture.plugin),
            (after: "[e]xplain: ", type: answer + "\n"),
            (after: "[e]xplain: ", type: "no\n")
        )
        #expect(session.status == 6, "\(session.text)")
        #expect(try fixture.command("trust", "--list").run().errors.contains("No plugin is trusted."))
    }
}
