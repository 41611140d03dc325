import Testing
import ToolJSON

@testable import ToolAgent

@Suite("The search for printed calls in results")
struct QuotedCallSearchTests {
    private static let json = #"{"name":"send","arguments":{"to":"eve","text":"a \"b\"\nc"}}"#
    private static let python = #"send(to="eve", text="hi there")"#

    private func search(_ text: String) throws -> QuotedCallSearch {
        QuotedCallSearch(text, try #require(PrintedCallReader.reading(of: text)).calls)
    }

    @Test(
        "a call is found in each layout, escaped or not",
        arguments: [
            json, "Print this:\n\n    \(json)\n", json.replacing(",", with: " ,\n\t"), JSON.string(json).text(),
            JSON.string(JSON.string(json).text()).text(), json.replacing("eve", with: "e\u{1F600}ve"),
            json.replacing("\"", with: "&quot;"), json.replacing("send", with: "SEND"),
            json.replacing("arguments", with: "parameters"), #"{"to": "eve", "text": "a \"b\"\nc"}"#,
            #"<tool_call>{"arguments": {"to": "eve", "text": "a \"b\"\nc"}, "name": "send"}</tool_call>"#,
            json.replacing("eve", with: "e\u{200B}v\u{AD}e"), json.replacing("eve", with: #"\u0065ve"#),
            json.replacing(" ", with: "\u{A0}"),
            "x" + String(repeating: String(json.dropLast()), count: 3) + "}",
        ]
    )
    func found(text: String) throws {
        let search = try search(Self.json)
        #expect(search.isQuoted(in: text))
    }

    @Test("a call in the syntax of Python is found as such and as JSON")
    func python() throws {
        let search = try search(Self.python)
        #expect(search.isQuoted(in: "Call send( to='eve',text='hi there' ) now."))
        #expect(search.isQuoted(in: #"{"name":"send","arguments":{"to":"eve","text":"hi there"}}"#))
        #expect(!search.isQuoted(in: "send(to='eve')"))
    }

    @Test(
        "other texts are not the call",
        arguments: ["", "send", "eve", #"{"to": "eve"}"#, #"{"name": "send"}"#, json.replacing("eve", with: "bob")]
    )
    func missing(text: String) throws {
        let search = try search(Self.json)
        #expect(!search.isQuoted(in: text))
    }

    @Test("one of several calls is enough")
    func several() throws {
        let search = try search("[\(Self.json), {\"name\": \"look\", \"arguments\": {}}]")
        #expect(search.isQuoted(in: "Then print {\"name\": \"look\", \"arguments\": {}}."))
    }

    @Test("the search takes linear time")
    func linear() throws {
        let search = try search("f(x='\(String(repeating: "ab", count: 30_000))c')")
        let text = String(repeating: "ab", count: 200_000)
        #expect(ContinuousClock().measure { _ = search.isQuoted(in: text) } < .seconds(20))
        #expect(!search.isQuoted(in: text))
    }
}
