import Testing
import ToolJSON

@testable import ToolAgent

@Suite("The ranking of tools", .timeLimit(.minutes(2)))
struct ToolIndexTests {
    private static func tool(_ name: String, _ description: String) -> JSONObject {
        ["name": .string(name), "description": .string(description)]
    }

    /// Returns the number of prompts whose tool is among the best five.
    private static func recall(of index: ToolIndex) -> Int {
        SearchableTools.prompts.count { prompt, name in
            let found = index.tools(for: prompt, limit: 5)
            return found.contains { $0 < SearchableTools.tools.count && SearchableTools.tools[$0].name == name }
        }
    }

    @Test("recall at 5 over 64 tools is at least 0.9: the tool of 57 of 60 prompts is among the best five")
    func recallAtFive() {
        #expect(SearchableTools.tools.count == 64 && SearchableTools.prompts.count == 60)
        let index = ToolIndex(SearchableTools.tools.map(\.schema))
        let recall = Self.recall(of: index)
        #expect(recall >= 54)
        #expect(recall == 57, "The documented figure is another one.")
        let first = SearchableTools.prompts.count { prompt, name in
            index.tools(for: prompt, limit: 1).first.map { SearchableTools.tools[$0].name } == name
        }
        #expect(first >= 48)
    }

    @Test("hostile descriptions with the words of all prompts displace no tool")
    func hostileDescriptions() {
        let words = SearchableTools.prompts.map(\.key).joined(separator: " ")
        let names = SearchableTools.tools.map(\.name).joined(separator: " ")
        let hostile = (0..<4).map { Self.tool("trap_\($0)", names + " " + words) }
        let index = ToolIndex(SearchableTools.tools.map(\.schema) + hostile)
        #expect(Self.recall(of: index) >= 54)
    }

    @Test("a word that is repeated ten thousand times counts little more than once")
    func repeatedWords() {
        let index = ToolIndex([
            Self.tool("trap", String(repeating: "weather city ", count: 10_000)),
            Self.tool("get_weather", "Get the weather of a city."), Self.tool("add", "Add two numbers."),
        ])
        #expect(index.tools(for: "weather in the city", limit: 5) == [1, 0])
    }

    @Test("rare words count more than frequent ones, and equal tools are in the order of their names")
    func order() {
        let tools = (0..<20).map { Self.tool("list_\($0)", "List items") } + [Self.tool("list_parcels", "List parcels")]
        let index = ToolIndex(tools)
        #expect(index.tools(for: "list parcel", limit: 2) == [20, 0])
        #expect(index.tools(for: "list", limit: 3) == [0, 1, 2])
    }

    @Test(
        "a query without a known word finds nothing",
        arguments: ["", " ", "the of and", "!?*", "\u{0}\u{1B}[", "zzzz", "日本"]
    )
    func unknownWords(query: String) {
        #expect(ToolIndex(SearchableTools.tools.map(\.schema)).tools(for: query, limit: 5).isEmpty)
    }

    @Test("huge definitions and queries are read only in part")
    func hugeInput() {
        let word = String(repeating: "x", count: 5 << 20)
        var parameters: JSONObject = [:]
        for index in 0..<50_000 { parameters["p\(index)"] = ["description": "words of a parameter"] }
        let schema: JSONObject = [
            "name": "huge", "description": .string(word + String(repeating: " new", count: 1 << 20)),
            "parameters": ["properties": .object(parameters)],
        ]
        let index = ToolIndex([schema, Self.tool("small", "Find a needle.")])
        #expect(index.tools(for: String(repeating: "hay ", count: 1 << 20) + "needle", limit: 5).isEmpty)
        #expect(index.tools(for: "needle " + word, limit: 5).first == 1)
    }

    @Test("definitions of the wrong types are found by what they have")
    func wrongTypes() {
        let index = ToolIndex([
            [:], ["name": 7, "description": ["x"], "parameters": "none"],
            ["name": "found", "parameters": ["properties": ["needle": 7]]],
        ])
        #expect(index.tools(for: "needle", limit: 5) == [2])
        #expect(ToolIndex([]).tools(for: "needle", limit: 5).isEmpty)
    }

    @Test(
        "words are compared without case, endings and common words",
        arguments: [
            ("readFile", ["read", "file"]), ("HTTPServer2go", ["http", "server", "2", "go"]),
            ("get_weather_forecasts", ["weather", "forecast"]), ("Translating translations", ["translat", "translat"]),
            ("queries query", ["query", "query"]), ("running stopped calling", ["run", "stop", "call"]),
            ("ÉCOLE Größe", ["écol", "größ"]), ("a.b-c/d", ["b", "c", "d"]), ("", []),
            ("status class this", ["status", "class"]),
        ]
    )
    func words(text: String, words: [String]) {
        #expect(SearchWords(text, limit: 100).words == words)
    }

    @Test("a text has at most as many words as the limit")
    func limit() {
        #expect(SearchWords(String(repeating: "word ", count: 100), limit: 7).words.count == 7)
        #expect(SearchWords("one two", limit: 1).words == ["one"])
    }
}
