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

    private static let flat: JSON = [
        "properties": ["name": ["type": "string"], "level": ["type": "integer"]], "required": ["name", "level"],
    ]
    private static let log: JSON = [
        "properties": [
            "name": ["type": "string"],
            "data": ["type": "object", "properties": ["level": ["type": "integer"]], "required": ["level"]],
        ],
        "required": ["name"],
    ]

    private static func fitting(_ schema: JSON, _ sent: JSON) throws -> Fitting {
        let members = try #require(sent.object)
        return try Schema(schema).fitting(arguments: members, ofToolNamed: "weather", within: WorkBudget())
    }

    /// Envelopes around `{"city": "Oslo"}` that can only be calls.
    private static let calls: [JSON] =
        [
            "arguments", "argument", "args", "arg", "parameters", "parameter", "params", "param", "kwargs", "input",
            "inputs", "function", "call", "tool", "tool_call", "function_call", "functionCall", "tool_input",
            "toolArgs", "Arguments", "tool-parameters", "action_input", "weather",
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
            ["arguments": #"{"city":"Oslo"}"#],
            ["arguments": [["city": "Oslo"]]],
            ["arguments": ["arguments": ["city": "Oslo"]]],
            ["input": ["parameters": ["weather": ["city": "Oslo"]]]],
            ["weather": ["name": "weather", "arguments": ["city": "Oslo"]]],
        ]

    /// Envelopes around `{"city": "Oslo"}` that can also be arguments.
    private static let ambiguous: [JSON] =
        ["properties", "payload", "data", "body", "value", "values"].map { .object([$0: ["city": "Oslo"]]) } + [
            ["type": "object", "properties": ["city": "Oslo"], "required": ["city"]],
            ["id": "1", "arguments": ["city": "Oslo"]], ["id": "1", "data": ["city": "Oslo"]],
            ["id": "1", "arguments": ["arguments": ["city": "Oslo"]]],
            ["arguments": ["data": ["city": "Oslo"]]],
        ]

    @Test("an envelope that can also be arguments is removed only if it violates the schema", arguments: ambiguous)
    func removes(ambiguous: JSON) throws {
        for schema in [Self.closed, Self.open] { try removes(envelope: ambiguous, schema: schema) }
        let fitting = try Self.fitting(Self.optional, ambiguous)
        #expect(fitting.value == ambiguous)
        #expect(fitting.coercions.isEmpty)
    }

    @Test(
        "an envelope that can only be a call is removed and reported as a coercion",
        arguments: calls,
        [closed, open, optional]
    )
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

    @Test("an envelope is removed before the arguments inside are coerced")
    func coerced() throws {
        let fitting = try Self.fitting(Self.closed, ["args": ["city": "Oslo", "days": "3"]])
        #expect(fitting.value == ["city": "Oslo", "days": 3])
        #expect(fitting.coercions.map(\.rule) == [.argumentsUnwrapped, .numberFromText])
        #expect(fitting.coercions.map(\.path) == ["", "/days"])
    }

    @Test(
        "an envelope is removed if the tool's name would otherwise become an argument",
        arguments: [
            ["name": "weather", "arguments": ["name": "Ada"]],
            ["function": ["name": "weather", "arguments": ["name": "Ada"]]],
            ["name": "weather", "arguments": ["name": "weather", "arguments": ["name": "Ada"]]],
        ] as [JSON]
    )
    func ownName(sent: JSON) throws {
        #expect(try Self.fitting(Self.named, sent).value == ["name": "Ada"])
    }

    @Test(
        "an envelope without arguments is removed if it names the tool or violates the schema",
        arguments: [[:], nil, ""] as [JSON]
    )
    func empty(held: JSON) throws {
        let none: JSON = ["type": "object", "properties": [:], "additionalProperties": false]
        let free: JSON = ["type": "object"]
        #expect(try Self.fitting(none, ["name": "weather", "arguments": held]).value == [:])
        #expect(try Self.fitting(free, ["name": "weather", "arguments": held]).value == [:])
        #expect(try Self.fitting(none, ["arguments": held]).value == [:])
        #expect(try Self.fitting(free, ["arguments": held]).value == ["arguments": held])
    }

    @Test("an envelope with the tool's name is removed around invalid arguments, whose violations are reported")
    func misfit() throws {
        for schema in [Self.closed, Self.open] {
            let fitting = try Self.fitting(schema, ["name": "weather", "arguments": ["town": "Oslo"]])
            #expect(fitting.coercions.map(\.rule) == [.argumentsUnwrapped])
            #expect(fitting.violations.first?.nearest == "\"town\"")
        }
        let fitting = try Self.fitting(Self.named, ["name": "weather", "arguments": ["nme": "Ada"]])
        #expect(fitting.violations.map(\.path) == ["/name"])
    }

    /// Schemas, and arguments that are kept unchanged.
    private static let kept: [(schema: JSON, sent: JSON)] = [
        // The schema declares the member, and its value is valid.
        (["properties": ["arguments": ["type": "object"]]], ["arguments": ["city": "Oslo"]]),
        (["properties": ["data": true, "city": true], "required": ["data"]], ["data": ["city": "Oslo"]]),
        (
            ["properties": ["data": ["type": "object"], "id": ["type": "string"]], "required": ["data", "id"]],
            ["data": ["data": [:], "id": "1"]]
        ),
        (["patternProperties": ["^a": true], "required": ["b"]], ["arguments": ["b": 1]]),
        // The schema declares a member that would be discarded.
        (
            ["properties": ["id": ["type": "string"], "city": ["type": "string"]], "required": ["city"]],
            ["id": "7", "data": ["city": "Oslo"]]
        ),
        // Free-form objects.
        ([:], ["arguments": ["city": "Oslo"]]),
        (["type": "object", "additionalProperties": true], ["data": ["a": 1]]),
        (["type": "object", "additionalProperties": ["type": "object"]], ["input": ["a": 1]]),
        (["type": "object"], ["title": "Report", "description": "Long words", "body": [:]]),
        (["type": "object"], ["title": "Report", "body": ""]),
        (["type": "object"], ["id": 7, "data": [:]]),
        (["type": "object"], ["data": nil]),
        (["type": "object"], ["value": nil]),
        (["type": "object"], ["value": ""]),
        (["type": "object"], ["arguments": ""]),
        (["type": "object"], ["name": "weather", "data": ["a": 1]]),
        (["type": "object"], ["id": 7, "data": ["name": "weather", "arguments": ["a": 1]]]),
        (["properties": ["table": ["type": "string"]]], ["id": 7, "data": ["table": "x"]]),
        (optional, ["data": ["a": 1]]),
        (optional, ["data": ["city": "Oslo", "a": 1]]),
        // The declared member can be intended.
        (
            ["properties": ["input": ["type": "string", "maxLength": 20], "force": ["type": "boolean"]]],
            ["input": #"{"force": true, "n": "a long string"}"#]
        ),
        (
            ["properties": ["input": ["type": "string"], "force": ["type": "boolean"]], "required": ["force"]],
            ["input": #"{"force": true}"#]
        ),
        (["properties": ["input": ["type": "string"], "force": ["type": "boolean"]]], ["input": ["force": true]]),
        (log, ["name": "weather", "data": ["name": "x"]]),
        (log, ["name": "weather", "data": ["level": "high"]]),
        (flat, ["name": "weather", "data": ["level": "high"]]),
        // Other members would be discarded.
        (closed, ["id": 7, "arguments": [:]]),
        (["properties": [:], "additionalProperties": false], ["id": 7, "value": ""]),
        // The arguments inside do not satisfy the schema.
        (closed, ["arguments": ["town": "Oslo"]]),
        (closed, ["arguments": "Oslo"]),
        (closed, ["arguments": ["Oslo"]]),
        (closed, ["arguments": [["city": "Oslo"], ["city": "Rome"]]]),
        (closed, ["arguments": 1]),
        (closed, ["arguments": [:]]),
        // The object is not an envelope of this tool.
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

    @Test("an object whose members can be arguments is kept", arguments: kept)
    func keeps(schema: JSON, sent: JSON) throws {
        let fitting = try Self.fitting(schema, sent)
        #expect(fitting.value == sent)
        #expect(fitting.coercions.isEmpty)
    }

    @Test("invalid arguments inside an unnamed envelope do not replace the violations of the sent arguments")
    func facts() throws {
        let fitting = try Self.fitting(Self.log, ["name": "weather", "data": ["level": "high"]])
        #expect(fitting.violations.map(\.message) == [#"data.level: expected an integer, got "high""#])
    }

    @Test("an envelope is removed if its declared member cannot be an object but contains the required members")
    func declared() throws {
        let schema: JSON = [
            "properties": ["command": ["type": "string"], "arguments": ["type": "string"]], "required": ["command"],
        ]
        let call: JSON = ["command": "ls", "arguments": "-l"]
        #expect(try Self.fitting(schema, ["arguments": call]).value == call)
        #expect(try Self.fitting(schema, call).coercions.isEmpty)
    }

    @Test("nested envelopes are removed to a bounded depth")
    func deep() throws {
        var sent: JSON = ["city": "Oslo"]
        for _ in 0..<8 { sent = ["arguments": sent] }
        #expect(try Self.fitting(Self.closed, sent).value == ["city": "Oslo"])
        for _ in 0..<200 { sent = ["arguments": sent] }
        #expect(try !Self.fitting(Self.closed, sent).violations.isEmpty)
    }

    @Test("envelopes and the arguments inside share one budget")
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
        // The sent arguments are valid, so an exhausted budget does not change the result.
        let optional = try Schema(["properties": ["n": ["type": "array", "items": ["type": "integer"]]]])
        let valid = optional.fitting(arguments: sent, ofToolNamed: "sum", within: WorkBudget(steps: 10_000))
        #expect(valid.violations.isEmpty)
        #expect(valid.value == .object(sent))
    }
}
