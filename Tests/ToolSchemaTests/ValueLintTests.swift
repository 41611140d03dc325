import Testing
import ToolJSON
import ToolSchema

@Suite("SchemaLint for values", .timeLimit(.minutes(2)))
struct ValueLintTests {
    /// Returns the places of invalid values below "/parameters", by rule.
    private static func findings(_ parameters: JSON, toolhost: JSON? = nil) -> [String] {
        var tool: JSONObject = ["name": "roll", "description": "Throw one die", "parameters": parameters]
        if let toolhost { tool["toolhost"] = toolhost }
        return findings([tool])
    }

    private static func findings(_ tools: [JSONObject]) -> [String] {
        SchemaLint.findings(in: tools).compactMap { finding in
            switch finding.rule {
            case .unusableDefault: "default \(finding.path.dropFirst("/parameters".count))"
            case .refusedValue: "value \(finding.path.dropFirst("/parameters".count))"
            case .refusedExample: "example \(finding.tool)\(finding.path)"
            default: nil
            }
        }
    }

    // MARK: - The places of schemas

    /// A schema with an invalid default, and one with a valid default.
    private static let (bad, good): (JSON, JSON) = (
        ["type": "integer", "default": "x"], ["type": "integer", "default": 1]
    )

    /// Parameters around a schema, and the place of that schema in them.
    struct Place: Sendable, CustomTestStringConvertible {
        let path: String
        let around: @Sendable (JSON) -> JSON

        var testDescription: String { path }

        init(_ path: String, _ around: @escaping @Sendable (JSON) -> JSON) { (self.path, self.around) = (path, around) }
    }

    private static let places: [Place] = [
        Place("") { $0 },
        Place("/properties/a") { ["properties": ["a": $0]] },
        Place("/properties/default") { ["properties": ["default": $0]] },
        Place("/properties/enum/properties/b") { ["properties": ["enum": ["properties": ["b": $0]]]] },
        Place("/patternProperties/^a~1~0 é$") { ["patternProperties": ["^a/~ é$": $0]] },
        Place("/additionalProperties") { ["additionalProperties": $0] },
        Place("/unevaluatedProperties") { ["unevaluatedProperties": $0] },
        Place("/propertyNames") { ["propertyNames": $0] },
        Place("/dependentSchemas/a") { ["dependentSchemas": ["a": $0]] },
        Place("/items") { ["items": $0] },
        Place("/prefixItems/1") { ["prefixItems": [true, $0]] },
        Place("/unevaluatedItems") { ["unevaluatedItems": $0] },
        Place("/contains") { ["contains": $0] },
        Place("/allOf/0") { ["allOf": [$0]] },
        Place("/anyOf/1") { ["anyOf": [true, $0]] },
        Place("/oneOf/0") { ["oneOf": [$0]] },
        Place("/not") { ["not": $0] },
        Place("/if") { ["if": $0, "then": true] },
        Place("/then") { ["if": true, "then": $0] },
        Place("/else") { ["if": true, "else": $0] },
        Place("/$defs/a") { ["$defs": ["a": $0], "properties": ["b": ["$ref": "#/$defs/a"]]] },
        Place("/$defs/a b~1~0%é") { ["$defs": ["a b/~%é": $0]] },
        Place("/definitions/a") { ["definitions": ["a": $0], "additionalProperties": false] },
        Place("/items/0") { ["$schema": "http://json-schema.org/draft-07/schema#", "items": [$0]] },
        Place("/dependencies/a") { ["$schema": "http://json-schema.org/draft-07/schema#", "dependencies": ["a": $0]] },
        Place("/definitions/a") {
            ["$schema": "http://json-schema.org/draft-04/schema#", "definitions": ["a": $0]]
        },
        Place("/properties/a") {
            ["$schema": "https://json-schema.org/draft/2019-09/schema", "properties": ["a": $0]]
        },
    ]

    @Test("the lint finds an invalid default at every place of a schema", arguments: places)
    func findsPlaces(_ place: Place) {
        #expect(Self.findings(place.around(Self.bad)) == ["default \(place.path)/default"])
        #expect(Self.findings(place.around(Self.good)) == [])
    }

    // MARK: - The reasons for invalid values

    private static let keywords: [(schema: JSON, bad: JSON, good: JSON)] = [
        (["type": "integer"], 1.5, 2.0), (["type": ["string", "null"]], false, nil), (["enum": [1, 2]], 3, 2),
        (["const": 1], 2, 1), (["minimum": 1], 0, 1), (["exclusiveMinimum": 1], 1, 2), (["maximum": 3], 7, 3),
        (["exclusiveMaximum": 3], 3, 2), (["multipleOf": 5], 7, 10), (["minLength": 2], "a", "ab"),
        (["maxLength": 1], "ab", "a"), (["pattern": "^a"], "b", "a"), (["minItems": 1], [], [1]),
        (["maxItems": 1], [1, 2], [1]), (["uniqueItems": true], [1, 1], [1]),
        (["items": ["type": "string"]], [1], ["a"]),
        (["prefixItems": [["type": "string"]]], [1], ["a"]), (["contains": ["const": 1]], [2], [1]),
        (["required": ["a"]], [:], ["a": 1]), (["minProperties": 1], [:], ["a": 1]),
        (["maxProperties": 0], ["a": 1], [:]),
        (["properties": ["a": ["type": "string"]]], ["a": 1], ["a": "b"]),
        (["patternProperties": ["^a": false]], ["ab": 1], ["b": 1]), (["additionalProperties": false], ["a": 1], [:]),
        (["propertyNames": ["maxLength": 1]], ["ab": 1], ["a": 1]),
        (["dependentRequired": ["a": ["b"]]], ["a": 1], [:]),
        (["anyOf": [["type": "string"], ["type": "null"]]], 1, nil),
        (["oneOf": [["minimum": 1], ["maximum": 1]]], 1, 2),
        (["allOf": [["minimum": 1], ["maximum": 3]]], 4, 2), (["not": ["type": "string"]], "a", 1),
        (["if": ["type": "string"], "then": ["minLength": 2]], "a", 1), (["$ref": "#/$defs/small"], 4, 3),
    ]

    @Test(
        "the lint finds invalid defaults, examples, constants and enum values for every keyword",
        arguments: keywords
    )
    func findsKeywords(schema: JSON, bad: JSON, good: JSON) {
        func check(_ keyword: String, _ value: (JSON) -> JSON, _ finding: String, _ schema: JSON) {
            func findings(_ content: JSON) -> [String] {
                var members = schema.object ?? [:]
                members[keyword] = value(content)
                return Self.findings(["$defs": ["small": ["maximum": 3]], "properties": ["a": .object(members)]])
            }
            #expect(findings(bad) == [finding], "\(keyword) of \(schema)")
            #expect(findings(good) == [], "\(keyword) of \(schema)")
        }
        check("default", { $0 }, "default /properties/a/default", schema)
        check("examples", { [good, $0] }, "value /properties/a/examples/1", schema)
        check("example", { $0 }, "value /properties/a/example", schema)
        // The enum values would violate another constant.
        guard schema["enum"] == nil, schema["const"] == nil else { return }
        check("enum", { [good, $0] }, "value /properties/a/enum/1", schema)
        check("const", { $0 }, "value /properties/a/const", schema)
    }

    @Test("a finding names the invalid value and the reason in a short message")
    func messages() throws {
        let long = JSON.string(String(repeating: "x", count: 5000))
        for (value, words) in [
            (7 as JSON, "The default 7 violates its own schema: expected at most 3. Change one of them."),
            (long, #"The default "xxx"#),
        ] {
            let parameters: JSON = ["properties": ["n": ["type": "integer", "maximum": 3, "default": value]]]
            let tool: JSONObject = ["name": "roll", "parameters": parameters]
            let finding = try #require(SchemaLint.findings(in: [tool]).first { $0.rule == .unusableDefault })
            #expect(finding.message.hasPrefix(words) && finding.message.utf8.count < 400, "\(finding.message)")
        }
    }

    @Test("the lint enforces formats only if the tool does", arguments: [false, true])
    func formats(isAsserted: Bool) {
        let parameters: JSON = ["properties": ["day": ["format": "date", "default": "soon"]]]
        let findings = Self.findings(parameters, toolhost: ["assertFormats": .bool(isAsserted)])
        #expect(findings == (isAsserted ? ["default /properties/day/default"] : []))
    }

    // MARK: - Examples of tools

    private static let examples: [(examples: JSON, findings: [String])] = [
        ([["arguments": ["sides": 6], "result": 1]], []),
        ([["arguments": ["sides": "many"], "result": 1]], ["example roll/toolhost/examples/0/arguments"]),
        (
            [["arguments": ["sides": 6], "result": 1], ["arguments": [:], "error": "TOOL_ERROR"]],
            ["example roll/toolhost/examples/1/arguments"]
        ),
        // The host coerces the value.
        ([["arguments": ["sides": "6"], "result": 1]], []),
        // The example shows the error for invalid arguments.
        ([["arguments": ["sides": "many"], "error": "TOOL_INVALID_ARGUMENTS"]], []),
        (
            [
                [
                    ["tool": "open", "arguments": ["name": 1], "keep": ["n": "/n"]],
                    ["arguments": ["sides": "$n"], "result": 1],
                ]
            ],
            ["example roll/toolhost/examples/0/0/arguments"]
        ),
        (
            [
                [
                    ["tool": "open", "arguments": ["name": "a"], "keep": ["n": "/n"]],
                    ["arguments": ["sides": "$m"], "result": 1],
                ]
            ],
            ["example roll/toolhost/examples/0/1/arguments"]
        ),
        ([[["tool": "gone", "arguments": ["name": 1]], ["arguments": ["sides": 6], "result": 1]]], []),
        ("nonsense", []), ([1, [[]], [2], ["arguments": "no"]], []),
    ]

    @Test("the lint finds examples with arguments that the called tool rejects", arguments: examples)
    func findsExamples(examples: JSON, findings: [String]) {
        let sides: JSON = ["properties": ["sides": ["type": "integer", "minimum": 2]], "required": ["sides"]]
        let name: JSON = ["properties": ["name": ["type": "string", "enum": ["a", "b"]]]]
        let tools: [JSONObject] = [
            ["name": "roll", "parameters": sides, "toolhost": ["examples": examples]],
            ["name": "open", "parameters": name],
        ]
        #expect(Self.findings(tools) == findings)
    }

    // MARK: - Bounds

    @Test(
        "the lint of values stops when its steps are spent",
        arguments: [(20, ["default /properties/b/default"]), (5000, [])]
    )
    func steps(count: Int, findings: [String]) {
        let values = (0..<count).map { JSON.string("v\($0)") }
        let slow: JSON = ["anyOf": .array(values.map { ["const": $0] }), "enum": .array(values)]
        #expect(Self.findings(["properties": ["a": slow, "b": Self.bad]]) == findings)
    }

    @Test("the lint reports at most 16 invalid values, and none below its depth limit")
    func isBounded() {
        let many = JSON.array((0..<20_000).map { .string("v\($0)") })
        #expect(Self.findings(["properties": ["a": ["type": "integer", "enum": many]]]).count == 16)
        let deep = (0..<300).reduce(Self.bad) { inner, _ in ["items": inner] }
        #expect(Self.findings(deep).count == 0)
        let circle: JSON = ["$defs": ["a": ["$ref": "#/$defs/a"]], "properties": ["a": Self.bad]]
        #expect(Self.findings(circle) == ["default /properties/a/default"])
    }
}
