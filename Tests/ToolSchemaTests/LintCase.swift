import Testing
import ToolJSON

/// Tools with one problem, and similar tools without it.
struct LintCase: Sendable, CustomTestStringConvertible {
    /// The expected findings, each as its rule, a space, the tool and the path.
    let findings: [String]
    let faulty: [JSONObject]
    let sound: [JSONObject]

    var testDescription: String { findings.joined(separator: ", ") }

    init(_ findings: String..., faulty: [JSONObject], sound: [JSONObject]) {
        self.findings = findings
        self.faulty = faulty
        self.sound = sound
    }

    /// Creates a case from a parameter with a problem and one without it.
    init(_ rule: String, at path: String = "/parameters/properties/unit", faulty: JSON, sound: JSON) {
        findings = ["\(rule) measure\(path)"]
        (self.faulty, self.sound) = ([Self.measure(faulty)], [Self.measure(sound)])
    }

    private static func measure(_ unit: JSON) -> JSONObject {
        tool("measure", "Take the length of a thing", ["unit": unit])
    }

    static let all = descriptions + names + shapes + slips + sizes

    private static let descriptions = [
        LintCase(
            "missing-description roll",
            faulty: [tool("roll", " \n")],
            sound: [tool("roll", "Throw one die")]
        ),
        LintCase("missing-description", faulty: ["type": "string"], sound: text("Like cm or inch")),
        LintCase("missing-description", faulty: text("…"), sound: text("长度单位")),
        LintCase("short-description roll", faulty: [tool("roll", "Get data")], sound: [tool("roll", "Throw dice")]),
        LintCase(
            "long-description roll",
            faulty: [tool("roll", String(repeating: "word ", count: 205))],
            sound: [tool("roll", String(repeating: "word ", count: 204))]
        ),
        LintCase(
            "long-description",
            faulty: text(String(repeating: "a", count: 1025)),
            sound: text(String(repeating: "a", count: 1024))
        ),
        LintCase(
            "repeated-name getWeather",
            faulty: [tool("getWeather", "Gets the weather.")],
            sound: [tool("getWeather", "Get the weather of a place")]
        ),
        LintCase("repeated-name", faulty: text("The unit"), sound: text("The unit of length")),
        LintCase(
            "duplicate-description roll/description",
            "duplicate-description toss/description",
            faulty: [tool("toss", "Throw one die"), tool("roll", "throw one die")],
            sound: [tool("toss", "Throw a coin"), tool("roll", "Throw one die")]
        ),
        LintCase(
            "unsaid-default roll/parameters/properties/sides",
            faulty: [tool("roll", "Throw one die", ["sides": number("How many sides it has")], required: [])],
            sound: [tool("roll", "Throw one die", ["sides": number("How many sides it has")])]
        ),
    ]

    private static let names = [
        LintCase("unportable-name roll-dice/name", faulty: [named("roll-dice")], sound: [named("roll_dice")]),
        LintCase("unportable-name roll.dice/name", faulty: [named("roll.dice")], sound: [named("RollDice")]),
        LintCase("unportable-name 3d_roll/name", faulty: [named("3d_roll")], sound: [named("roll_3d")]),
        LintCase(
            "unportable-name \(String(repeating: "r", count: 65))/name",
            faulty: [named(String(repeating: "r", count: 65))],
            sound: [named(String(repeating: "r", count: 64))]
        ),
        LintCase(
            "unportable-name roll/parameters/properties/a~1b ~0",
            faulty: [tool("roll", "Throw one die", ["a/b ~": text("Which one to throw")])],
            sound: [tool("roll", "Throw one die", ["a_b": text("Which one to throw")])]
        ),
        LintCase("reserved-name python/name", faulty: [named("python")], sound: [named("run_python")]),
        LintCase("reserved-name Tool_Call/name", faulty: [named("Tool_Call")], sound: [named("phone_call")]),
        LintCase(
            "overlapping-names roll/name",
            faulty: [named("roll"), tool("roll_again", "Throw the same die again")],
            sound: [named("roll_once"), tool("roll_again", "Throw the same die again")]
        ),
        LintCase(
            "overlapping-names read/name",
            faulty: [named("read"), tool("list_threads", "List all conversations")],
            sound: [named("reading"), tool("list_threads", "List all conversations")]
        ),
        LintCase(
            "similar-names rollDice/name",
            "similar-names roll_dice/name",
            faulty: [named("roll_dice"), tool("rollDice", "Throw all dice at once")],
            sound: [named("roll_dice"), tool("roll_all_dice", "Throw all dice at once")]
        ),
        LintCase(
            "similar-names roll/parameters/properties/userID",
            faulty: [tool("roll", "Throw one die", ["user_id": text("Who throws"), "userID": text("Who asks")])],
            sound: [tool("roll", "Throw one die", ["user_id": text("Who throws"), "asker_id": text("Who asks")])]
        ),
    ]

    private static let shapes = [
        LintCase(
            "many-parameters roll/parameters/properties",
            faulty: [tool("roll", "Throw one die", texts(9))],
            sound: [tool("roll", "Throw one die", texts(8))]
        ),
        LintCase(
            "many-parameters roll/parameters/properties",
            faulty: [tool("roll", "Throw one die", texts(21))],
            sound: [tool("roll", "Throw one die", texts(1))]
        ),
        LintCase(
            "many-parameters roll/parameters",
            faulty: [
                tool("roll", "Throw one die", ["x": object(texts(7)), "y": object(texts(7)), "z": object(texts(4))])
            ],
            sound: [
                tool("roll", "Throw one die", ["x": object(texts(7)), "y": object(texts(7)), "z": object(texts(3))])
            ]
        ),
        LintCase(
            "deep-parameters",
            at: "/parameters/properties/unit/items/properties/p0/properties",
            faulty: ["type": "array", "description": "Like cm", "items": object(["p0": object(texts(1))])],
            sound: ["type": "array", "description": "Like cm", "items": object(texts(2))]
        ),
        LintCase("long-enum", faulty: choice(21), sound: choice(20)),
        LintCase(
            "long-enum",
            faulty: ["description": "Like cm", "oneOf": .array((0..<21).map { ["const": .int($0)] })],
            sound: ["description": "Like cm", "oneOf": .array((0..<20).map { ["const": .int($0)] })]
        ),
        LintCase("untyped-parameter", faulty: ["description": "Like cm"], sound: text("Like cm")),
        LintCase(
            "untyped-parameter",
            faulty: ["type": "array", "description": "Like cm"],
            sound: ["type": "array", "description": "Like cm", "items": ["type": "string"]]
        ),
        LintCase(
            "untyped-parameter",
            faulty: true,
            sound: ["type": "array", "description": "Like cm", "prefixItems": [["type": "string"]]]
        ),
        LintCase(
            "untyped-parameter",
            at: "/parameters/properties/unit/items",
            faulty: ["type": "array", "description": "Like cm", "items": [:]],
            sound: ["type": "array", "description": "Like cm", "items": ["enum": ["cm", "inch"]]]
        ),
        LintCase(
            "wide-union",
            faulty: [
                "description": "Like cm", "anyOf": [["type": "string"], ["type": "integer"], ["type": "boolean"]],
            ],
            sound: ["description": "Like cm", "anyOf": [["type": "string"], ["type": "integer"], ["type": "null"]]]
        ),
        LintCase(
            "wide-union",
            faulty: ["description": "Like cm", "type": ["string", "integer", "boolean"]],
            sound: ["description": "Like cm", "type": ["string", "integer", "null"]]
        ),
    ]

    private static let slips = [
        LintCase(
            "undeclared-required roll/parameters/required",
            faulty: [tool("roll", "Throw one die", texts(1), required: ["p0", "p1"])],
            sound: [tool("roll", "Throw one die", texts(2), required: ["p0", "p1"])]
        ),
        LintCase(
            "undeclared-required",
            at: "/parameters/properties/unit/required",
            faulty: ["type": "object", "description": "Like cm", "required": ["x"]],
            sound: ["type": "object", "description": "Like cm", "anyOf": [["required": ["x"]], ["required": ["y"]]]]
        ),
        LintCase(
            "unusable-default",
            at: "/parameters/properties/unit/default",
            faulty: ["type": "string", "enum": ["cm", "inch"], "default": "mm", "description": "Of length"],
            sound: ["type": "string", "enum": ["cm", "inch"], "default": "cm", "description": "Of length"]
        ),
        LintCase(
            "unusable-default",
            at: "/parameters/properties/unit/default",
            faulty: ["type": "integer", "default": 1.5, "description": "In millimetres"],
            sound: ["type": "integer", "default": 1e30, "description": "In millimetres"]
        ),
        LintCase(
            "refused-value",
            at: "/parameters/properties/unit/enum/1",
            faulty: ["type": "string", "enum": ["cm", 1], "description": "Of length"],
            sound: ["type": "string", "enum": ["cm", "inch"], "description": "Of length"]
        ),
        LintCase(
            "refused-example roll/toolhost/examples/0/arguments",
            faulty: [exemplified(["sides": "many"])],
            sound: [exemplified(["sides": 6])]
        ),
        LintCase(
            "ignored-keyword",
            at: "/parameters/properties/unit/minContains",
            faulty: ["type": "array", "items": ["type": "string"], "description": "Like cm", "minContains": 2],
            sound: [
                "type": "array", "items": ["type": "string"], "description": "Like cm", "minContains": 2,
                "contains": ["const": "cm"],
            ]
        ),
        LintCase(
            "ignored-keyword",
            at: "/parameters/properties/unit/additionalItems",
            faulty: ["type": "array", "items": ["type": "string"], "description": "Like cm", "additionalItems": false],
            sound: ["type": "array", "items": [["type": "string"]], "description": "Like cm", "additionalItems": false]
        ),
        LintCase(
            "ignored-keyword",
            at: "/parameters/properties/unit/const",
            faulty: [
                "$schema": "http://json-schema.org/draft-04/schema#", "type": "string", "const": "cm",
                "description": "Like cm",
            ],
            sound: [
                "$schema": "http://json-schema.org/draft-06/schema#", "type": "string", "const": "cm",
                "description": "Like cm",
            ]
        ),
        LintCase(
            "ignored-keyword",
            at: "/parameters/properties/unit/allOf/0/maxLength",
            faulty: [
                "$schema": "http://json-schema.org/draft-07/schema#", "type": "string", "description": "Like cm",
                "allOf": [["$ref": "#/properties/unit/definitions/name", "maxLength": 2]],
                "definitions": ["name": ["type": "string"]],
            ],
            sound: [
                "$schema": "https://json-schema.org/draft/2019-09/schema", "type": "string",
                "description": "Like cm", "definitions": ["name": ["type": "string"]],
                "allOf": [["$ref": "#/properties/unit/definitions/name", "maxLength": 2]],
            ]
        ),
        LintCase(
            "recursive-schema roll/parameters/$defs/node/properties/next",
            faulty: [linked(next: "#/$defs/node")],
            sound: [linked(next: "#/$defs/leaf")]
        ),
        LintCase(
            "recursive-schema roll/parameters/$defs/node/properties/next",
            faulty: [linked(next: "#")],
            sound: [linked(next: "#/$defs/leaf")]
        ),
        LintCase(
            "broken-reference roll/parameters/$defs/node/properties/next",
            faulty: [linked(next: "#/$defs/nothing")],
            sound: [linked(next: "#/$defs/leaf")]
        ),
        LintCase(
            "broken-reference",
            faulty: ["$ref": "https://example.com/unit.json", "description": "Like cm"],
            sound: text("Like cm")
        ),
    ]

    private static let sizes = [
        LintCase(
            "token-cost roll",
            faulty: [tool("roll", "Throw one die", texts(8, of: 250))],
            sound: [tool("roll", "Throw one die", texts(8, of: 90))]
        ),
        LintCase("token-cost ", faulty: heavyTools(11), sound: heavyTools(8)),
        LintCase(
            "many-tools ",
            faulty: (10..<43).map { tool("roll\($0)", "Throw \($0) dice") },
            sound: (10..<42).map { tool("roll\($0)", "Throw \($0) dice") }
        ),
    ]
}

// MARK: - Building tools

extension LintCase {
    /// Creates a tool.
    ///
    /// All parameters are required by default.
    static func tool(
        _ name: String,
        _ description: String,
        _ properties: JSONObject = [:],
        required: [String]? = nil,
        also: JSONObject = [:]
    ) -> JSONObject {
        let names = (required ?? properties.keys).map(JSON.string)
        var parameters: JSONObject = ["type": "object", "properties": .object(properties), "required": .array(names)]
        for (key, value) in also { parameters[key] = value }
        return ["name": .string(name), "description": .string(description), "parameters": .object(parameters)]
    }
}

private func named(_ name: String) -> JSONObject {
    LintCase.tool(name, "Throw one of our dice")
}

private func text(_ description: String) -> JSON {
    ["type": "string", "description": .string(description)]
}

private func number(_ description: String) -> JSON {
    ["type": "integer", "description": .string(description)]
}

/// Creates a number of string parameters with descriptions of a number of words.
private func texts(_ count: Int, of words: Int = 3) -> JSONObject {
    JSONObject((0..<count).map { ("p\($0)", text(String(repeating: "a ", count: words) + "word")) })
}

private func choice(_ count: Int) -> JSON {
    ["type": "string", "description": "Like cm", "enum": .array((0..<count).map { .string("unit \($0)") })]
}

private func object(_ properties: JSONObject) -> JSON {
    [
        "type": "object", "description": "All of these", "properties": .object(properties),
        "required": .array(properties.keys.map(JSON.string)),
    ]
}

/// Creates a tool with an example.
private func exemplified(_ arguments: JSON) -> JSONObject {
    var tool = LintCase.tool("roll", "Throw one die", ["sides": number("How many sides it has")])
    tool["toolhost"] = ["examples": [["arguments": arguments, "result": 4]]]
    return tool
}

/// Creates a tool whose parameter refers to a definition that refers to another one.
private func linked(next: String) -> JSONObject {
    let node = object(["next": ["$ref": .string(next), "description": "What follows"]])
    let first: JSON = ["$ref": "#/$defs/node", "description": "Where to begin"]
    return LintCase.tool(
        "roll",
        "Throw one die",
        ["first": first],
        also: ["$defs": ["node": node, "leaf": text("The last one")]]
    )
}

/// Creates tools of nearly 500 tokens each.
private func heavyTools(_ count: Int) -> [JSONObject] {
    (10..<10 + count).map { LintCase.tool("roll\($0)", "Throw \($0) dice", texts(5, of: 150)) }
}
