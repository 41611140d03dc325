import Testing
import ToolJSON
import ToolSchema

@Suite("Envelopes around arguments")
struct CallEnvelopeTests {
    private static let closed: JSON = [
        "type": "object", "properties": ["city": ["type": "string"], "days": ["type": "integer"]],
        "required": ["city"], "additionalProperties": false,
    ]
    private static let open: JSON = [
        "type": "object", "properties": ["city": ["type": "string"], "days": ["type": "integer"]],
        "required": ["city"],
    ]
    private static let optional: JSON = [
        "type": "object", "properties": ["city": ["type": "string"], "days": ["type": "integer"]],
    ]
    private static let named: JSON = [
        "type": "object", "properties": ["name": ["type": "string"]], "required": ["name"],
    ]

    private static func fitting(_ schema: JSON, _ sent: JSON) throws -> Fitting {
        let members = try #require(sent.object)
        return try Schema(schema).fitting(arguments: members, ofToolNamed: "weather", within: WorkBudget())
    }

    /// Envelopes around `{"city": "Oslo"}`.
    private static let envelopes: [JSON] =
        [
            "arguments", "argument", "args", "arg", "parameters", "parameter", "params", "param", "kwargs", "input",
            "inputs", "properties", "payload", "data", "body", "request", "object", "json", "value", "values", "result",
            "function", "call", "tool", "tool_call", "function_call", "functionCall", "tool_input", "toolArgs",
            "Arguments", "tool-parameters", "action_input", "weather",
        ].map { .object([$0: ["city": "Oslo"]]) } + [
            ["name": "weather", "arguments": ["city": "Oslo"]],
            ["arguments": ["city": "Oslo"], "name": "weather"],
            ["name": "weather", "parameters": ["city": "Oslo"]],
            ["tool": "weather", "input": ["city": "Oslo"]],
            ["tool_name": "weather", "tool_input": ["city": "Oslo"]],
            ["action": "weather", "action_input": ["city": "Oslo"]],
            ["function": "weather", "arguments": ["city": "Oslo"]],
            ["function": ["name": "weather", "arguments": ["city": "Oslo"]]],
            ["type": "function", "function": ["name": "weather", "arguments": ["city": "Oslo"]]],
            ["id": "call_1", "type": "function", "function": ["name": "weather", "arguments": #"{"city":"Oslo"}"#]],
            ["tool_calls": [["id": "1", "function": ["name": "weather", "arguments": #"{"city":"Oslo"}"#]]]],
            ["type": "object", "properties": ["city": "Oslo"], "required": ["city"]],
            ["arguments": #"{"city":"Oslo"}"#],
            ["arguments": [["city": "Oslo"]]],
            ["arguments": ["arguments": ["city": "Oslo"]]],
            ["input": ["parameters": ["weather": ["city": "Oslo"]]]],
            ["weather": ["name": "weather", "arguments": ["city": "Oslo"]]],
        ]

    @Test("are removed, and reported as a coercion", arguments: envelopes, [closed, open, optional])
    func removes(envelope: JSON, schema: JSON) throws {
        let fitting = try Self.fitting(schema, envelope)
        #expect(fitting.value == ["city": "Oslo"])
        #expect(fitting.violations.isEmpty)
        #expect(
            fitting.coercions.map(\.json) == [
                ["path": "", "rule": "arguments_unwrapped", "from": envelope, "to": ["city": "Oslo"]]
            ]
        )
    }

    @Test("are removed before the arguments in them are coerced")
    func coerced() throws {
        let fitting = try Self.fitting(Self.closed, ["args": ["city": "Oslo", "days": "3"]])
        #expect(fitting.value == ["city": "Oslo", "days": 3])
        #expect(fitting.coercions.map(\.rule) == [.argumentsUnwrapped, .numberFromText])
        #expect(fitting.coercions.map(\.path) == ["", "/days"])
    }

    @Test(
        "are removed where the tool's own name would be taken for an argument",
        arguments: [
            ["name": "weather", "arguments": ["name": "Ada"]],
            ["function": ["name": "weather", "arguments": ["name": "Ada"]]],
            ["name": "weather", "arguments": ["name": "weather", "arguments": ["name": "Ada"]]],
        ] as [JSON]
    )
    func ownName(sent: JSON) throws {
        #expect(try Self.fitting(Self.named, sent).value == ["name": "Ada"])
    }

    @Test("are removed around no arguments", arguments: [[:], nil, ""] as [JSON])
    func empty(held: JSON) throws {
        for schema: JSON in [["type": "object", "properties": [:], "additionalProperties": false], ["type": "object"]] {
            #expect(try Self.fitting(schema, ["name": "weather", "arguments": held]).value == [:])
            #expect(try Self.fitting(schema, ["arguments": held]).value == [:])
        }
    }

    @Test("with the tool's name are removed around arguments that do not fit, which are then reported")
    func misfit() throws {
        for schema in [Self.closed, Self.open] {
            let fitting = try Self.fitting(schema, ["name": "weather", "arguments": ["town": "Oslo"]])
            #expect(fitting.coercions.map(\.rule) == [.argumentsUnwrapped])
            #expect(fitting.violations.first?.nearest == "\"town\"")
        }
        let fitting = try Self.fitting(Self.named, ["name": "weather", "arguments": ["nme": "Ada"]])
        #expect(fitting.violations.map(\.path) == ["/name"])
    }

    /// Schemas, and arguments that stay as they are.
    private static let kept: [(schema: JSON, sent: JSON)] = [
        // The schema declares the member, and it fits.
        (["properties": ["arguments": ["type": "object"]]], ["arguments": ["city": "Oslo"]]),
        (["properties": ["data": true, "city": true], "required": ["data"]], ["data": ["city": "Oslo"]]),
        (
            ["properties": ["data": ["type": "object"], "id": ["type": "string"]], "required": ["data", "id"]],
            ["data": ["data": [:], "id": "1"]]
        ),
        (["patternProperties": ["^a": true], "required": ["b"]], ["arguments": ["b": 1]]),
        // The schema declares what would be lost.
        (
            ["properties": ["id": ["type": "string"], "city": ["type": "string"]], "required": ["city"]],
            ["id": "7", "data": ["city": "Oslo"]]
        ),
        // Free-form objects.
        ([:], ["arguments": ["city": "Oslo"]]),
        (["type": "object", "additionalProperties": true], ["data": ["a": 1]]),
        (["type": "object", "additionalProperties": ["type": "object"]], ["input": ["a": 1]]),
        (optional, ["data": ["a": 1]]),
        (optional, ["data": ["city": "Oslo", "a": 1]]),
        // What is in it does not fit.
        (closed, ["arguments": ["town": "Oslo"]]),
        (closed, ["arguments": "Oslo"]),
        (closed, ["arguments": ["Oslo"]]),
        (closed, ["arguments": [["city": "Oslo"], ["city": "Rome"]]]),
        (closed, ["arguments": 1]),
        (closed, ["arguments": [:]]),
        // No envelope of this tool.
        (closed, ["name": "other", "arguments": ["city": "Oslo"]]),
        (closed, ["function": ["name": "other", "arguments": ["city": "Oslo"]]]),
        (closed, ["arguments": ["city": "Oslo"], "parameters": ["city": "Rome"]]),
        (closed, ["exclude": ["city": "Oslo"]]),
        (closed, ["arguments": ["city": "Oslo"], "dry_run": true]),
        (closed, ["arguments": ["city": "Oslo"], "city": "Rome"]),
        (named, ["name": "weather"]),
        (named, ["name": "weather", "arguments": "now"]),
        (named, ["name": "Ada", "arguments": ["name": "Bob"]]),
    ]

    @Test("stay where something else can be meant", arguments: kept)
    func keeps(schema: JSON, sent: JSON) throws {
        let fitting = try Self.fitting(schema, sent)
        #expect(fitting.value == sent)
        #expect(fitting.coercions.isEmpty)
    }

    @Test("are removed where the schema declares the member and refuses what it holds")
    func declared() throws {
        let schema: JSON = [
            "properties": ["command": ["type": "string"], "arguments": ["type": "string"]], "required": ["command"],
        ]
        let call: JSON = ["command": "ls", "arguments": "-l"]
        #expect(try Self.fitting(schema, ["arguments": call]).value == call)
        #expect(try Self.fitting(schema, call).coercions.isEmpty)
    }

    @Test("are looked for to a bounded depth")
    func deep() throws {
        var sent: JSON = ["city": "Oslo"]
        for _ in 0..<8 { sent = ["arguments": sent] }
        #expect(try Self.fitting(Self.closed, sent).value == ["city": "Oslo"])
        for _ in 0..<200 { sent = ["arguments": sent] }
        #expect(try !Self.fitting(Self.closed, sent).violations.isEmpty)
    }

    @Test("share the budget of the check with the arguments in them")
    func budget() throws {
        let numbers = JSON.array((0..<10_000).map { .string("\($0)") })
        let schema = try Schema([
            "properties": ["n": ["type": "array", "items": ["type": "integer"]]], "required": ["n"],
        ])
        let sent: JSONObject = ["arguments": ["n": numbers]]
        let whole = schema.fitting(arguments: sent, ofToolNamed: "sum", within: WorkBudget())
        #expect(whole.violations.isEmpty)
        let short = schema.fitting(arguments: sent, ofToolNamed: "sum", within: WorkBudget(steps: 10_000))
        #expect(!short.isComplete)
        #expect(!short.violations.isEmpty)
    }
}
