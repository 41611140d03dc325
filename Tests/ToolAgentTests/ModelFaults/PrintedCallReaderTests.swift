import Testing
import ToolJSON

@testable import ToolAgent

@Suite("The reader of printed calls")
struct PrintedCallReaderTests {
    private static let paris: JSON = ["city": "Paris", "days": 2]
    private static let json = #"{"name": "weather", "arguments": {"city": "Paris", "days": 2}}"#
    private static let python = #"weather(city="Paris", days=2)"#

    /// One call of the tool `weather`, in each notation.
    private static let notations = [
        json, " \n\(json)\n ", json.replacing("arguments", with: "parameters"), "[\(json)]",
        #"{"type": "function", "name": "weather", "parameters": {"city": "Paris", "days": 2}}"#,
        #"{"type": "function", "id": "1", "function": \#(json)}"#, #"{"tool_calls": [{"function": \#(json)}]}"#,
        #"{"name": "weather", "arguments": "{\"city\": \"Paris\", \"days\": 2}"}"#,
        "<tool_call>\n\(json)\n</tool_call>", "<tool_call>\(json)", "<tool_calls>[\(json)]</tool_calls>",
        "<tool_call><function=weather>{\"city\": \"Paris\", \"days\": 2}</function></tool_call>",
        #"<function=weather>{"city": "Paris", "days": 2}</function>"#,
        #"<function=weather> {"city": "Paris", "days": 2}"#,
        python, "[\(python)]", "[\(python),]", "weather( city = 'Paris',days=2, )", "<|python_tag|>\(python)",
        "<|python_tag|>\(json)<|eom_id|>", "[TOOL_CALLS] [\(json)]", "[TOOL_CALLS]\(json)</s>",
        #"[TOOL_CALLS]weather{"city": "Paris", "days": 2}"#, #"[TOOL_CALLS]weather[ARGS]{"city": "Paris", "days": 2}"#,
        "```json\n\(json)\n```", "```\n\(json)\n```", "```tool_call\n\(json)\n```", "```tool_code\n\(python)\n```",
        "```python\n\(python)\n```", "```json\n<tool_call>\(json)</tool_call>\n```",
        #"<|channel|>commentary to=functions.weather <|constrain|>json<|message|>{"city": "Paris", "days": 2}<|call|>"#,
        #"<|start|>assistant<|channel|>commentary to=functions.weather<|message|>{"city": "Paris", "days": 2}"#,
        #" to=functions.weather<|channel|>commentary json<|message|>{"city": "Paris", "days": 2}"#,
    ]

    @Test("a call is read in each notation", arguments: notations)
    func eachNotation(text: String) throws {
        let reading = try #require(PrintedCallReader.reading(of: text))
        #expect(reading.calls.map(\.name) == ["weather"])
        #expect(reading.calls.map { JSON.object($0.arguments) } == [Self.paris])
    }

    @Test(
        "several calls are read in their order",
        arguments: [
            "[\(json), \(json)]", "\(json)\n\(json)", "\(json);\(json)",
            "<tool_call>\(json)</tool_call>\n<tool_call>\(json)</tool_call>",
            "[\(python), \(python)]", "\(python)\n\(python)", "\(python); \(python)",
            "[TOOL_CALLS]\(json)[TOOL_CALLS]\(json)",
            "<function=weather>{\"city\": \"Paris\", \"days\": 2}</function><function=weather>{\"city\": \"Paris\", \"days\": 2}</function>",
        ]
    )
    func several(text: String) {
        #expect(PrintedCallReader.reading(of: text)?.calls.map(\.name) == ["weather", "weather"])
    }

    @Test(
        "literals of Python become JSON",
        arguments: [
            ("1", 1), ("-2.5e3", -2500), ("True", true), ("false", false), ("None", nil),
            (#""a\n\"b\u00e9""#, "a\n\"bé"),
            ("'it\\'s'", "it's"), ("'''a\nb'''", "a\nb"), (#"'\d\x41'"#, #"\dA"#),
            ("[1, 'a', [None],]", [1, "a", [nil]]),
            ("(1, 2)", [1, 2]), ("{'a': 1, \"b\": {}}", ["a": 1, "b": [:]]),
        ] as [(String, JSON)]
    )
    func literals(text: String, value: JSON) {
        #expect(PrintedCallReader.reading(of: "f(x=\(text))")?.calls.first?.arguments["x"] == value)
    }

    @Test(
        "anything else is text",
        arguments: [
            "", " ", "Hello.", "{", "{}", "[]", "1", #""name""#, #"{"name": "weather"}"#,
            #"{"name": "", "arguments": {}}"#,
            #"{"name": "weather", "arguments": [1]}"#, #"{"name": "weather", "arguments": {}, "note": 1}"#,
            #"{"name": "a", "name": "b", "arguments": {}}"#, #"{"name": "weather", "arguments": {}, "parameters": {}}"#,
            #"{"arguments": {"a": 1}}"#, "\(json) Is that right?", "Here: \(json)", "[\(json), 1]",
            "<tool_call></tool_call>",
            "<tool_call>\(json)</tool_call> Done.", "<tool_call>\(json)</tool_call>\(json)", "```swift\n\(json)\n```",
            "```json\n\(json)\n```\n```json\n\(json)\n```", "weather", "weather(", "weather(1)", "weather(city)",
            "weather(city=Paris)", "weather(city=f())", "weather(city='a' + 'b')", "weather(a=1, a=2)",
            "weather(a=1) + 1",
            "weather(a=1).b", "import os", "weather(a=1", "weather(a='1)", "weather(a=1.)", "weather(a={1: 2})",
            "[weather(a=1)", "[weather(a=1) weather(b=1)]", "[TOOL_CALLS]", "[TOOL_CALLS]weather", "<|python_tag|>",
            "<function=weather>", "<function=>{}</function>", "<function=weather>1</function>",
            "<|channel|>commentary<|message|>{}", "<|channel|>commentary to=functions.<|message|>{}",
            "<|channel|>analysis<|message|>I call to=functions.weather.", String(repeating: json + "\n", count: 9),
        ]
    )
    func text(text: String) {
        #expect(PrintedCallReader.reading(of: text) == nil)
    }

    @Test("a text is read up to a length, in linear time")
    func length() {
        func call(_ count: Int) -> String { "f(x='\(String(repeating: "a", count: count))')" }
        #expect(PrintedCallReader.reading(of: call(60_000)) != nil)
        #expect(PrintedCallReader.reading(of: call(66_000)) == nil)
        let half = PrintedCallReader.maximumBytes / 2
        for unit in [
            "[", "f(x=[", "{\"a\":", "<tool_call>", "[TOOL_CALLS]", "```", "\\", "(", "<function=", "'", "a.", "{\n",
        ] {
            let text = String(String(repeating: unit, count: half / unit.utf8.count))
            let time = ContinuousClock().measure {
                _ = PrintedCallReader.reading(of: text)
                for part in PrintedCallReader.parts(of: text) { _ = PrintedCallReader.reading(of: part) }
            }
            #expect(time < .seconds(2), "\(unit)")
        }
    }
}
