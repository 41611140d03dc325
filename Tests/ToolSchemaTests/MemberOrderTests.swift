import Testing
import ToolJSON
import ToolSchema

/// Tests of members in the order of the schema, which are found by their position, and in other orders.
@Suite("Order of members")
struct MemberOrderTests {
    static let schemas: [JSON] = [
        ["required": ["a", "b"], "properties": ["a": ["type": "integer"], "b": ["enum": ["x", "y"]]]],
        ["properties": ["a": ["type": "integer"], "b": ["type": "string"]], "additionalProperties": false],
        ["properties": ["a": ["type": "integer"]], "additionalProperties": ["type": "string"]],
        ["properties": ["a": ["type": "integer"]], "patternProperties": ["^b": ["type": "string"]]],
        ["anyOf": [["properties": ["a": ["type": "integer"]]], ["properties": ["b": true]]]],
        ["allOf": [["properties": ["b": true], "additionalProperties": false]], "properties": ["a": true]],
    ]

    static let members: [(String, JSON)] = [("a", "1"), ("b", "x"), ("c", "z"), ("é", 1), ("e\u{301}", 2)]

    @Test("the result does not depend on the order of the members", arguments: schemas.indices)
    func order(index: Int) throws {
        let schema = try Schema(Self.schemas[index])
        for count in 0...Self.members.count {
            let members = Self.members.prefix(count)
            let sent = schema.fitting(.object(JSONObject(members)))
            let reversed = schema.fitting(.object(JSONObject(members.reversed())))
            #expect(sent.value == reversed.value)
            #expect(sent.violations.map(\.path).sorted() == reversed.violations.map(\.path).sorted())
            #expect(sent.undeclaredNames.sorted() == reversed.undeclaredNames.sorted())
        }
    }

    @Test(
        "an accepted value has undeclared names only if the schema allows and does not describe them",
        arguments: [
            ([:], ["a", "b"]),
            (["properties": ["a": true]], ["b"]),
            (["patternProperties": ["^a": true]], ["b"]),
            (["properties": ["a": true, "b": true], "additionalProperties": false], []),
            (["additionalProperties": true], []),
            (["additionalProperties": ["type": "integer"]], []),
            (["anyOf": [["properties": ["a": true], "additionalProperties": false], true]], ["b"]),
            (["anyOf": [["properties": ["a": true]], ["additionalProperties": true]]], []),
        ] as [(JSON, [String])]
    )
    func undeclared(schema: JSON, names: [String]) throws {
        let fitting = try Schema(schema).fitting(["a": 1, "b": 2])
        #expect(fitting.violations.isEmpty)
        #expect(fitting.undeclaredNames == names)
    }
}
