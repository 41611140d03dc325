import ToolJSON
import ToolSchema

/// Creates a schema and an instance of adversarial sizes from a few bytes: every check must end within its budget.
@c(LLVMFuzzerTestOneInput)
public func fuzzSizes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var maker = SizedCaseMaker(bytes: Array(UnsafeBufferPointer(start: start, count: count)))
    let schemaValue = maker.schema(levels: 4)
    let instance = maker.value(levels: 3)
    // Parts are shared, so a schema can be arbitrarily large. A host rejects more than 1 MiB.
    guard schemaValue.byteCount(upTo: 1 << 18) <= 1 << 18 else { return 0 }
    let compiled = ends(within: .seconds(10), "compiling") { try? Schema(schemaValue, assertsFormats: true) }
    if let compiled { checkSizes(compiled, instance) }
    let tool: JSONObject = ["name": "get_temperature", "parameters": schemaValue]
    let findings = ends(within: .seconds(10), "linting") { SchemaLint.findings(in: [tool]) }
    precondition(findings.allSatisfy { $0.message.utf8.count <= 4_000 }, "a finding says too much")
    return 0
}

private func checkSizes(_ schema: Schema, _ instance: JSON) {
    // With the sanitizer, a step takes ten times as long.
    let fitting = ends(within: .seconds(5), "checking") {
        schema.fitting(instance, within: WorkBudget(steps: 200_000))
    }
    precondition(fitting.violations.count <= 32, "there are too many violations")
    for violation in fitting.violations {
        precondition(violation.message.utf8.count <= 20_000, "a violation says too much")
    }
    if fitting.isComplete {
        if fitting.violations.isEmpty {
            let again = schema.fitting(fitting.value, within: WorkBudget(steps: 800_000))
            precondition(!again.isComplete || again.violations.isEmpty, "a value that was made to fit does not fit")
        }
    } else {
        precondition(!fitting.violations.isEmpty, "a value that could not be checked is accepted")
    }
    // A tenth of the budget is either exhausted or sufficient. It never changes the result.
    let hasty = schema.fitting(instance, within: WorkBudget(steps: 20_000))
    if hasty.isComplete, fitting.isComplete {
        precondition(hasty.violations.isEmpty == fitting.violations.isEmpty, "the answer depends on the budget")
    }
}

private func ends<Value>(within limit: Duration, _ what: String, _ work: () -> Value) -> Value {
    let start = ContinuousClock.now
    let value = work()
    precondition(start.duration(to: .now) < limit, "\(what) takes too long")
    return value
}

/// A generator of values from the bytes of an input.
///
/// Each byte selects a kind or a size.
private struct SizedCaseMaker {
    let bytes: [UInt8]
    private var position = 0
    /// The remaining number of values, which is bounded so that generating them is as fast as checking them.
    private var left = 15_000

    init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func byte() -> Int {
        defer { position += 1 }
        return position < bytes.count ? Int(bytes[position]) : 0
    }

    private mutating func size() -> Int {
        let sizes = [0, 1, 2, 9, 17, 100, 1_000, 6_000]
        let size = min(sizes[byte() % sizes.count], left)
        left -= size
        return size
    }

    /// Returns several values.
    ///
    /// A few are generated and then repeated.
    private mutating func list(_ make: (inout SizedCaseMaker) -> JSON) -> JSON {
        let count = size()
        let made = (0..<min(count, 3)).map { _ in make(&self) }
        return .array((0..<count).map { made[$0 % made.count] })
    }

    private mutating func map(_ make: (inout SizedCaseMaker) -> JSON) -> JSON {
        let (count, prefix) = (size(), name())
        let made = (0..<min(count, 3)).map { _ in make(&self) }
        return .object(JSONObject((0..<count).map { ("\(prefix)\($0)", made[$0 % made.count]) }))
    }

    private mutating func names() -> JSON {
        let (count, prefix) = (size(), name())
        return .array((0..<count).map { .string("\(prefix)\($0)") })
    }

    private mutating func name() -> String {
        let choice = byte()
        if choice == 255 { return String(repeating: "k", count: 5_000) }
        return ["k", "K", "name", "r"][choice % 4]
    }

    private mutating func number() -> JSON {
        switch byte() % 6 {
        case 0: .int(byte())
        case 1: .int(-byte())
        case 2: .number(JSONNumber(literal: String(repeating: "7", count: 1 + size())) ?? JSONNumber(1))
        case 3: .number(JSONNumber(literal: "1.\(byte())e\(byte())") ?? JSONNumber(1))
        case 4: .number(JSONNumber(literal: "1e999999999999999999") ?? JSONNumber(1))
        default: .double(0.01)
        }
    }

    private mutating func text() -> JSON {
        let units = ["a", "ab", "é", "1", " ", "[", "{\"a\":", "[],", "/a", "%41", "a@"]
        let unit = units[byte() % units.count]
        return .string(String(repeating: unit, count: size()))
    }

    // MARK: - Instances

    mutating func value(levels: Int) -> JSON {
        switch byte() % (levels > 0 ? 9 : 4) {
        case 0: return number()
        case 1: return text()
        case 2: return .bool(byte() % 2 == 0)
        case 3: return nil
        case 4, 5: return list { $0.value(levels: levels - 1) }
        case 6: return map { $0.value(levels: levels - 1) }
        case 7: return names()
        default:
            let (count, isText) = (size(), byte() % 2 == 0)
            return .array((0..<count).map { isText ? .string("\($0)") : .int($0) })
        }
    }

    // MARK: - Schemas

    mutating func schema(levels: Int) -> JSON {
        var members = JSONObject()
        for _ in 0...(byte() % 3) {
            let (keyword, value) = levels > 0 ? keyword(levels - 1) : simpleKeyword()
            members[keyword] = value
        }
        if levels == 4 { members["$defs"] = chain() }
        return .object(members)
    }

    /// Returns definitions that each refer to the previous one, once or several times.
    private mutating func chain() -> JSON {
        let (length, times, keyword) = (min(size(), 3_000), 1 + byte() % 3, ["allOf", "anyOf", "oneOf"][byte() % 3])
        var definitions: JSONObject = ["d0": schema(levels: 1)]
        for link in 1...max(1, length) {
            let inner: JSON = ["$ref": .string("#/$defs/d\(link - 1)")]
            definitions["d\(link)"] = [keyword: .array(Array(repeating: inner, count: times))]
        }
        definitions["last"] = ["$ref": .string("#/$defs/d\(max(1, length))")]
        return .object(definitions)
    }

    private mutating func simpleKeyword() -> (String, JSON) {
        let types = ["null", "boolean", "integer", "number", "string", "array", "object"]
        let patterns = ["^a", "(a+)+$", #"\s+$"#, "(a|b)*c", "^(ab){3,900}$", "[^x]*y"]
        let formats = ["date-time", "email", "idn-hostname", "ipv6", "uri", "uri-template", "regex", "json-pointer"]
        switch byte() % 14 {
        case 0: return ("type", .string(types[byte() % types.count]))
        case 1: return ("const", value(levels: 2))
        case 2: return ("enum", .array(value(levels: 2).array ?? [nil]))
        case 3: return ("enum", names())
        case 4: return ("required", names())
        case 5: return ("dependentRequired", map { $0.names() })
        case 6: return ("uniqueItems", true)
        case 7: return (["minimum", "exclusiveMaximum"][byte() % 2], number())
        case 8: return ("multipleOf", number())
        case 9: return (["minLength", "maxLength", "minItems", "maxProperties"][byte() % 4], .int(byte()))
        case 10: return ("pattern", .string(patterns[byte() % patterns.count]))
        case 11: return ("format", .string(formats[byte() % formats.count]))
        case 12: return ("$ref", .string(["#/$defs/d0", "#/$defs/d1", "#/$defs/last", "#"][byte() % 4]))
        default: return ("maxLength", .int(size()))
        }
    }

    private mutating func keyword(_ levels: Int) -> (String, JSON) {
        switch byte() % 8 {
        case 0, 1: return simpleKeyword()
        case 2:
            let keywords = ["items", "additionalProperties", "contains", "not", "propertyNames", "if"]
            return (keywords[byte() % keywords.count], schema(levels: levels))
        case 3: return (["unevaluatedItems", "unevaluatedProperties"][byte() % 2], schema(levels: levels))
        case 4: return (["anyOf", "oneOf", "allOf", "prefixItems"][byte() % 4], list { $0.schema(levels: levels) })
        case 5: return (["properties", "dependentSchemas"][byte() % 2], map { $0.schema(levels: levels) })
        case 6: return ("patternProperties", map { $0.schema(levels: levels) })
        default: return (["then", "else"][byte() % 2], schema(levels: levels))
        }
    }
}
