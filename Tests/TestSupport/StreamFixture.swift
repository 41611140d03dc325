/// A stream as servers send it, with the message that it contains.
public struct StreamFixture: Sendable, CustomStringConvertible {
    /// The name, which begins with the number of the form: F1 to F12.
    public let name: String
    /// The body of the response.
    public let body: String
    /// The thinking in all pieces.
    public let thinking: String
    /// The content in all pieces.
    public let content: String
    /// The calls: the id, the name, and the arguments as JSON text, with `-` for a part that is missing.
    public let calls: [String]
    /// The kind of the failure that ends the stream, or nil if it is complete.
    public let failure: String?

    public var description: String { name }

    /// The bytes of the body.
    public var bytes: [UInt8] { Array(body.utf8) }

    private init(
        _ name: String,
        _ lines: [String],
        end: String = "\n",
        hasLastEnd: Bool = true,
        thinking: String = "",
        content: String = "",
        calls: [String] = [],
        failure: String? = nil
    ) {
        self.name = name
        body = lines.joined(separator: end) + (hasLastEnd ? end : "")
        (self.thinking, self.content, self.calls, self.failure) = (thinking, content, calls, failure)
    }

    // MARK: - Lines

    private static let done =
        #"{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":9}"#

    private static func line(_ members: String, _ rest: String = #""done":false"#) -> String {
        #"{"model":"m","created_at":"2026-01-01T00:00:00.1Z","message":{"role":"assistant",\#(members)},\#(rest)}"#
    }

    private static func content(_ text: String) -> String { line(#""content":"\#(text)""#) }

    private static func thinking(_ text: String) -> String { line(#""content":"","thinking":"\#(text)""#) }

    private static func calls(_ calls: String..., rest: String = #""done":false"#) -> String {
        line(#""content":"","tool_calls":[\#(calls.joined(separator: ","))]"#, rest)
    }

    private static func call(_ name: String, _ arguments: String?, id: String? = nil, index: Int? = nil) -> String {
        let id = id.map { #""id":"\#($0)","# } ?? ""
        let index = index.map { #""index":\#($0),"# } ?? ""
        let arguments = arguments.map { #","arguments":\#($0)"# } ?? ""
        return #"{\#(id)"function":{\#(index)"name":"\#(name)"\#(arguments)}}"#
    }

    private static let stopped = #""done":true,"done_reason":"stop""#
    private static let big = #"{"n":9007199254740993,"e":1e20,"o":{"z":1,"a":{"y":2,"b":3}},"t":"<b> & é 日本 👩‍🚀 \u00e9"}"#

    // MARK: - All forms

    /// All forms: at least one fixture for each of F1 to F12.
    public static let all: [StreamFixture] = [
        StreamFixture(
            "F1 a call in a piece before the last one",
            [calls(call("one", #"{"a":1}"#, id: "call_a1", index: 0)), done],
            calls: [#"call_a1 one {"a":1}"#]
        ),
        StreamFixture(
            "F2 two calls in the last piece",
            [
                calls(
                    call("one", #"{"a":1}"#, id: "x1", index: 0),
                    call("two", #"{"b":2}"#, id: "x2", index: 1),
                    rest: stopped
                )
            ],
            calls: [#"x1 one {"a":1}"#, #"x2 two {"b":2}"#]
        ),
        StreamFixture(
            "F3 two calls in two pieces, both with index 0",
            [calls(call("one", "{}", id: "x1", index: 0)), calls(call("one", "{}", id: "x2", index: 0)), done],
            calls: ["x1 one {}", "x2 one {}"]
        ),
        StreamFixture(
            "F3 two calls in two pieces, both with index 0 and without an id",
            [calls(call("one", "{}", index: 0)), calls(call("two", "{}", index: 0)), done],
            calls: ["- one {}", "- two {}"]
        ),
        StreamFixture(
            "F4 thinking, content, a call, more content",
            [
                thinking("Hm"), thinking("m."), content("Let me see"), calls(call("one", "{}", id: "x")),
                content(", then."), done,
            ],
            thinking: "Hmm.",
            content: "Let me see, then.",
            calls: ["x one {}"]
        ),
        StreamFixture(
            "F5 calls of an old server, with arguments of any form",
            [
                calls(call("one", "null"), call("one", #""""#), call("one", #""{\"a\":[1]}""#), call("one", nil)), done,
            ],
            calls: ["- one null", #"- one """#, #"- one "{\"a\":[1]}""#, "- one -"]
        ),
        StreamFixture(
            "F6 unknown members and other times",
            [
                #"{"new":{"a":[1]},"created_at":"2026-01-01T02:00:00.123456789+02:00","message":{"mood":"calm","#
                    + #""role":"assistant","content":"Hi","tool_calls":[{"id":"x","zeta":null,"function":{"name":"one","#
                    + #""extra":[],"arguments":{}}}]},"logprobs":[],"done":false}"#, done,
            ],
            content: "Hi",
            calls: ["x one {}"]
        ),
        StreamFixture(
            "F7 an error line after a piece",
            [content("Hi"), #"{"error":"an error was encountered while running the model: unexpected EOF"}"#],
            content: "Hi",
            failure: "modelCrashed"
        ),
        StreamFixture(
            "F7 an error line with JSON in its message, and a status",
            [#"{"StatusCode":429,"Status":"429","error":"{\"error\":{\"code\":429,\"message\":\"slow down\"}}"}"#],
            failure: "rateLimited"
        ),
        StreamFixture(
            "F8 no last piece",
            [content("Hi"), calls(call("one", "{}", id: "x"))],
            content: "Hi",
            calls: ["x one {}"],
            failure: "incompleteResponse"
        ),
        StreamFixture("F8 no piece", [], hasLastEnd: false, failure: "incompleteResponse"),
        StreamFixture(
            "F8 an end inside a line",
            [content("Hi"), #"{"model":"m","message":{"con"#],
            hasLastEnd: false,
            content: "Hi",
            failure: "invalidResponse"
        ),
        StreamFixture(
            "F8 blank lines, and no line break at the end",
            ["", content("Grüße 👋"), "", " ", done],
            hasLastEnd: false,
            content: "Grüße 👋"
        ),
        StreamFixture("F8 lines that end with CRLF", [content("Hi"), done], end: "\r\n", content: "Hi"),
        StreamFixture(
            "F9 a call that was cut off",
            [
                calls(call("city", "{}", id: "x")),
                #"{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"length"}"#,
            ],
            calls: ["x city {}"]
        ),
        StreamFixture("F10 an empty message", [done]),
        StreamFixture("F10 only thinking", [thinking("Hm."), done], thinking: "Hm."),
        StreamFixture(
            "F11 a call as text",
            [content(#"{\"name\": \"one\", "#), content(#"\"arguments\": {}}"#), done],
            content: #"{"name": "one", "arguments": {}}"#
        ),
        StreamFixture(
            "F12 large numbers, nested objects and escaped text",
            [calls(call("one", big, id: "x")), done],
            calls: [#"x one {"n":9007199254740993,"e":1e20,"o":{"z":1,"a":{"y":2,"b":3}},"t":"<b> & é 日本 👩‍🚀 é"}"#]
        ),
    ]
}
