import Testing
import ToolJSON
import ToolSchema

@Suite("Coercion to allowed values")
struct CoercionOfAllowedValuesTests {
    typealias Case = CoercionTests.Case

    private static func number(_ literal: String) -> JSON { .number(JSONNumber(literal: literal) ?? JSONNumber(0)) }

    private static let many: JSON = .array((0..<20).map { .string("v\($0)") } + [nil, 1, "2", true])

    @Test(
        "coercion replaces a value by the only allowed value with the same text",
        arguments: [
            Case(["enum": ["a", nil]], "null", nil, .nullFromText),
            Case(["enum": ["a", nil]], "Null", nil, .nullFromText),
            Case(["enum": ["a", nil]], "NULL", nil, .nullFromText),
            Case(["enum": ["a", nil]], "None", nil, .nullFromText),
            Case(["enum": ["a", nil]], "nil", nil, .nullFromText),
            Case(["enum": ["a", nil]], "undefined", nil, .nullFromText),
            Case(["type": ["string", "null"], "enum": ["a", nil]], "null", nil, .nullFromText),
            Case(["enum": ["a", 1]], "1", 1, .numberFromText),
            Case(["enum": ["a", 1.5]], "1.5", 1.5, .numberFromText),
            Case(["enum": ["a", true]], "true", true, .booleanFromText),
            Case(["enum": ["a", true]], "True", true, .booleanFromText),
            Case(["enum": ["a", "1"]], 1, "1", .textFromValue),
            Case(["enum": ["1", "2"]], number("1.0"), "1", .textFromValue),
            Case(["type": "string", "enum": ["1.5"]], 1.5, "1.5", .textFromValue),
            Case(["enum": ["true", "false"]], false, "false", .textFromValue),
            Case(["enum": ["null", "a"]], nil, "null", .textFromValue),
            Case(["enum": ["null", "a"]], "None", "null", .valueByCase),
            // The string with the literal of a number takes precedence over the number.
            Case(["enum": ["1", "1.0", "2.0"]], number("1.0"), "1.0", .textFromValue),
            Case(["enum": ["1.0", "1.1"]], number("1.0"), "1.0", .textFromValue),
            Case(["enum": ["1.0", "1.1"]], number("1.1"), "1.1", .textFromValue),
            Case(["enum": ["1e3", "2"]], number("1e3"), "1e3", .textFromValue),
            Case(["enum": ["1e3", "1E3"]], number("1E3"), "1E3", .textFromValue),
            Case(["enum": ["1000", "2"]], number("1e3"), "1000", .textFromValue),
            Case(["enum": .array((0..<20).map { .string("\($0)") } + ["7.0"])], number("7.0"), "7.0", .textFromValue),
            // A string that differs only in case takes precedence over `null`.
            Case(["enum": ["none", nil, "all"]], "None", "none", .valueByCase),
            Case(["enum": ["null", nil]], "NULL", "null", .valueByCase),
            Case(["enum": .array((0..<20).map { .string("v\($0)") } + ["none", nil])], "None", "none", .valueByCase),
            Case(["enum": ["CELSIUS", "KELVIN"]], "celsius", "CELSIUS", .valueByCase),
            Case(["enum": ["Äpfel"]], "äPFEL", "Äpfel", .valueByCase),
            Case(["const": "1"], 1, "1", .textFromValue),
            Case(["const": nil], "None", nil, .nullFromText),
            Case(["oneOf": [["const": "1"], ["const": "2"]]], 2, "2", .textFromValue),
            Case(["anyOf": [["enum": ["a"]], ["type": "null"]]], "None", nil, .nullFromText),
            Case(["type": "integer", "enum": [1, "1"]], "1", 1, .numberFromText),
            Case(["enum": many], "null", nil, .nullFromText),
            Case(["enum": many], "None", nil, .nullFromText),
            Case(["enum": many], "1", 1, .numberFromText),
            Case(["enum": many], 2, "2", .textFromValue),
            Case(["enum": many], "TRUE", true, .booleanFromText),
            Case(["enum": many], "V7", "v7", .valueByCase),
            Case(["items": ["enum": ["a", nil]]], ["null", "A"], [nil, "a"], .nullFromText, .valueByCase),
            Case(["type": ["integer", "null"]], "None", nil, .nullFromText),
            Case(
                ["properties": ["a": ["type": ["integer", "null"]]], "required": ["a"]],
                ["a": "undefined"],
                ["a": nil],
                .nullFromText
            ),
        ]
    )
    func replaces(_ test: Case) throws {
        try test.check(isValid: true)
    }

    @Test(
        "coercion keeps an allowed value and a value that matches no or several allowed values",
        arguments: [
            Case(["enum": ["null", nil]], "null", "null"),
            Case(["enum": ["null", nil]], "None", "None"),
            Case(["enum": ["none", "NONE", nil]], "None", "None"),
            Case(["enum": ["1.0", "1.1"]], 1, 1),
            Case(["enum": ["1", 1]], "1", "1"),
            Case(["enum": ["True", true]], "TRUE", "TRUE"),
            Case(["enum": ["on", "On"]], "ON", "ON"),
            Case(["enum": ["a", 1]], "2", "2"),
            Case(["enum": ["a", 1]], true, true),
            Case(["enum": ["true"]], 1, 1),
            Case(["enum": ["a"]], "b", "b"),
            Case(["enum": ["a", nil]], "", ""),
            Case(["enum": ["a", nil]], "none", "none"),
            Case(["enum": ["a", [1]]], "[1]", "[1]"),
            Case(["type": "string", "enum": ["a", nil]], "null", "null"),
            Case(["anyOf": [["enum": ["1"]], ["type": "integer"]]], 1, 1),
            Case(["anyOf": [["const": "1"], ["const": true]]], "one", "one"),
            Case(["enum": .array((0..<20).map { .string("v\($0)") } + ["V3"])], "v3", "v3"),
            Case(["enum": .array((0..<20).map { .string("vv\($0)") } + ["VV3"])], "Vv3", "Vv3"),
        ]
    )
    func leaves(_ test: Case) throws {
        try test.check(isValid: nil)
    }
}

extension CoercionTests.Case {
    /// Checks the coerced value and, if expected, its validity.
    func check(isValid: Bool?) throws {
        let fitting = try Schema(schema).fitting(sent)
        #expect(fitting.value.text() == coerced.text())
        #expect(fitting.coercions.map(\.rule) == rules)
        if let isValid { #expect(fitting.violations.isEmpty == isValid) }
    }
}
