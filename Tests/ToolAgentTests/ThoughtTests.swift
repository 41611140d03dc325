import OllamaClient
import TestSupport
import Testing
import ToolJSON

@testable import ToolAgent

@Suite("Thoughts in the content", .timeLimit(.minutes(10)))
struct ThoughtTests {
    /// The text of a model, and the thinking and the answer in it.
    private static let texts: [(text: String, thinking: String, content: String)] = [
        ("<think>\nThe user wants hello.\n</think>\n\nHello!", "The user wants hello.\n", "Hello!"),
        ("<think>\n\n</think>\n\nDone", "", "Done"), ("<think></think>Done", "", "Done"),
        ("\n <think>a</think> \n b", "a", "b"), ("<think>a</think><think>b</think>c", "ab", "c"),
        ("<think>a < b </thin </think>c", "a < b </thin ", "c"), ("<think>a</</think>c", "a</", "c"),
        ("<think>never closed", "never closed", ""), ("<think>a</thi", "a</thi", ""), ("<think>", "", ""),
        ("<think>a</think>", "a", ""), ("<think>a <think> b</think>c", "a <think> b", "c"),
        ("<think>é🍸</think>🍸\u{301}", "é🍸", "🍸\u{301}"), ("<think>a</think>\r\n\r\nb", "a", "b"),
        // The prompt had the opening tag.
        ("</think>\n\nHello", "", "Hello"), ("\n</think>Hello", "", "Hello"),
        ("Let me see.\n</think>\n\nHello", "Let me see.\n", "Hello"), ("Hm.\n </think> \r\nHello", "Hm.\n ", "Hello"),
        ("Hm.\n</think>", "Hm.\n", ""), ("a\n```\nb\n```\n</think>\nc", "a\n```\nb\n```\n", "c"),
        ("Hm.\n</think>\n<think>b</think>c", "Hm.\nb", "c"),
        // No thoughts.
        ("", "", ""), (" \n", "", " \n"), ("Hello", "", "Hello"), ("\n\n Hello \n", "", "\n\n Hello \n"),
        ("<", "", "<"), ("<thi", "", "<thi"), ("<thinking> aloud", "", "<thinking> aloud"), ("</th", "", "</th"),
        ("< think>a</think>", "", "< think>a</think>"), ("<b>a</b>", "", "<b>a</b>"),
        // A mention is a part of the answer.
        ("The tag <think> begins it, </think> ends it.", "", "The tag <think> begins it, </think> ends it."),
        ("a </think> b", "", "a </think> b"), ("`<think>`\n</think>\n", "", "`<think>`\n</think>\n"),
        ("Hi\n</think> ends it\n</thinking>\n", "", "Hi\n</think> ends it\n</thinking>\n"),
        ("```\n<think>\nx\n</think>\n```\n", "", "```\n<think>\nx\n</think>\n```\n"),
        ("See:\n ```xml\n</think>\n```\nSo.", "", "See:\n ```xml\n</think>\n```\nSo."),
        ("<think>a</think>b <think>c</think>\n</think>\n", "a", "b <think>c</think>\n</think>\n"),
        ("``\n</thin\n<\n``` \n</think>", "", "``\n</thin\n<\n``` \n</think>"),
        // A combining mark and the scalars before it are one character.
        ("a\n</think> \u{301}", "", "a\n</think> \u{301}"), ("a\n</think>\u{301}\nb", "", "a\n</think>\u{301}\nb"),
        ("a\n</think> \u{301}\n</think>\nb", "a\n</think> \u{301}\n", "b"),
        ("<think>a\u{301}</think>\u{301}b", "a\u{301}", "\u{301}b"),
    ]

    /// Adds pieces as an agent does.
    private func separated(_ pieces: [String]) -> (thinking: String, content: String) {
        var filter = ThoughtFilter()
        var (thinking, content) = ("", "")
        for parts in pieces.map({ filter.add($0) }) + [filter.add("", isLast: true)] {
            if parts.takesBack {
                thinking += content
                content = ""
            }
            thinking += parts.thinking
            content += parts.content
        }
        return (thinking, content)
    }

    @Test("thoughts are separated from the answer, wherever a piece of the content ends", arguments: texts.indices)
    func split(index: Int) {
        let (text, thinking, content) = Self.texts[index]
        let scalars = Array(text.unicodeScalars).map { String($0) }
        var cuts = [scalars]
        for first in 0...scalars.count {
            for second in first...scalars.count {
                let ranges = [0..<first, first..<second, second..<scalars.count]
                cuts.append(ranges.map { scalars[$0].joined() })
            }
        }
        for pieces in cuts {
            let result = separated(pieces)
            #expect(result.thinking == thinking, "\(pieces)")
            #expect(result.content == content, "\(pieces)")
        }
    }

    /// Beginnings of messages, each with the scalar that follows endlessly.
    private static let endless: [(start: String, scalar: Unicode.Scalar)] = [
        ("a\n</think> ", "\u{301}"), ("a\n</think>", "\u{301}"), ("a\n</think>", " "), ("a\n", "\u{301}"),
        ("", "\u{301}"), ("", " "), ("a\n", " "), ("<think>", "\u{301}"), ("<think>", "<"), ("</", "<"),
        ("a\n```", "`"),
    ]

    @Test("the search for thoughts takes linear time", arguments: endless.indices)
    func linearTime(index: Int) {
        let count = 500_000
        let (start, scalar) = Self.endless[index]
        var text = start
        text.unicodeScalars.append(contentsOf: repeatElement(scalar, count: count))
        let (thinking, content) = separated([text + "\n", "b"])
        let isLoneTag = start.hasSuffix("</think>") && scalar == " "
        let dropped = isLoneTag ? count + 9 : start == "<think>" ? 7 : 0
        #expect(thinking.utf8.count + content.utf8.count == text.utf8.count + 2 - dropped)
    }

    @Test("content becomes thinking later only if some of it was shown before")
    func takingBack() {
        var filter = ThoughtFilter()
        #expect(filter.add("Hm.\n</think>\nHi") == ThoughtFilter.Parts(thinking: "Hm.\n", content: "Hi"))
        filter = ThoughtFilter()
        #expect(filter.add("Hm.\n</think>", isLast: true) == ThoughtFilter.Parts(thinking: "Hm.\n"))
        filter = ThoughtFilter()
        #expect(filter.add("Hm.") == ThoughtFilter.Parts(content: "Hm."))
        #expect(filter.add("\n</think>\nHi") == ThoughtFilter.Parts(thinking: "\n", content: "Hi", takesBack: true))
    }

    @Test("thoughts are shown and sent back as thinking, and never as content", arguments: [true, false])
    func conversation(streams: Bool) async throws {
        let call = Chunk.call("Bare", id: "a")
        let scenario = try Scenario(
            [
                .lines(
                    streams
                        ? [
                            Chunk.content("<thi"), Chunk.content("nk>a</think"), Chunk.content(">\n"),
                            Chunk.done("stop", ["tool_calls": [call]]),
                        ] : [Chunk.done("stop", ["content": "<think>a</think>\n", "tool_calls": [call]])]
                ),
                .lines(Chunk.done("stop", ["content": "<think>\nb</think>\n\nDone"])),
                .lines(Chunk.done("stop", ["content": "Bye"])),
            ],
            tools: [Bare()]
        ) { $0.streams = streams }
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome == AgentOutcome(reason: .answered, text: "Done", rounds: 1))
        #expect(scenario.events.content.joined() == "Done")
        #expect(scenario.events.thinking.joined() == "ab")
        _ = try await scenario.respond(to: "And now?")
        let messages = try #require(try scenario.requests().last?["messages"]?.array)
        #expect(messages.map { $0["content"]?.string } == ["Go", "", "bare", "Done", "And now?"])
        #expect(messages.map { $0["thinking"]?.string } == [nil, "a", nil, "b", nil])
    }

    /// Messages in which only a closing tag marks the thoughts, and the number of warnings.
    private static let closings: [(lines: [String], warnings: Int)] = [
        ([Chunk.content("Hm."), Chunk.content("\n</think>\n\n"), Chunk.content("Hello"), Chunk.done()], 1),
        ([Chunk.content("Hm."), Chunk.done("stop", ["content": "\n</think>\n\nHello"])], 1),
        ([Chunk.content("Hm.\n</think>\n"), Chunk.content("Hello"), Chunk.done()], 0),
        ([Chunk.done("stop", ["content": "Hm.\n</think>\n\nHello"])], 0),
    ]

    @Test("thoughts with only a closing tag cause a warning if they were shown as content", arguments: closings.indices)
    func closingTag(index: Int) async throws {
        let (lines, warnings) = Self.closings[index]
        let scenario = try Scenario([.lines(lines)])
        let outcome = try await scenario.respond(to: "Go")
        #expect(outcome.text == "Hello")
        #expect(scenario.events.warnings.count == warnings)
        #expect(scenario.agent.messages.map(\.content) == ["Go", "Hello"])
        #expect(scenario.agent.messages.last?.thinking == "Hm.\n")
    }

    @Test("thoughts at the end of a message cause no warning")
    func onlyThoughts() async throws {
        let scenario = try Scenario([.lines(Chunk.done("stop", ["content": "Hm.\n</think>"]))])
        #expect(try await scenario.respond(to: "Go").text.isEmpty)
        #expect(scenario.events.warnings.isEmpty && scenario.events.thinking == ["Hm.\n"])
    }

    @Test(
        "thoughts are separated from an answer in a requested format, whose tags are kept",
        arguments: ["", "<think>Hm.\n</think>\n", "Hm.\n</think>\n"]
    )
    func form(thoughts: String) async throws {
        let text = "{\n \"text\": \"<think>a</think>\",\n \"b\":\n\"</think>\"\n}"
        let scenario = try Scenario([.lines(Chunk.content(thoughts + text), Chunk.done())]) { $0.format = "json" }
        #expect(try await scenario.respond(to: "Go").text == text)
        #expect(scenario.events.thinking.joined() == (thoughts.isEmpty ? "" : "Hm.\n"))
    }
}
