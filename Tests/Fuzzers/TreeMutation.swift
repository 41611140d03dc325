import CLibFuzzer
import ToolJSON

/// Mutates an input: every third time byte by byte, and otherwise as the parsed trees of its two texts.
///
/// Random changes of bytes rarely leave valid JSON, and even more rarely a schema.
@c(LLVMFuzzerCustomMutator)
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ maximum: Int, _ seed: CUnsignedInt) -> Int {
    var random = SplitMix(state: UInt64(seed))
    guard Int.random(in: 0..<3, using: &random) > 0, let input = SchemaCase(data, size) else {
        return LLVMFuzzerMutate(data, size, maximum)
    }
    var mutation = TreeMutation(random: random, input: input)
    let bytes = mutation.mutated().bytes
    guard bytes.count <= maximum else { return LLVMFuzzerMutate(data, size, maximum) }
    data.update(from: bytes, count: bytes.count)
    return bytes.count
}

/// A deterministic generator, so that a run can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// One or several random changes to a schema and an instance.
struct TreeMutation {
    var random: SplitMix
    let input: SchemaCase

    mutating func mutated() -> SchemaCase {
        var result = input
        repeat {
            if Bool.random(using: &random) {
                result.schema = edited(result.schema) { $0.changedSchema($1) }
            } else {
                result.instance = edited(result.instance) { $0.changedValue($1) }
            }
        } while Int.random(in: 0..<3, using: &random) == 0
        return result
    }

    // MARK: - Choosing a place

    /// Returns the value with a change of itself or of one value inside.
    private mutating func edited(_ value: JSON, _ change: (inout TreeMutation, JSON) -> JSON) -> JSON {
        var left = Int.random(in: 0..<value.size, using: &random)
        return edited(value, after: &left, change)
    }

    private mutating func edited(
        _ value: JSON,
        after left: inout Int,
        _ change: (inout TreeMutation, JSON) -> JSON
    ) -> JSON {
        left -= 1
        if left == -1 { return change(&self, value) }
        switch value {
        case .array(let elements):
            return .array(elements.map { left < 0 ? $0 : edited($0, after: &left, change) })
        case .object(let members):
            return .object(
                JSONObject(members.map { ($0.key, left < 0 ? $0.value : edited($0.value, after: &left, change)) })
            )
        default:
            return value
        }
    }

    /// Returns a random value of the schema or the instance.
    private mutating func transplant() -> JSON {
        let source = Bool.random(using: &random) ? input.schema : input.instance
        var found = source
        _ = edited(source) { _, value in
            found = value
            return value
        }
        return found
    }

    // MARK: - Changing a value

    private mutating func changedSchema(_ schema: JSON) -> JSON {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return transplant()
        case 1: return wrapped(schema)
        case 2: return changedValue(schema)
        case 3: return schemaOfOneKeyword()
        default:
            guard var members = schema.object else { return schemaOfOneKeyword() }
            let (keyword, value) = keyword()
            members[keyword] = value
            return .object(members)
        }
    }

    private mutating func changedValue(_ value: JSON) -> JSON {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return transplant()
        case 1: return pick(Self.values)
        case 2: return .string(value.text())
        case 3: return [value]
        default:
            if var elements = value.array {
                if let index = elements.indices.randomElement(using: &random), Bool.random(using: &random) {
                    elements.remove(at: index)
                } else {
                    elements.append(Bool.random(using: &random) ? transplant() : pick(Self.values))
                }
                return .array(elements)
            }
            if var members = value.object {
                if let key = members.keys.randomElement(using: &random), Bool.random(using: &random) {
                    members[key] = nil
                } else {
                    members[pick(Self.names)] = Bool.random(using: &random) ? transplant() : pick(Self.values)
                }
                return .object(members)
            }
            return pick(Self.values)
        }
    }

    private mutating func wrapped(_ schema: JSON) -> JSON {
        let other = Bool.random(using: &random) ? transplant() : schemaOfOneKeyword()
        return switch Int.random(in: 0..<8, using: &random) {
        case 0: ["allOf": [schema, other]]
        case 1: ["anyOf": [schema, other]]
        case 2: ["oneOf": [schema, other]]
        case 3: ["not": schema]
        case 4: ["if": schema, "then": other]
        case 5: ["properties": [pick(Self.names): schema]]
        case 6: ["items": schema]
        default: ["$defs": [pick(Self.names): schema], "$ref": .string(pick(Self.references))]
        }
    }

    // MARK: - Creating a value

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &random)]
    }

    private mutating func schemaOfOneKeyword() -> JSON {
        let (keyword, value) = keyword()
        return [keyword: value]
    }

    /// Returns a keyword with a meaningful value.
    private mutating func keyword() -> (String, JSON) {
        let keyword = pick(Self.keywords)
        let subschema: JSON = Bool.random(using: &random) ? ["type": .string(pick(Self.types))] : transplant()
        let value: JSON =
            switch keyword {
            case "type":
                Bool.random(using: &random)
                    ? .string(pick(Self.types)) : [.string(pick(Self.types)), .string(pick(Self.types))]
            case "enum": [pick(Self.values), pick(Self.values), transplant()]
            case "required": [.string(pick(Self.names)), .string(pick(Self.names))]
            case "dependentRequired": [pick(Self.names): [.string(pick(Self.names))]]
            case "dependencies":
                [pick(Self.names): Bool.random(using: &random) ? [.string(pick(Self.names))] : subschema]
            case "$ref", "$dynamicRef": .string(pick(Self.references))
            case "$anchor", "$dynamicAnchor": .string(pick(Self.names))
            case "$id", "id": .string((Bool.random(using: &random) ? "" : "#") + pick(Self.names))
            case "$recursiveRef": "#"
            case "pattern": .string(pick(Self.patterns))
            case "patternProperties": [pick(Self.patterns): subschema]
            case "format": .string(pick(Self.formats))
            case "properties", "dependentSchemas", "$defs", "definitions": [pick(Self.names): subschema]
            case "allOf", "anyOf", "oneOf", "prefixItems": [subschema, transplant()]
            case "const", "default": pick(Self.values)
            case "description": "The city"
            case "uniqueItems", "nullable", "$recursiveAnchor": true
            case "items" where Bool.random(using: &random): [subschema, transplant()]
            case "exclusiveMinimum" where Bool.random(using: &random),
                "exclusiveMaximum" where Bool.random(using: &random):
                true
            default:
                keyword.hasPrefix("m") || keyword.hasPrefix("exclusive") ? pick(Self.bounds) : subschema
            }
        return (keyword, value)
    }

    private static let types = ["null", "boolean", "integer", "number", "string", "array", "object"]
    private static let names = ["a", "b", "c", "unit", "Unit", "a/b", "", "arguments", "name"]
    private static let references = [
        "#", "#a", "#b", "#/$defs/a", "#/$defs/b", "#/$defs/c", "#/properties/a", "a", "b#a", "#/definitions/a",
    ]
    private static let patterns = [
        "^a", "b$", "^(a|b)*$", #"^\d+$"#, #"^\p{L}+$"#, "[a-c]{1,3}", "(?=a)a|b", "(a+)+$", ".",
    ]
    private static let bounds: [JSON] = [0, 1, 2, 3, 1.5, -1, .double(0.01), .double(1e300)]
    private static let formats = [
        "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
        "uri", "uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer",
        "relative-json-pointer", "regex",
    ]
    private static let keywords = [
        "type", "type", "type", "enum", "const", "properties", "properties", "required", "additionalProperties",
        "patternProperties", "propertyNames", "minProperties", "maxProperties", "dependentRequired",
        "dependentSchemas", "items", "prefixItems", "contains", "minContains", "maxContains", "minItems", "maxItems",
        "uniqueItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
        "maxLength", "pattern", "format", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref",
        "$dynamicRef", "$defs", "$id", "$anchor", "$dynamicAnchor", "unevaluatedItems", "unevaluatedProperties",
        "description", "default", "nullable", "dependencies", "additionalItems", "definitions", "id", "$recursiveRef",
        "$recursiveAnchor",
    ]
    private static let values: [JSON] = [
        nil, true, false, 0, 1, -1, 12, 1.5, "", "a", "A", "b", "12", "12.0", "true", "False", "null", "None", "{}",
        "[]",
        "[\"1\"]", "{\"a\":\"1\"}", "2024-02-29T23:59:60Z", "a@b.example", "::1", "xn--a", [], [1], ["1", 2], [:],
        ["a": 1], ["a": "1", "b": "true"], .number(JSONNumber(literal: "12.0") ?? JSONNumber(12)),
        .number(JSONNumber(literal: "1e3") ?? JSONNumber(1000)), .number(JSONNumber(literal: "1e99") ?? JSONNumber(1)),
    ]
}

extension JSON {
    /// The number of values inside, including itself.
    fileprivate var size: Int {
        switch self {
        case .array(let elements): elements.reduce(1) { $0 + $1.size }
        case .object(let members): members.reduce(1) { $0 + $1.value.size }
        default: 1
        }
    }
}
