import Testing
import ToolJSON
import ToolSchema

@Suite("Placeholders for missing values")
struct CoercionOfPlaceholdersTests {
    typealias Case = CoercionTests.Case

    private static let placeholders: [JSON] = [
        nil, "", " ", "\n\t ", "null", "Null", "NULL", "None", "nil", "undefined",
    ]

    /// Schemas of a member that accept none of the placeholders.
    private static let refusing: [JSON] = [
        ["type": "integer"], ["type": "number", "minimum": 1], ["type": "boolean"], ["enum": ["a", "b"]],
        ["type": "array", "items": ["type": "string"]], ["type": "array", "items": ["type": "integer"]],
        ["anyOf": [["enum": ["a"]], ["type": "integer"]]], ["type": "string", "const": "a", "minLength": 1],
        ["type": "object", "required": ["x"]], ["const": 7], ["anyOf": [["type": "integer"], ["type": "boolean"]]],
        ["$ref": "#/$defs/n"], ["allOf": [["type": "integer"], ["minimum": 1]]],
    ]

    @Test("placeholders are removed from optional members that do not accept them", arguments: placeholders, refusing)
    func removes(placeholder: JSON, member: JSON) throws {
        let schema = try Schema([
            "properties": ["a": member, "b": true], "required": ["b"], "$defs": ["n": ["type": "integer"]],
        ])
        let fitting = schema.fitting(["b": placeholder, "a": placeholder])
        #expect(fitting.value == ["b": placeholder])
        #expect(
            fitting.coercions.map(\.json) == [["path": "/a", "rule": "placeholder_removed", "from": placeholder]]
        )
        #expect(fitting.coercions.allSatisfy { $0.to == nil })
        #expect(fitting.violations.isEmpty)
    }

    @Test("placeholders for required members are kept and reported", arguments: placeholders, refusing + accepting)
    func required(placeholder: JSON, member: JSON) throws {
        for required: JSON in [
            ["required": ["a"]], ["allOf": [["required": ["a"]]]], ["$ref": "#/$defs/r"],
            ["anyOf": [["required": ["a"]]]], ["minProperties": 1], ["if": true, "then": ["required": ["a"]]],
        ] {
            var document = try #require(required.object)
            document["properties"] = ["a": member]
            document["$defs"] = ["n": ["type": "integer"], "r": ["allOf": [["required": ["a"]]]]]
            let fitting = try Schema(.object(document)).fitting(["a": placeholder])
            #expect(fitting.value.object?["a"] != nil)
            #expect(!fitting.coercions.contains { $0.rule == .placeholderRemoved })
            #expect(fitting.violations.first?.path.hasPrefix("/a") == true)
            #expect(!fitting.violations.contains { $0.path == "/a" && $0.sent == nil })
        }
    }

    /// Schemas of a member that accept other strings.
    private static let accepting: [JSON] = [
        ["type": "string", "pattern": "^[0-9]+$"], ["type": "string", "minLength": 20],
        ["not": ["type": ["string", "null"]]], ["allOf": [["type": "string"], ["minLength": 20]]],
        ["anyOf": [["enum": ["a"]], ["type": "string", "minLength": 20]]],
        ["type": ["string", "integer"], "minLength": 20],
    ]

    @Test(
        "placeholders other than null are kept and reported if the member accepts other strings",
        arguments: accepting
    )
    func accepted(member: JSON) throws {
        let schema = try Schema(["properties": ["filter": member]])
        for placeholder in Self.placeholders {
            let fitting = schema.fitting(["filter": placeholder])
            #expect(fitting.value == (placeholder.isNull ? [:] : ["filter": placeholder]))
            #expect(fitting.violations.map(\.path) == (placeholder.isNull ? [] : ["/filter"]))
        }
    }

    @Test(
        "violations describe the placeholders if the value is invalid without them",
        arguments: [
            (
                [
                    "properties": ["n": ["type": "integer"]], "if": ["properties": ["mode": ["const": "one"]]],
                    "then": ["required": ["n"]],
                ], ["mode": "one", "n": ""]
            ),
            (["properties": ["n": ["type": "integer"]], "dependentRequired": ["a": ["n"]]], ["a": 1, "n": ""]),
            (["properties": ["n": ["type": "integer"]], "minProperties": 1], ["n": ""]),
            (
                ["properties": ["n": ["type": "integer"]], "dependentSchemas": ["a": ["required": ["n"]]]],
                ["a": 1, "n": ""]
            ),
        ] as [(JSON, JSON)]
    )
    func facts(schema: JSON, sent: JSON) throws {
        let fitting = try Schema(schema).fitting(sent)
        #expect(fitting.value == sent)
        #expect(fitting.violations.map(\.message) == [#"n: expected an integer, got """#])
    }

    @Test(
        "placeholders are removed from members of inner objects and keep their meaning elsewhere",
        arguments: [
            // Placeholders that the member accepts.
            Case(["properties": ["a": ["type": "string"]]], ["a": ""], ["a": ""]),
            Case(["properties": ["a": ["type": "string"]]], ["a": "None"], ["a": "None"]),
            Case(["properties": ["a": ["type": ["string", "null"]]]], ["a": nil], ["a": nil]),
            Case(["properties": ["a": ["type": ["integer", "null"]]]], ["a": "null"], ["a": nil], .nullFromText),
            Case(["properties": ["a": ["enum": ["", "x"]]]], ["a": ""], ["a": ""]),
            Case(["properties": ["a": ["enum": ["none", "x"]]]], ["a": "None"], ["a": "none"], .valueByCase),
            Case(["properties": ["a": ["type": "object"]]], ["a": ""], ["a": [:]], .objectFromEmptyText),
            Case(["properties": ["a": [:]]], ["a": nil], ["a": nil]),
            Case(
                ["properties": ["a": ["type": "array", "items": ["enum": ["None", "A"]]]]],
                ["a": "None"],
                ["a": ["None"]],
                .arrayFromElement
            ),
            // Members of inner objects.
            Case(
                ["properties": ["o": ["properties": ["n": ["type": "integer"]]]]],
                ["o": ["n": nil, "m": 1]],
                ["o": ["m": 1]],
                .placeholderRemoved
            ),
            Case(
                ["items": ["properties": ["n": ["type": "integer"]]]],
                [["n": ""], ["n": 1]],
                [[:], ["n": 1]],
                .placeholderRemoved
            ),
            Case(
                ["properties": ["o": ["type": "object", "properties": ["n": ["type": "integer"]]]]],
                ["o": #"{"n":"None"}"#],
                ["o": [:]],
                .objectFromText,
                .placeholderRemoved
            ),
            Case(
                ["oneOf": [["properties": ["k": ["const": "a"], "n": ["type": "integer"]], "required": ["k"]]]],
                ["k": "a", "n": ""],
                ["k": "a"],
                .placeholderRemoved
            ),
            Case(
                [
                    "properties": ["a": ["type": "string"], "b": ["type": "string"]],
                    "anyOf": [["required": ["a"]], ["required": ["b"]]],
                ],
                ["a": "x", "b": nil],
                ["a": "x"],
                .placeholderRemoved
            ),
            Case(
                ["allOf": [["properties": ["a": ["type": "integer"]]], ["properties": ["a": ["minimum": 1]]]]],
                ["a": "null"],
                [:],
                .placeholderRemoved
            ),
            Case(
                ["properties": ["a": ["type": "integer"], "b": ["type": "integer"], "c": ["type": "integer"]]],
                ["a": "", "b": "2", "c": nil],
                ["b": 2],
                .placeholderRemoved,
                .numberFromText,
                .placeholderRemoved
            ),
        ]
    )
    func meaning(_ test: Case) throws {
        try test.check(isValid: true)
    }

    /// Elements have positions, and the model chose the names of a map's members, so neither are optional.
    @Test(
        "placeholders in arrays and maps are kept",
        arguments: [
            Case(["items": ["type": "integer"]], [1, nil, 2], [1, nil, 2]),
            Case(["items": ["type": "integer"]], [1, ""], [1, ""]),
            Case(["prefixItems": [["type": "integer"]]], [nil], [nil]),
            Case(["additionalProperties": ["type": "integer"]], ["a": nil], ["a": nil]),
            Case(["patternProperties": ["^a": ["type": "integer"]]], ["a": ""], ["a": ""]),
            Case(["properties": ["a": ["type": "integer"]]], ["a": "none"], ["a": "none"]),
            Case(["properties": ["a": ["type": "integer"]]], ["a": "n/a"], ["a": "n/a"]),
            Case(["properties": ["a": ["type": "integer"]]], ["a": []], ["a": []]),
        ]
    )
    func stay(_ test: Case) throws {
        try test.check(isValid: false)
    }

    @Test("any number of placeholders is removed in one pass")
    func many() throws {
        let names = (0..<20_000).map { "n\($0)" }
        let schema = try Schema([
            "properties": .object(JSONObject(names.map { ($0, ["type": "integer"]) })), "required": ["r"],
        ])
        let fitting = schema.fitting(.object(JSONObject([("r", 1)] + names.map { ($0, nil) })))
        #expect(fitting.value == ["r": 1])
        #expect(fitting.coercions.count == names.count)
    }
}
