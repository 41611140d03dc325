import Testing
import ToolJSON
import ToolSchema

@Suite("Violations")
struct ViolationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let schema: JSON
        let value: JSON
        let messages: [String]

        init(_ schema: JSON, _ value: JSON, _ messages: String...) {
            self.schema = schema
            self.value = value
            self.messages = messages
        }

        var testDescription: String { "\(schema) ← \(value)" }
    }

    @Test(
        "a violation names the place, the expected value and the sent value",
        arguments: [
            Case(["properties": ["a": ["type": "integer"]]], ["a": "x"], #"a: expected an integer, got "x""#),
            Case(
                ["properties": ["a": ["type": ["integer", "null"], "minimum": 3]]],
                ["a": 2],
                "a: expected at least 3, got 2"
            ),
            Case(
                ["properties": ["unit": ["enum": ["celsius", "fahrenheit"]]]],
                ["unit": "celcius"],
                #"unit: expected one of "celsius" or "fahrenheit", got "celcius"; did you mean "celsius"?"#
            ),
            Case(
                ["properties": ["city": ["type": "string"]], "required": ["city"]],
                [:],
                "city: missing, expected a string"
            ),
            Case(
                ["properties": ["city": ["type": "string"]], "required": ["city"]],
                ["town": "Oslo"],
                #"city: missing, expected a string; did you name it "town"?"#
            ),
            Case(
                ["properties": ["city": true, "days": true], "additionalProperties": false],
                ["citys": 1],
                #"citys: expected only the fields "city" and "days", got 1; did you mean "city"?"#
            ),
            Case(
                ["properties": ["filters": ["items": ["properties": ["name": ["type": "string", "minLength": 2]]]]]],
                ["filters": [["name": "ab"], ["name": "a"], ["name": 1]]],
                #"filters[1].name: expected at least 2 characters, got "a""#,
                "filters[2].name: expected a string, got 1"
            ),
            Case(
                ["properties": ["when": ["anyOf": [["type": "string"], ["type": "integer", "minimum": 0]]]]],
                ["when": true],
                "when: expected a string or an integer, at least 0, got true"
            ),
            Case(
                ["properties": ["when": ["anyOf": [["type": "string"], ["type": "integer", "minimum": 0]]]]],
                ["when": -1],
                "when: expected at least 0, got -1"
            ),
            Case(["not": ["type": "object"]], [:], "the value: expected anything but an object, got {}"),
            Case(["const": "a"], "b", #"the value: expected "a", got "b""#),
            Case(
                ["oneOf": [["minimum": 1], ["maximum": 9]]],
                5,
                "the value: expected only one of: at least 1 and at most 9, got 5"
            ),
            Case(["contains": ["type": "null"]], [1], "the value: expected at least 1 item that is null, got [1]"),
            Case(["properties": ["x": false]], ["x": 1], "x: expected nothing, got 1"),
        ]
    )
    func messages(_ test: Case) throws {
        let violations = try Schema(test.schema).violations(in: test.value)
        #expect(violations.map(\.message) == test.messages)
    }

    @Test("all violations are reported at once, up to a limit")
    func limit() throws {
        let schema = try Schema(["additionalProperties": ["type": "integer"]])
        var object = JSONObject()
        for number in 0..<100 { object["field\(number)"] = "x" }
        #expect(schema.violations(in: .object(object)).count == 32)
        #expect(schema.violations(in: .object(object), limit: 5).map(\.path).last == "/field4")
    }

    @Test("a violation has a JSON form for programs")
    func json() throws {
        let schema = try Schema(["properties": ["a/b": ["enum": ["red", "green"]]]])
        #expect(
            schema.violations(in: ["a/b": "gren"]).map(\.json) == [
                [
                    "path": "/a~1b", "keyword": "enum", "schema_path": "/properties/a~1b",
                    "expected": #"one of "red" or "green""#, "sent": "gren", "nearest": "green",
                ]
            ]
        )
    }

    @Test("a violation shortens long values")
    func long() throws {
        let message = try #require(
            try Schema(["type": "integer"]).violations(in: .string(String(repeating: "x", count: 100_000))).first?
                .message
        )
        #expect(message.utf8.count < 200)
    }

    @Test(
        "a violation shortens long bounds",
        arguments: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
    )
    func longBound(keyword: String) throws {
        let digits = String(repeating: "0", count: 100_000)
        let sign = keyword.lowercased().hasSuffix("maximum") ? "-" : ""
        let bound = JSON.number(try #require(JSONNumber(literal: "\(sign)1\(digits)")))
        let message = try #require(
            try Schema(.object(JSONObject([(keyword, bound)]))).violations(in: 1).first?.message
        )
        #expect(message.utf8.count < 200)
    }
}
