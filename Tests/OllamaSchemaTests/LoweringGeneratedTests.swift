import OllamaSchema
import Testing
import ToolJSON

@Suite("The lowering of generated schemas")
struct LoweringGeneratedTests {
    @Test(
        "a generated schema is never refused, and no part that is sent is dropped (ollama/ollama#10328)",
        arguments: 0..<600
    )
    func generated(_ seed: Int) throws {
        // Two of three functions are valid schemas. The third has arbitrary values in any position.
        var generator = SchemaGenerator(seed: UInt64(seed), nonsense: seed % 3 == 0 ? 0.3 : 0)
        let function = generator.function()
        let lowered = OllamaTools.lowered(function)
        var decoder = OllamaToolDecoder()
        let kept = try decoder.decode([lowered.tool])
        #expect(decoder.dropped.isEmpty, "\(JSON.object(function))")
        #expect(kept[pointer: "/0/function/parameters/type"] == "object")
        #expect(kept[pointer: "/0/function/parameters/properties"]?.object != nil)
        if generator.nonsense == 0 { #expect(!lowered.tool.text().contains("\"$ref\":\""), "\(JSON.object(function))") }
        #expect(untyped(lowered.tool[pointer: "/function/parameters"] ?? nil, at: "") == [], "\(JSON.object(function))")
        // Lowering the result again changes nothing.
        let sent = try #require(lowered.tool["function"]?.object)
        #expect(OllamaTools.tool(for: sent).text() == lowered.tool.text(), "\(JSON.object(function))")
        for note in lowered.notes {
            #expect(note.path.isEmpty || function["parameters"]?[pointer: note.path] != nil, "\(note.path)")
        }
    }

    /// The pointers of schemas of values that have neither a type nor alternatives.
    private func untyped(_ schema: JSON, at path: String) -> [String] {
        let members = schema.object ?? [:]
        var paths = members["type"] ?? members["anyOf"] ?? members["oneOf"] == nil ? [path] : []
        for (name, property) in members["properties"]?.object ?? [:] {
            paths += untyped(property, at: "\(path)/properties/\(name)")
        }
        if let items = members["items"], items.object != nil { paths += untyped(items, at: path + "/items") }
        for (position, branch) in (members["anyOf"]?.array ?? []).enumerated() where members["type"] == nil {
            paths += untyped(branch, at: "\(path)/anyOf/\(position)")
        }
        return paths
    }

    @Test("the generated schemas contain every kind of change")
    func coverage() {
        let lowered = (0..<600).map { seed in
            var generator = SchemaGenerator(seed: UInt64(seed), nonsense: 0)
            return OllamaTools.lowered(generator.function())
        }
        for kind in LoweringNote.Kind.allCases {
            #expect(lowered.count { $0.notes.contains { $0.kind == kind } } > 40, "\(kind)")
        }
    }
}

/// A generator of schemas from a seed, with the same result on every machine.
private struct SchemaGenerator {
    /// The probability that a value is replaced by an arbitrary one, from 0 to 1.
    let nonsense: Double
    private var state: UInt64

    init(seed: UInt64, nonsense: Double) {
        self.nonsense = nonsense
        state = seed
        // Consecutive seeds would give overlapping sequences.
        state = next()
    }

    private static let keywords = [
        "type", "type", "type", "properties", "properties", "required", "items", "anyOf", "oneOf", "allOf", "enum",
        "const", "$ref", "$ref", "$dynamicRef", "description", "title", "default", "format", "pattern", "minimum",
        "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems",
        "maxItems", "uniqueItems", "minProperties", "maxProperties", "examples", "nullable", "additionalProperties",
        "patternProperties", "propertyNames", "prefixItems", "contains", "not", "if", "then", "else",
        "dependentRequired", "dependentSchemas", "unevaluatedProperties", "deprecated", "readOnly", "x-order", "Type",
    ]
    private static let names = ["a", "b", "kind", "$ref", "a/b~c", "", "é", "Items", "properties", "type"]
    private static let types = ["string", "integer", "number", "boolean", "object", "array", "null"]
    private static let references = [
        "#", "#/$defs/A", "#/$defs/B", "#/$defs/C", "#/properties/a", "#anchor", "item", "#/%24defs/A", "#/nowhere",
        "https://example.org/other",
    ]

    mutating func function() -> JSONObject {
        var function: JSONObject = ["name": "f", "description": "Does it."]
        if chance(0.2) { function["strict"] = true }
        var parameters = object(depth: 4)
        parameters["properties"] = maybeNonsense { $0.map(depth: 4) }
        var definitions: JSONObject = [:]
        for name in ["A", "B", "C"] { definitions[name] = schema(depth: 2) }
        definitions["D"] = ["$anchor": "anchor", "type": "string", "maxLength": 3]
        definitions["E"] = ["$id": "item", "$defs": ["C": ["type": "integer"]], "$ref": "#/$defs/C"]
        parameters["$defs"] = maybeNonsense { _ in .object(definitions) }
        function["parameters"] = chance(0.05 * nonsense) ? anything(depth: 2) : .object(parameters)
        if chance(0.2 * nonsense) { function["name"] = anything(depth: 1) }
        if chance(0.2 * nonsense) { function["description"] = anything(depth: 1) }
        return function
    }

    private mutating func schema(depth: Int) -> JSON {
        if chance(0.08) { return .bool(chance(0.5)) }
        return maybeNonsense { .object($0.object(depth: depth)) }
    }

    private mutating func object(depth: Int) -> JSONObject {
        var members = JSONObject()
        for _ in 0..<below(8) {
            let keyword = pick(Self.keywords)
            members[keyword] = maybeNonsense { $0.value(of: keyword, depth: depth - 1) }
        }
        return members
    }

    private mutating func value(of keyword: String, depth: Int) -> JSON {
        switch keyword {
        case "type":
            return chance(0.7)
                ? .string(pick(Self.types)) : .array((0...below(2)).map { _ in .string(pick(Self.types)) })
        case "properties", "patternProperties", "dependentSchemas": return map(depth: depth)
        case "items" where chance(0.15), "anyOf", "oneOf", "allOf", "prefixItems":
            return .array((0..<(depth < 0 ? 0 : 1 + below(3))).map { _ in schema(depth: depth) })
        case "items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else",
            "unevaluatedProperties":
            return depth < 0 ? true : schema(depth: depth)
        case "required": return .array((0..<below(3)).map { _ in .string(pick(Self.names)) })
        case "enum", "examples": return .array((0..<below(4)).map { _ in scalar() })
        case "dependentRequired": return .object([pick(Self.names): [.string(pick(Self.names))]])
        case "$ref", "$dynamicRef": return .string(pick(Self.references))
        case "description", "title", "format", "pattern", "Type":
            return .string(pick(["A text.", "a text", "", "é", String(repeating: "long ", count: 40)]))
        case "nullable", "uniqueItems", "deprecated", "readOnly": return .bool(chance(0.7))
        case "const", "default", "x-order": return scalar()
        default: return .int(below(20))
        }
    }

    private mutating func map(depth: Int) -> JSON {
        var members = JSONObject()
        for _ in 0..<(depth < 0 ? 0 : below(4)) { members[pick(Self.names)] = schema(depth: depth) }
        return .object(members)
    }

    private mutating func scalar() -> JSON {
        pick([1, 2, -1.5, "a", "b", "", true, nil, .number(JSONNumber(Int64.max)), ["x": 1]])
    }

    private mutating func anything(depth: Int) -> JSON {
        switch below(depth > 0 ? 9 : 7) {
        case 0: .null
        case 1: .bool(chance(0.5))
        case 2: .int(below(1000) - 500)
        case 3: JSONNumber(literal: "1e999").map(JSON.number) ?? .null
        case 4: .string(pick(Self.names + Self.types + Self.references))
        case 5: []
        case 6: [:]
        case 7: .array((0..<below(4)).map { _ in anything(depth: depth - 1) })
        default: .object(JSONObject((0..<below(4)).map { _ in (pick(Self.keywords), anything(depth: depth - 1)) }))
        }
    }

    private mutating func maybeNonsense(_ value: (inout Self) -> JSON) -> JSON {
        chance(nonsense) ? anything(depth: 2) : value(&self)
    }

    // MARK: Random numbers

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    private mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    private mutating func chance(_ probability: Double) -> Bool { Double(below(1 << 20)) < probability * 1_048_576 }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
