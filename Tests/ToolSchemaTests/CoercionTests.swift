import Testing
import ToolJSON
import ToolSchema

@Suite("Coercion by declared type")
struct CoercionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let schema: JSON
        let sent: JSON
        let coerced: JSON
        let rules: [Coercion.Rule]

        init(_ schema: JSON, _ sent: JSON, _ coerced: JSON, _ rules: Coercion.Rule...) {
            self.schema = schema
            self.sent = sent
            self.coerced = coerced
            self.rules = rules
        }

        var testDescription: String { "\(schema) ← \(sent)" }
    }

    @Test(
        "coercion converts a value with a single possible meaning",
        arguments: [
            Case(["type": "integer"], "12", 12, .numberFromText),
            Case(["type": "integer"], "-12.0", -12, .numberFromText),
            Case(["type": "number"], "1.50", .number("1.50"), .numberFromText),
            Case(["type": "integer"], .number("12.0"), 12, .plainInteger),
            Case(["type": "integer"], .number("1e3"), 1000, .plainInteger),
            Case(["type": "boolean"], "true", true, .booleanFromText),
            Case(["type": "boolean"], "False", false, .booleanFromText),
            Case(["type": ["integer", "null"]], "null", nil, .nullFromText),
            Case(["type": "object"], "", [:], .objectFromEmptyText),
            Case(["type": "object"], #"{"a":1}"#, ["a": 1], .objectFromText),
            Case(["type": "array"], "[1, 2]", [1, 2], .arrayFromText),
            Case(["type": "array", "items": ["type": "string"]], "a", ["a"], .arrayFromElement),
            Case(
                ["type": "array", "items": ["type": "object", "properties": ["n": ["type": "integer"]]]],
                ["n": "1"],
                [["n": 1]],
                .arrayFromElement,
                .numberFromText
            ),
            Case(["type": "array", "items": ["type": "integer"]], "5", [5], .arrayFromElement, .numberFromText),
            Case(["enum": ["Celsius", "Kelvin"]], "celsius", "Celsius", .valueByCase),
            Case(["enum": [1, 2]], "2", 2, .numberFromText),
            Case(["const": "Yes"], "YES", "Yes", .valueByCase),
            Case(
                ["properties": ["a": ["type": "integer"], "b": ["properties": ["c": ["type": "boolean"]]]]],
                ["a": "1", "b": ["c": "true"]],
                ["a": 1, "b": ["c": true]],
                .numberFromText,
                .booleanFromText
            ),
            Case(
                ["properties": ["a": ["$ref": "#/$defs/n"]], "$defs": ["n": ["type": "integer"]]],
                ["a": "1"],
                ["a": 1],
                .numberFromText
            ),
            Case(["anyOf": [["type": "integer"], ["type": "null"]]], "7", 7, .numberFromText),
            Case(["allOf": [["type": ["integer", "string"]], ["type": "integer"]]], "7", 7, .numberFromText),
            Case(
                ["type": "object", "properties": ["tags": ["type": "array", "items": ["enum": ["A", "B"]]]]],
                #"{"tags":"[\"a\",\"b\"]"}"#,
                ["tags": ["A", "B"]],
                .objectFromText,
                .arrayFromText,
                .valueByCase,
                .valueByCase
            ),
            Case(["prefixItems": [["type": "integer"], ["type": "string"]]], ["1", "1"], [1, "1"], .numberFromText),
            Case(
                [
                    "$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": true,
                    "properties": ["n": ["type": "integer"], "parts": ["items": ["$recursiveRef": "#"]]],
                ],
                ["n": "1", "parts": [["n": "2"]]],
                ["n": 1, "parts": [["n": 2]]],
                .numberFromText,
                .numberFromText
            ),
            Case(
                [
                    "$schema": "https://json-schema.org/draft/2019-09/schema", "$id": "http://a.example/outer",
                    "$recursiveAnchor": true, "$ref": "tree", "properties": ["n": ["type": "integer"]],
                    "$defs": [
                        "tree": [
                            "$id": "tree", "$recursiveAnchor": true, "properties": ["next": ["$recursiveRef": "#"]],
                        ]
                    ],
                ],
                ["next": ["next": ["n": "1"]]],
                ["next": ["next": ["n": 1]]],
                .numberFromText
            ),
            Case(
                [
                    "$id": "http://a.example/outer", "$dynamicAnchor": "node", "$ref": "tree",
                    "properties": ["n": ["type": "integer"]],
                    "$defs": [
                        "tree": [
                            "$id": "tree", "$dynamicAnchor": "node", "properties": ["next": ["$dynamicRef": "#node"]],
                        ]
                    ],
                ],
                ["next": ["n": "1"]],
                ["next": ["n": 1]],
                .numberFromText
            ),
            Case(
                ["patternProperties": ["^n": ["type": "number"]]],
                ["n1": "1", "s": "1"],
                ["n1": 1, "s": "1"],
                .numberFromText
            ),
        ]
    )
    func coerces(_ test: Case) throws {
        let fitting = try Schema(test.schema).fitting(test.sent)
        #expect(fitting.value == test.coerced)
        #expect(fitting.value.text() == test.coerced.text())
        #expect(fitting.coercions.map(\.rule) == test.rules)
        #expect(fitting.violations.isEmpty)
    }

    @Test(
        "coercion keeps valid values and ambiguous ones",
        arguments: [
            Case(["type": ["integer", "string"]], "12", "12"),
            Case(["type": "number"], .number("12.0"), .number("12.0")),
            Case(["type": "integer"], .number("1e30"), .number("1e30")),
            Case(["type": "string"], "true", "true"),
            Case(["type": "string"], 12, 12),
            Case(["type": "integer"], "12.5", "12.5"),
            Case(["type": "integer"], "twelve", "twelve"),
            Case(["type": "integer"], "0x10", "0x10"),
            Case(["type": "integer"], "", ""),
            Case(["type": "integer"], 12.5, 12.5),
            Case(["type": "boolean"], 1, 1),
            Case(["type": "boolean"], "yes", "yes"),
            Case(["type": "array"], nil, nil),
            Case(["type": "array", "items": ["type": "string"]], "", ""),
            Case(["type": "array", "items": ["type": "string"]], nil, nil),
            Case(["type": "array", "items": ["type": "string"]], 1, 1),
            Case(["type": "array", "items": ["type": "integer"]], "1,2", "1,2"),
            Case(["type": "array"], "a", "a"),
            Case(["type": "object"], "[]", "[]"),
            Case(["enum": ["a", "A"]], "a", "a"),
            Case(["enum": ["ab", "AB"]], "aB", "aB"),
            Case(["anyOf": [["type": "integer"], ["type": "boolean"]]], "1.5", "1.5"),
            Case(["anyOf": [["enum": ["ON"]], ["enum": ["On"]]]], "on", "on"),
            Case(true, "12", "12"),
            Case([:], "12", "12"),
        ]
    )
    func leaves(_ test: Case) throws {
        let fitting = try Schema(test.schema).fitting(test.sent)
        #expect(fitting.value == test.coerced)
        #expect(fitting.value.text() == test.coerced.text())
        #expect(fitting.coercions.isEmpty)
    }

    @Test("a coercion records its place, the original value and the replacement")
    func record() throws {
        let schema = try Schema(["properties": ["list": ["items": ["type": "integer"]]]])
        let fitting = schema.fitting(["list": [1, "2", "x"]])
        #expect(fitting.value == ["list": [1, 2, "x"]])
        #expect(
            fitting.coercions.map(\.json) == [
                ["path": "/list/1", "rule": "number_from_text", "from": "2", "to": 2]
            ]
        )
        #expect(fitting.violations.map(\.path) == ["/list/2"])
    }

    @Test("coercion of nested branches takes bounded time")
    func branches() throws {
        var definitions: JSONObject = ["level0": ["type": "integer", "minimum": 1_000]]
        for level in 1...40 {
            let inner: JSON = ["$ref": .string("#/$defs/level\(level - 1)")]
            definitions["level\(level)"] = ["anyOf": [inner, inner, inner]]
        }
        let fitting = try Schema(["$ref": "#/$defs/level40", "$defs": .object(definitions)]).fitting("1")
        #expect(!fitting.violations.isEmpty)
    }

    @Test("coercion does not wrap a value in endless arrays of arrays", arguments: [5, "x", ["a": 1]] as [JSON])
    func endlessArrays(value: JSON) throws {
        let schema = try Schema(["type": "array", "items": ["$ref": "#"]])
        let fitting = schema.fitting(value)
        #expect(fitting.value == value)
        #expect(fitting.coercions.isEmpty)
        #expect(fitting.violations.map(\.keyword) == ["type"])
        let dynamic = try Schema([
            "type": "array",
            "items": ["allOf": [["items": ["type": "boolean"]], ["$dynamicRef": "#"]], "unevaluatedItems": false],
        ])
        #expect(dynamic.fitting([["true"]]).value == [[[true]]])
        let pairs = try Schema(["type": "array", "items": ["type": "array", "items": ["type": "integer"]]])
        #expect(pairs.fitting("5").value == [[5]])
    }

    @Test("coercion follows references only to the depth of the evaluator")
    func longChain() throws {
        var definitions: JSONObject = ["link0": ["type": "integer"]]
        for link in 1...19_000 { definitions["link\(link)"] = ["$ref": .string("#/$defs/link\(link - 1)")] }
        let fitting = try Schema(["$ref": "#/$defs/link19000", "$defs": .object(definitions)]).fitting("1")
        #expect(fitting.violations.map(\.keyword) == [""])
    }

    @Test("coercion stops at the first pattern search that takes too long")
    func searches() throws {
        let slow = "^(a|a|b)*(a*)*c"
        var patterns: JSONObject = [:]
        for number in 0..<60 { patterns["\(slow)\(number)"] = ["type": "integer"] }
        var members: JSONObject = [:]
        for number in 0..<30 { members[String(repeating: "a", count: 30) + "\(number)"] = "1" }
        let branches: [JSON] = (0..<300).map { ["pattern": .string("\(slow)\($0)"), "minLength": .int($0)] }
        let duration = try ContinuousClock().measure {
            for (schema, value) in [
                (["patternProperties": .object(patterns)], .object(members)),
                (["anyOf": .array(branches)], .string(String(repeating: "a", count: 400) + "0123456789")),
            ] as [(JSON, JSON)] {
                let fitting = try Schema(schema).fitting(value)
                #expect(fitting.value == value)
                #expect(fitting.violations.map(\.keyword) == [""])
            }
        }
        #expect(duration < .seconds(5))
    }
}

extension JSON {
    /// Creates a number from its literal.
    fileprivate static func number(_ literal: String) -> JSON {
        JSONNumber(literal: literal).map(JSON.number) ?? nil
    }
}
