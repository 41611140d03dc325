import Testing
import ToolJSON
import ToolSchema

@Suite("SchemaLint", .timeLimit(.minutes(10)))
struct LintTests {
    @Test("the lint has no findings for good tools")
    func good() {
        let search = LintCase.tool(
            "search_notes",
            "Find the notes that contain a text, newest first",
            [
                "text": ["type": "string", "description": "What to look for, like milk"],
                "limit": ["type": "integer", "description": "How many to return", "default": 10],
                "order": [
                    "type": ["string", "null"], "enum": ["asc", "desc", nil], "description": "asc unless given",
                ],
                "quick": ["type": "boolean", "description": "Look at titles alone"],
                "dates": [
                    "type": "array", "description": "Days to look at; every day unless given",
                    "items": ["$ref": "#/$defs/day"],
                ],
            ],
            required: ["text"],
            also: [
                "$defs": [
                    "day": [
                        "type": "object", "required": ["year", "day"],
                        "properties": [
                            "year": ["type": "integer", "description": "With four digits, like 2026"],
                            "day": ["type": "integer", "description": "Counted from January 1st, which is 1"],
                        ],
                    ]
                ]
            ]
        )
        #expect(SchemaLint.findings(in: [search, LintCase.tool("delete_note", "Throw a note away for good")]) == [])
        #expect(SchemaLint.findings(in: []) == [])
    }

    @Test("each rule has findings only for the definitions that it is about", arguments: LintCase.all)
    func finds(_ lintCase: LintCase) {
        let findings = SchemaLint.findings(in: lintCase.faulty)
        #expect(findings.map { "\($0.rule.id) \($0.tool)\($0.path)" } == lintCase.findings)
        #expect(findings.allSatisfy { $0.message.hasSuffix(".") })
        #expect(SchemaLint.findings(in: lintCase.sound) == [])
    }

    @Test("every rule has a test case")
    func complete() {
        let tested = Set(LintCase.all.flatMap(\.findings).compactMap { $0.split(separator: " ").first })
        #expect(tested == Set(LintRule.allCases.map { $0.id[...] }))
        #expect(LintRule.allCases.allSatisfy { $0.summary.hasSuffix(".") })
    }

    @Test("the path of every finding exists")
    func paths() {
        for lintCase in LintCase.all {
            let tools = Dictionary(lintCase.faulty.map { ($0["name"]?.string ?? "", JSON.object($0)) }) { $1 }
            for finding in SchemaLint.findings(in: lintCase.faulty) {
                #expect(finding.tool.isEmpty || tools[finding.tool]?[pointer: finding.path] != nil, "\(finding)")
            }
        }
    }

    @Test("the findings do not depend on the order of the tools")
    func order() {
        let tools =
            (0..<6).map { LintCase.tool("get\($0)", "Fetch the news") } + [
                LintCase.tool("get", "", ["b": true, "a": [:]])
            ]
        let findings = SchemaLint.findings(in: tools)
        #expect(findings == SchemaLint.findings(in: tools.reversed()))
        #expect(findings == SchemaLint.findings(in: tools.shuffled()))
        let places = findings.map { [$0.tool, $0.path, $0.rule.id] }
        #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) })
        let overlap = findings.first { $0.rule == .overlappingNames }
        #expect(overlap?.message.contains(#""get0", "get1", "get2" and 3 more"#) == true)
    }

    @Test("the size of a tool does not include the host's own key")
    func ownKey() {
        var large = LintCase.tool("plot_curve", "Draw the curve of a function")
        let tokens = SchemaLint.estimatedTokens(of: large)
        large["toolhost"] = ["examples": .array(Array(repeating: "a long example", count: 1000))]
        #expect(SchemaLint.estimatedTokens(of: large) == tokens)
        #expect(tokens == JSON.object(LintCase.tool("plot_curve", "Draw the curve of a function")).bytes().count / 4)
    }

    @Test("the lint accepts any value as a schema without a crash", arguments: Nonsense.schemas)
    func nonsense(parameters: JSON) {
        let broken: JSONObject = ["name": "roll_dice", "description": "Throw some dice", "parameters": parameters]
        _ = SchemaLint.findings(in: [broken])
        let nested = LintCase.tool("roll_dice", "Throw some dice", ["dice": parameters])
        #expect(SchemaLint.findings(in: [nested]).allSatisfy { $0.tool == "roll_dice" })
    }

    @Test("the lint accepts any value as a tool")
    func nonsenseTools() {
        let rules = SchemaLint.findings(in: [[:], ["name": 1, "description": [], "parameters": 7]]).map(\.rule)
        #expect(Set(rules) == [.missingDescription, .unportableName])
    }

    @Test("the lint ends if references multiply")
    func multiplyingReferences() {
        // 60 definitions with two references each to the next one would expand to 2^60 parameters.
        let definitions = (0..<60).map { number -> (String, JSON) in
            let next: JSON = ["$ref": .string("#/$defs/d\(number + 1)")]
            return ("d\(number)", ["type": "object", "properties": ["a": next, "b": next]])
        }
        let many = LintCase.tool(
            "build_tree",
            "Build a tree of many parts",
            ["tree": ["$ref": "#/$defs/d0"]],
            also: ["$defs": .object(JSONObject(definitions))]
        )
        #expect(SchemaLint.findings(in: [many]).contains { $0.rule == .manyParameters })
    }

    @Test("a very long name is not repeated in every finding below it")
    func endlessName() {
        let name = String(repeating: "n", count: 100_000)
        let inner = JSON.object(JSONObject((0..<2000).map { ("p\($0)", [:]) }))
        let findings = SchemaLint.findings(in: [LintCase.tool("roll", "Throw one die", [name: ["properties": inner]])])
        #expect(findings.map(\.rule) == [.tokenCost, .tokenCost, .unportableName])
    }

    @Test("the lint compares the names of a thousand tools in bounded time")
    func thousandTools() {
        let tools = (0..<1000).map { number in
            let padding = String(repeating: "x", count: 50)
            return LintCase.tool("tool_\(1000 + number)_\(padding)", "Do what number \(number) does")
        }
        #expect(SchemaLint.findings(in: tools).map(\.rule) == [.manyTools, .tokenCost])
        let prefixed = SchemaLint.findings(in: tools + [LintCase.tool("tool_1", "Do what comes first")])
        #expect(prefixed.filter { $0.rule == .overlappingNames }.map(\.tool) == ["tool_1"])
    }
}

private enum Nonsense {
    static let schemas: [JSON] = [
        nil, true, 1, "object", [], [[]], ["properties": []], ["properties": ["a": nil, "b": [], "": "x", "~/": 1]],
        ["type": [:]], ["type": ["array", 1, [:]]], ["type": "arrray"],
        ["type": .array(Array(repeating: "x", count: 999))],
        ["required": "a"], ["required": [1, nil, "a", "a"]], ["enum": "a"], ["enum": []], ["enum": [], "default": nil],
        ["anyOf": [:]], ["anyOf": []], ["oneOf": [1, nil, true]], ["allOf": [[["a"]]]], ["items": [true, [:]]],
        ["additionalProperties": ["properties": ["a": ["$ref": 1]]]], ["$ref": []], ["$ref": ""], ["$ref": "#"],
        ["$ref": "#/"], ["$ref": "#/%zz"], ["$ref": "#/$ref"], ["$ref": "#/~2"], ["description": 7, "default": [:]],
        ["properties": ["a": ["$ref": "#/properties/b"], "b": ["$ref": "#/properties/a"]]],
        ["type": "integer", "default": huge], ["type": "integer", "default": "1"],
        nested(200) { ["items": $0] }, nested(200) { ["properties": ["a": $0]] }, nested(200) { ["anyOf": [$0]] },
    ]

    private static let huge = JSONNumber(literal: "1e400").map(JSON.number) ?? nil

    private static func nested(_ depth: Int, _ wrap: (JSON) -> JSON) -> JSON {
        (0..<depth).reduce([:]) { inner, _ in wrap(inner) }
    }
}
