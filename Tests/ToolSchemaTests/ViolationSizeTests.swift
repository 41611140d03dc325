import Testing
import ToolJSON
import ToolSchema

@Suite("Length of violations")
struct ViolationSizeTests {
    private static let long = String(repeating: "é", count: 100_000)

    /// An object with long names.
    private static let members = WorkCase.object(2) { ($0 == 0 ? long : long + "2", true) }

    private static let cases: [WorkCase] = [
        WorkCase("a long value", within: nil) { (["type": "integer"], .string(long)) },
        WorkCase("many long values", within: nil) {
            (["properties": ["a": ["type": "integer"]]], ["a": WorkCase.names(long, 20)])
        },
        WorkCase("a long const", within: nil) { (["const": .string(long)], "x") },
        WorkCase("an enum of long values", within: nil) { (["enum": WorkCase.names(long, 50)], "x") },
        WorkCase("a long pattern", within: nil) {
            (["pattern": .string(String(repeating: "a", count: 1000))], "x")
        },
        WorkCase("many missing names", within: nil) { (["required": WorkCase.names("r", 1000)], [:]) },
        WorkCase("a long missing name", within: nil) { (["required": [.string(long)]], [:]) },
        WorkCase("long names that are excluded", within: nil) { (["not": ["required": [.string(long)]]], members) },
        WorkCase("a long path", within: nil) {
            (["properties": WorkCase.object(1) { _ in (long, ["type": "integer"]) }], members)
        },
        WorkCase("long names that are declared", within: nil) {
            (["properties": members, "additionalProperties": false], ["x": 1])
        },
        WorkCase("many branches of long values", within: nil) {
            (["anyOf": WorkCase.list(20) { _ in ["enum": WorkCase.names(long, 5)] }], 1)
        },
        WorkCase("many branches that hold", within: nil) {
            (["oneOf": WorkCase.list(20) { _ in ["not": ["enum": WorkCase.names(long, 5)]] }], 1)
        },
        WorkCase("branches within contains", within: nil) {
            (["contains": ["anyOf": WorkCase.list(20) { _ in ["const": .string(long)] }]], [1])
        },
        WorkCase("one character of many scalars", within: nil) {
            (["type": "integer"], .string("e" + String(repeating: "\u{301}", count: 100_000)))
        },
    ]

    @Test("messages are short for schemas and values of any size", arguments: cases)
    func words(_ test: WorkCase) throws {
        let (schema, value) = test.make()
        let violations = try Schema(schema).violations(in: value)
        #expect(1...32 ~= violations.count)
        for violation in violations {
            let sizes = (violation.message.utf8.count, violation.expected.utf8.count)
            #expect(sizes.0 < 6_000 && sizes.1 < 5_000)
            // Pointers are never shortened, and long values are omitted.
            let isShort = violation.json.byteCount(upTo: violation.path.utf8.count + 20_000) < 20_000
            #expect(isShort || violation.path.utf8.count > 100_000)
        }
    }
}
