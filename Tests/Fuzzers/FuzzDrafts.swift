import ToolJSON
import ToolSchema

/// Checks a schema and an instance: every check ends in every draft, and the schema gives the same result after it is
/// rewritten for draft 2020-12.
@c(LLVMFuzzerTestOneInput)
public func fuzzDrafts(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = SchemaCase(start, count), let members = input.schema.object else { return 0 }
    for draft in EarlierDraft.allCases {
        guard let isAccepted = verdict(on: input.instance, declaring(draft.rawValue, members)) else { continue }
        let rewritten = DraftRewriting(draft: draft).schema(input.schema, isRecursive: false)
        guard let members = rewritten.object,
            let isRewrittenAccepted = verdict(on: input.instance, declaring(current, members))
        else { continue }
        precondition(isAccepted == isRewrittenAccepted, "\(draft) and 2020-12 disagree")
    }
    // An "additionalItems" that 2020-12 ignores can have any value.
    if !input.schema.text().contains("\"additionalItems\""),
        let isAccepted = verdict(on: input.instance, declaring(current, members))
    {
        precondition((try? Schema(.object(members.without("$schema")))) != nil, "a schema without $schema is rejected")
        let isUndeclaredAccepted = verdict(on: input.instance, members.without("$schema"))
        precondition(
            isUndeclaredAccepted ?? isAccepted == isAccepted,
            "a schema without $schema does not follow 2020-12"
        )
    }
    return 0
}

private let current = "https://json-schema.org/draft/2020-12/schema"

private enum EarlierDraft: String, CaseIterable {
    case draft4 = "http://json-schema.org/draft-04/schema#"
    case draft6 = "http://json-schema.org/draft-06/schema#"
    case draft7 = "http://json-schema.org/draft-07/schema#"
    case draft2019 = "https://json-schema.org/draft/2019-09/schema"
}

private func declaring(_ uri: String, _ members: JSONObject) -> JSONObject {
    JSONObject([("$schema", .string(uri))] + members.without("$schema").map { ($0.key, $0.value) })
}

/// Returns true if a schema accepts a value, or nil if the schema is rejected or the check exceeds the limits.
private func verdict(on value: JSON, _ schema: JSONObject) -> Bool? {
    do throws(SchemaError) {
        let schema = try Schema(.object(schema))
        let start = ContinuousClock.now
        let isAccepted = schema.accepts(value)
        return check(schema.violations(in: value), limit: 32, isAccepted, since: start) ? isAccepted : nil
    } catch {
        precondition(!error.message.isEmpty, "an error has no message")
        precondition(error.message.count <= 1_000, "the message of an error is too long")
        return nil
    }
}

/// A translator of schemas from an earlier draft to draft 2020-12.
///
/// It does not validate: a schema that the earlier draft rejects can become anything, and references can break.
private struct DraftRewriting {
    let draft: EarlierDraft

    private var isBefore2019: Bool { draft != .draft2019 }
    private var idKeyword: String { draft == .draft4 ? "id" : "$id" }

    /// Rewrites a schema.
    ///
    /// - Parameters:
    ///   - schema: The schema.
    ///   - isRecursive: True if the resource of the schema has a `$recursiveAnchor`.
    func schema(_ schema: JSON, isRecursive: Bool) -> JSON {
        guard let members = schema.object else { return schema }
        var isRecursive = isRecursive
        if let anchor = members["$recursiveAnchor"]?.bool, draft == .draft2019 {
            isRecursive = anchor
        } else if members["$id"] != nil {
            isRecursive = false
        }
        var result = JSONObject()
        if isBefore2019, let reference = members["$ref"] {
            result["$ref"] = reference
            for keyword in ["$defs", "definitions"] {
                result[keyword] = members[keyword].map { map($0, isRecursive) }
            }
            return .object(result)
        }
        var extras: [JSON] = []
        for (keyword, value) in members where isDefined(keyword) {
            rewrite(keyword, value, of: members, isRecursive, &result, &extras)
        }
        // In these drafts, an exclusive bound is a flag of the inclusive one.
        for (keyword, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")]
        where draft == .draft4 && members[exclusive] == true {
            result[exclusive] = result[keyword]
            result[keyword] = nil
        }
        if !extras.isEmpty { result["allOf"] = .array((result["allOf"]?.array ?? []) + extras) }
        return .object(result)
    }

    private func rewrite(
        _ keyword: String,
        _ value: JSON,
        of members: JSONObject,
        _ isRecursive: Bool,
        _ result: inout JSONObject,
        _ extras: inout [JSON]
    ) {
        switch keyword {
        case idKeyword: identify(value, &result)
        case "items" where value.array != nil:
            result["prefixItems"] = list(value, isRecursive)
            result["items"] = members["additionalItems"].map { schema($0, isRecursive: isRecursive) }
        case "additionalItems", "maxContains", "minContains": break
        case "exclusiveMinimum" where draft == .draft4, "exclusiveMaximum" where draft == .draft4: break
        case "dependencies":
            for (name, dependency) in value.object ?? [:] {
                let isList = dependency.array != nil
                let value = isList ? dependency : schema(dependency, isRecursive: isRecursive)
                extras.append([isList ? "dependentRequired" : "dependentSchemas": [name: value]])
            }
        case "contains":
            var contains: JSONObject = [keyword: schema(value, isRecursive: isRecursive)]
            for count in ["minContains", "maxContains"] where !isBefore2019 { contains[count] = members[count] }
            // Negation hides which elements match.
            extras.append(["not": ["not": .object(contains)]])
        case "$recursiveAnchor": if value == true { result["$dynamicAnchor"] = "recursion" }
        case "$recursiveRef": extras.append(isRecursive ? ["$dynamicRef": "#recursion"] : ["$ref": "#"])
        case "additionalProperties", "else", "if", "items", "not", "propertyNames", "then", "unevaluatedItems",
            "unevaluatedProperties":
            result[keyword] = schema(value, isRecursive: isRecursive)
        case "allOf", "anyOf", "oneOf": result[keyword] = list(value, isRecursive)
        case "$defs", "definitions", "dependentSchemas", "patternProperties", "properties":
            result[keyword] = map(value, isRecursive)
        default: result[keyword] = value
        }
    }

    /// Splits an identifier: before 2019-09, its fragment is an anchor.
    private func identify(_ value: JSON, _ result: inout JSONObject) {
        guard isBefore2019, let text = value.string else {
            result["$id"] = value
            return
        }
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if let path = parts.first, !path.isEmpty { result["$id"] = .string(path) }
        if parts.count > 1, !parts[1].isEmpty, !parts[1].hasPrefix("/") { result["$anchor"] = .string(parts[1]) }
    }

    private func isDefined(_ keyword: String) -> Bool {
        switch keyword {
        case "const", "contains", "propertyNames": draft != .draft4
        case "if", "then", "else": draft == .draft7 || draft == .draft2019
        case "$anchor", "$recursiveAnchor", "$recursiveRef", "dependentRequired", "dependentSchemas", "maxContains",
            "minContains", "unevaluatedItems", "unevaluatedProperties":
            draft == .draft2019
        case "id": draft == .draft4
        case "$id": draft != .draft4
        case "$dynamicAnchor", "$dynamicRef", "$schema", "prefixItems": false
        default: true
        }
    }

    private func list(_ value: JSON, _ isRecursive: Bool) -> JSON {
        value.array.map { .array($0.map { schema($0, isRecursive: isRecursive) }) } ?? value
    }

    private func map(_ value: JSON, _ isRecursive: Bool) -> JSON {
        guard let members = value.object else { return value }
        return .object(JSONObject(members.map { ($0.key, schema($0.value, isRecursive: isRecursive)) }))
    }
}

extension JSONObject {
    fileprivate func without(_ key: String) -> JSONObject {
        var copy = self
        copy[key] = nil
        return copy
    }
}
