import Locks
import Testing
import ToolJSON
import ToolSchema

@Suite("WorkBudget")
struct WorkBudgetTests {
    @Test(
        "the cost of a check grows with the schema and the value, but not with their product",
        arguments: WorkCase.linear
    )
    func linear(_ test: WorkCase) throws {
        let (schema, value) = test.make()
        let steps = try #require(test.steps)
        let fitting = try Schema(schema).fitting(value, within: WorkBudget(steps: steps))
        let (isComplete, keywords) = (fitting.isComplete, fitting.violations.map(\.keyword))
        #expect(isComplete)
        #expect(!keywords.contains(""))
    }

    @Test(
        "multiplying work exhausts the budget, and a value that cannot be checked is rejected",
        arguments: WorkCase.products
    )
    func products(_ test: WorkCase) throws {
        let (schema, value) = test.make()
        let compiled = try Schema(schema, assertsFormats: true)
        let fitting = compiled.fitting(value, within: WorkBudget(steps: 500_000))
        // The values are too long for the message of a failed expectation.
        let (isComplete, message) = (fitting.isComplete, fitting.violations.last?.message)
        #expect(!isComplete)
        #expect(message == "the value: too large to check against the schema")
    }

    @Test("a check stops when it is cancelled")
    func cancellation() throws {
        let (schema, value) = try #require(WorkCase.products.first { $0.name == "branches in branches" }).make()
        let looks = Lock(0)
        let budget = WorkBudget(steps: .max) {
            looks.withLock { looks in
                looks += 1
                return looks == 3
            }
        }
        let isComplete = try Schema(schema).fitting(value, within: budget).isComplete
        #expect(!isComplete)
        #expect(looks.withLock(\.self) == 3)
    }

    private static let long = String(repeating: "k", count: 500_000)

    private static let compilations: [(name: String, schema: @Sendable () -> JSON)] = [
        (
            "pointers that hold a long name",
            { ["properties": [long: ["properties": WorkCase.object(WorkCase.many) { ("a\($0)", [:]) }]]] }
        ),
        ("lists below a long name", { ["properties": [long: ["anyOf": WorkCase.list(WorkCase.many) { _ in [:] }]]] }),
        (
            "identifiers within a long one",
            {
                let inner = WorkCase.object(WorkCase.many) { ("a\($0)", ["$id": .string("b\($0)")]) }
                return ["$id": .string("http://x/" + long), "$defs": inner]
            }
        ),
        (
            "references within a long identifier",
            {
                let inner = WorkCase.object(WorkCase.many) { ("a\($0)", ["$ref": "#/$defs/x"]) }
                return ["$id": .string("http://x/" + long), "properties": inner, "$defs": ["x": true]]
            }
        ),
        (
            "metaschemas",
            {
                // The URI of a draft costs nothing. Other URIs are looked up among the documents.
                let uri: JSON = "https://json-schema.org/draft/2020-12/meta/core"
                return [
                    "$defs": WorkCase.object(WorkCase.many) { ("a\($0)", ["$id": .string("u\($0)"), "$schema": uri]) }
                ]
            }
        ),
        (
            "schemas within an identified one in a long name",
            {
                let inner = WorkCase.object(WorkCase.many) { ("a\($0)", true) }
                return ["properties": [long: ["$id": "x", "properties": inner]]]
            }
        ),
        (
            "identifiers within an identified one in a long name",
            {
                let inner = WorkCase.object(WorkCase.many) { ("a\($0)", ["$id": .string("b\($0)")]) }
                return ["$defs": [long: ["$id": "x", "$defs": inner]]]
            }
        ),
        (
            "dependencies below a long name",
            { ["properties": [long: ["dependencies": WorkCase.object(WorkCase.many) { ("a\($0)", [:]) }]]] }
        ),
        (
            "lists of items below a long name",
            { ["properties": [long: ["items": WorkCase.list(WorkCase.many) { _ in [:] }]]] }
        ),
        (
            "anchors of earlier drafts below a long name",
            {
                let inner = WorkCase.object(WorkCase.many) { ("a\($0)", ["$id": .string("#b\($0)")]) }
                let outer: JSON = [long: ["properties": inner]]
                return ["$schema": "http://json-schema.org/draft-07/schema#", "properties": outer]
            }
        ),
        (
            "repetitions in patterns",
            { ["patternProperties": WorkCase.object(WorkCase.many) { ("(ab\($0)){900}", true) }] }
        ),
    ]

    @Test("the cost of compiling a schema is bounded", arguments: compilations.map(\.name))
    func compilation(name: String) throws {
        let schema = try #require(Self.compilations.first { $0.name == name }).schema()
        let error = try #require(throws: SchemaError.self) { _ = try Schema(schema) }
        #expect(error.code == .limitExceeded)
        #expect(error.message.contains("takes too much work to compile"))
    }

    @Test("large valid values stay within the default budget")
    func largeValues() throws {
        let schema = try Schema([
            "items": [
                "type": "object", "required": ["id"],
                "properties": ["id": ["type": "integer"], "name": ["type": "string", "maxLength": 100]],
            ]
        ])
        #expect(schema.accepts(WorkCase.list(100_000) { ["id": .int($0), "name": "someone"] }))
        #expect(try Schema(["items": ["type": "number"]]).accepts(WorkCase.list(300_000) { .int($0) }))
        let text = JSON.string(String(repeating: "long ", count: 3_000_000))
        #expect(try Schema(["properties": ["text": ["type": "string", "minLength": 1]]]).accepts(["text": text]))
    }
}
