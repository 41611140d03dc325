import Testing
import ToolJSON

/// A schema and a value of adversarial sizes, and the maximum number of steps for the check.
struct WorkCase: Sendable, CustomTestStringConvertible {
    /// The keyword or the kind of work, for the test's name.
    let name: String

    /// The maximum number of steps, or nil if the work is the product of both sizes and exceeds every budget.
    let steps: Int?

    /// A closure that creates the schema and the value.
    ///
    /// They are large, and tests are listed before they run.
    let make: @Sendable () -> (schema: JSON, value: JSON)

    var testDescription: String { name }

    init(_ name: String, within steps: Int?, _ make: @escaping @Sendable () -> (schema: JSON, value: JSON)) {
        self.name = name
        self.steps = steps
        self.make = make
    }

    static let many = 20_000

    /// Work that grows with the schema and the value, but not with their product.
    static let linear = [
        WorkCase("required of an empty object", within: 100_000) { (["required": names("r", many)], [:]) },
        WorkCase("required of many empty objects", within: 200_000) {
            (["items": ["required": names("r", many)]], list(many) { _ in [:] })
        },
        WorkCase("required of as many members", within: 120_000) {
            (["required": names("r", many)], object(many) { ("r\($0)", 1) })
        },
        WorkCase("dependentRequired", within: 200_000) {
            let dependents = object(700) { ("k\($0)", names("k", 50)) }
            return (["dependentRequired": dependents], object(700) { ("k\($0)", 1) })
        },
        WorkCase("dependentRequired of many objects", within: 1_000_000) {
            (["items": ["dependentRequired": object(many) { ("k\($0)", []) }]], list(many) { _ in ["k1": 1, "k9": 1] })
        },
        WorkCase("dependentSchemas of many objects", within: 1_000_000) {
            (["items": ["dependentSchemas": object(many) { ("k\($0)", [:]) }]], list(many) { _ in ["k1": 1, "k9": 1] })
        },
        WorkCase("dependencies of many objects", within: 1_000_000) {
            let dependencies = object(many) { ("k\($0)", $0 % 2 == 0 ? [] : [:]) }
            return (["items": ["dependencies": dependencies]], list(many) { _ in ["k1": 1, "k9": 1] })
        },
        WorkCase("enum of many elements", within: 400_000) {
            (["items": ["enum": names("v", many)]], names("v", many))
        },
        WorkCase("enum that differs in case", within: 2_000_000) {
            (["items": ["enum": names("Value", many)]], names("value", many))
        },
        WorkCase("enum of objects", within: 2_000_000) {
            let values = list(many) { ["a": .int($0), "b": [1, 2]] }
            return (["items": ["enum": values]], values)
        },
        WorkCase("const", within: 400_000) {
            (["items": ["const": list(many) { _ in "x" }]], list(many) { _ in ["x"] })
        },
        WorkCase("contains", within: 500_000) {
            (["contains": ["enum": names("v", many)]], list(many) { _ in "x" })
        },
        WorkCase("uniqueItems", within: 1_000_000) { (["uniqueItems": true], list(many) { .int($0) }) },
        WorkCase("uniqueItems of objects", within: 1_000_000) {
            (["uniqueItems": true], list(many) { ["a": .int($0)] })
        },
        WorkCase("unknown names", within: 1_500_000) {
            let properties = object(5000) { ("prop\($0)", ["type": "integer"]) }
            return (["properties": properties, "additionalProperties": false], object(5000) { ("porp\($0)", 1) })
        },
        WorkCase("a missing name among many undeclared ones", within: 1_500_000) {
            (["required": names("name", 100)], object(many) { ("nmae\($0)", 1) })
        },
        WorkCase("undeclared names", within: 200_000) { (["properties": ["a": true]], object(many) { ("k\($0)", 1) }) },
        WorkCase("elements of declared types", within: 200_000) {
            (["items": ["type": "integer"]], list(many) { .int($0) })
        },
        WorkCase("coercion of elements", within: 1_000_000) {
            (["items": ["type": "integer"]], list(many) { .string("\($0)") })
        },
        WorkCase("coercion in branches", within: 2_000_000) {
            (["items": ["anyOf": [["type": "integer"], ["type": "boolean"]]]], list(many) { .string("\($0)") })
        },
        WorkCase("coercion to arrays of one", within: 2_000_000) {
            (["items": ["type": "array", "items": ["type": "string"]]], names("x", many))
        },
        WorkCase("violations of many elements", within: 200_000) {
            (["items": ["const": list(many) { _ in "x" }]], list(many) { _ in 1 })
        },
    ]

    /// Work that multiplies, so that it ends with the budget.
    static let products = [
        WorkCase("contains of a const", within: nil) {
            let constant = list(1000) { .int($0) }
            return (["contains": ["const": constant]], list(1000) { _ in list(1000) { .int($0 == 999 ? 0 : $0) } })
        },
        WorkCase("minimum of many digits", within: nil) {
            (["items": ["minimum": .number(digits(20_000, sign: "-"))]], list(1000) { .int($0) })
        },
        WorkCase("multipleOf of many digits", within: nil) {
            (["items": ["multipleOf": 7]], list(100) { _ in .number(digits(20_000)) })
        },
        WorkCase("type of numbers of many digits", within: nil) {
            (["items": ["type": "integer"]], list(200) { _ in .number(digits(20_000, end: ".5")) })
        },
        WorkCase("anyOf", within: nil) {
            (["items": ["anyOf": list(1000) { ["const": .int($0)] }]], list(many) { _ in -1 })
        },
        WorkCase("oneOf", within: nil) {
            (["items": ["oneOf": list(1000) { ["minimum": .int($0)] }]], list(many) { _ in 0 })
        },
        WorkCase("allOf", within: nil) {
            (["items": ["allOf": list(1000) { ["minimum": .int(-$0)] }]], list(many) { _ in 0 })
        },
        WorkCase("not", within: nil) {
            let excluded: JSON = ["allOf": list(1000) { ["minimum": .int($0 == 999 ? 1 : -$0)] }]
            return (["items": ["not": excluded]], list(many) { _ in 0 })
        },
        WorkCase("if", within: nil) {
            let condition: JSON = ["allOf": list(1000) { ["minimum": .int(-$0)] }]
            return (["items": ["if": condition, "then": true]], list(many) { _ in 0 })
        },
        WorkCase("branches in branches", within: nil) {
            (chain(40) { ["anyOf": [$0, $0, $0]] }, "1")
        },
        WorkCase("$ref chains", within: nil) { (["items": chain(900) { $0 }], list(many) { .int($0) }) },
        WorkCase("patternProperties", within: nil) {
            (["patternProperties": object(500) { ("^k\($0)$", true) }], object(many) { ("k\($0)", 1) })
        },
        WorkCase("properties in many branches", within: nil) {
            let branches = list(500) { ["properties": ["k\($0)": true]] }
            return (["allOf": branches], object(many) { ("k\($0)", 1) })
        },
        WorkCase("propertyNames", within: nil) {
            (["propertyNames": ["allOf": list(500) { ["minLength": .int($0 % 2)] }]], object(many) { ("k\($0)", 1) })
        },
        WorkCase("unevaluatedProperties", within: nil) {
            let branches = list(500) { ["properties": ["k\($0)": true]] }
            return (["allOf": branches, "unevaluatedProperties": false], object(many) { ("k\($0)", 1) })
        },
        WorkCase("unevaluatedItems", within: nil) {
            let branches = list(500) { _ in ["unevaluatedItems": true] }
            return (["anyOf": branches, "unevaluatedItems": false], list(many) { .int($0) })
        },
        WorkCase("lengths of long texts", within: nil) {
            let text = String(repeating: "é", count: 100_000)
            let branches = list(100) { ["maxLength": .int(110_000 + $0)] }
            return (["items": ["allOf": branches]], list(100) { _ in .string(text) })
        },
        WorkCase("formats of long texts", within: nil) {
            (["format": "uri"], .string("http://a/" + String(repeating: "a", count: 5_000_000)))
        },
        WorkCase("long paths", within: nil) {
            let name = String(repeating: "k", count: 100_000)
            return (["properties": [name: ["items": ["type": "integer"]]]], [name: list(1000) { .string("\($0)") }])
        },
        WorkCase("JSON in texts, for many branches", within: nil) {
            let text = "{\"a\":[" + String(repeating: "1,", count: 10_000) + "1]}"
            let branches = list(500) { ["type": "array", "minItems": .int($0)] }
            return (["items": ["anyOf": branches]], list(10) { _ in .string(text) })
        },
    ]

    // MARK: - Creating values

    static func list(_ count: Int, _ element: (Int) -> JSON) -> JSON { .array((0..<count).map(element)) }

    static func object(_ count: Int, _ member: (Int) -> (String, JSON)) -> JSON {
        .object(JSONObject((0..<count).map(member)))
    }

    static func names(_ prefix: String, _ count: Int) -> JSON { list(count) { .string("\(prefix)\($0)") } }

    /// Creates a number with a number of digits.
    private static func digits(_ count: Int, sign: String = "", end: String = "") -> JSONNumber {
        JSONNumber(literal: sign + String(repeating: "7", count: count) + end) ?? JSONNumber(0)
    }

    /// Creates definitions that each wrap a reference to the previous one, and a reference to the last one.
    private static func chain(_ count: Int, _ wrap: (JSON) -> JSON) -> JSON {
        var definitions: JSONObject = ["level0": ["type": "integer", "minimum": 1_000_000]]
        for level in 1...count {
            definitions["level\(level)"] = wrap(["$ref": .string("#/$defs/level\(level - 1)")])
        }
        // References are resolved from the root of this schema's own document.
        return ["$id": "chain", "$ref": .string("#/$defs/level\(count)"), "$defs": .object(definitions)]
    }
}
