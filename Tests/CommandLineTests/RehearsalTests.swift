import TestSupport
import Testing
import ToolJSON

@Suite("The rehearsal", .timeLimit(.minutes(10)))
struct RehearsalTests {
    private static let note = "(rehearsal: not a language model)"

    private let server: RehearsalProcess

    init() throws {
        server = try RehearsalProcess()
    }

    @Test("the rehearsal calls a tool for two cities in one message, and answers from both results")
    func twoCities() throws {
        let degrees = ["New York": "22C", "London": "15C"]
        let (rounds, content) = try server.converse("What is the temperature in New York and London?") { _, arguments in
            degrees[arguments["city"]?.string ?? ""] ?? "Unknown"
        }
        #expect(rounds == [[#"get_temperature{"city":"New York"}"#, #"get_temperature{"city":"London"}"#]])
        #expect(content == "get_temperature for New York: 22C. get_temperature for London: 15C. \(Self.note)")
    }

    @Test(
        "the rehearsal computes in rounds, innermost first, with the tools that add and multiply",
        arguments: [
            (
                "What is (11434+12341)*412?",
                [[#"sum{"a":11434,"b":12341}"#], [#"product{"a":23775,"b":412}"#]], "9795300"
            ),
            ("How much is 3 plus 4 times -5?", [[#"product{"a":4,"b":-5}"#], [#"sum{"a":3,"b":-20}"#]], "-17"),
            (
                "(1+2) * (3+4)",
                [[#"sum{"a":1,"b":2}"#, #"sum{"a":3,"b":4}"#], [#"product{"a":3,"b":7}"#]], "21"
            ),
            (
                "Sum up 2 and 3, then multiply by 4",
                [[#"sum{"a":2,"b":3}"#], [#"product{"a":5,"b":4}"#]], "20"
            ),
        ]
    )
    func arithmetic(prompt: String, expected: [[String]], result: String) throws {
        let (rounds, content) = try server.converse(prompt) { name, arguments in
            let (a, b) = (arguments["a"]?.int ?? 0, arguments["b"]?.int ?? 0)
            return String(name == "product" ? a * b : a + b)
        }
        #expect(rounds == expected)
        #expect(content.contains("The result is \(result)."))
    }

    @Test(
        "the rehearsal chooses tools and fills their arguments from the prompt",
        arguments: [
            (
                "temperature and conditions in Tokyo",
                [#"get_temperature{"city":"Tokyo"}"#, #"get_conditions{"city":"Tokyo"}"#]
            ),
            (
                "temperature in Rome, and conditions in Oslo",
                [#"get_temperature{"city":"Rome"}"#, #"get_conditions{"city":"Oslo"}"#]
            ),
            ("temperature in new york", [#"get_temperature{"city":"new york"}"#]),
            ("How is London's weather?", [#"get_conditions{"city":"London"}"#]),
            (
                "What time is it in Europe/Paris and Asia/Tokyo?",
                [#"current_time{"zone":"Europe/Paris"}"#, #"current_time{"zone":"Asia/Tokyo"}"#]
            ),
            ("What time is it?", ["current_time{}"]),
            ("Move the date 2025-01-31 by -3 days", [#"shift_date{"date":"2025-01-31","days":-3}"#]),
            (
                "List files in /tmp/x recursively, at most 20",
                [#"list_files{"path":"/tmp/x","recursive":true,"limit":20}"#]
            ),
            ("Search for \"two words\" in ./notes", [#"search{"query":"two words","path":"./notes"}"#]),
            ("Convert 36.6 from celsius to fahrenheit", [#"convert{"value":36.6,"from":"celsius","to":"fahrenheit"}"#]),
            ("The average of 1, 2.5 and 1,000", [#"average{"values":[1,2.5,1000]}"#]),
            ("echo hello big World!", [#"echo{"text":"hello big World"}"#]),
            ("use uptime", ["uptime{}"]),
        ]
    )
    func fills(prompt: String, calls: [String]) throws {
        #expect(try server.converse(prompt) { _, _ in "ok" }.rounds == [calls])
    }

    @Test(
        "the rehearsal states the reason if it calls no tool",
        arguments: [
            (
                "Sing me a song", RehearsalTools.all,
                "No offered tool matches the words of the prompt. Offered: get_temperature,"
            ),
            ("temperature?", RehearsalTools.all, "get_temperature needs city, which the prompt does not name."),
            ("What is 10 / 4?", RehearsalTools.all, "The prompt contains the arithmetic 10 / 4,"),
            ("temperature in Rome", [], "No tools are offered, and this model only rehearses tool calls."),
        ]
    )
    func callsNothing(prompt: String, tools: [JSON], words: String) throws {
        let (rounds, content) = try server.converse(prompt, tools: tools) { _, _ in "" }
        #expect(rounds.isEmpty)
        #expect(content.hasPrefix(words))
        #expect(content.hasSuffix(Self.note))
    }

    @Test("the rehearsal reports the error of a tool and stops computing")
    func errors() throws {
        let (rounds, content) = try server.converse("What is (1+2)*3?") { _, _ in "Error: out of 9 numbers" }
        #expect(rounds.count == 1)
        #expect(content == "sum(a: 1, b: 2) failed: Error: out of 9 numbers. \(Self.note)")
    }

    @Test("the rehearsal answers from results in a request without tools, as after the last round")
    func resultsWithoutTools() throws {
        let message = try server.message(
            [
                ["role": "user", "content": "temperature in Rome"],
                [
                    "role": "assistant", "content": "",
                    "tool_calls": [["function": ["name": "get_temperature", "arguments": ["city": "Rome"]]]],
                ],
                ["role": "tool", "tool_name": "get_temperature", "content": "30C"],
            ],
            tools: []
        )
        #expect(message["content"] == .string("get_temperature for Rome: 30C. \(Self.note)"))
    }

    @Test("the rehearsal replies to a hostile prompt of a megabyte with at most 16 calls")
    func hostilePrompts() throws {
        let megabyte = 1 << 20
        for piece in ["(", "\"", "1+", "A ", "and ", "((1+1)*", "temperature London and ", "/a", "\u{301}"] {
            let prompt = String(repeating: piece, count: megabyte / piece.utf8.count)
            let message = try server.message([["role": "user", "content": .string(prompt)]])
            #expect(message["tool_calls"]?.array?.count ?? 0 <= 16)
        }
    }
}
