import ToolJSON
import ToolSchema

// MARK: - Schemas that Ollama keeps whole

extension SchemaLowering {
    /// A schema that allows no value.
    private static let nothing: JSON = ["type": ImpliedTypes.any, "not": [:]]

    /// Returns a schema inside `items`, which Ollama keeps whole, with the changes that its templates need.
    ///
    /// References are replaced by their targets, and no schema is `true` or `false` where a template expects an object.
    ///
    /// - Parameters:
    ///   - keyword: The keyword that contains the schema. A schema that describes a value, instead of restricting one
    ///     that is described elsewhere, gets a type if it has none.
    ///   - scope: The enclosing schemas.
    /// - Returns: The schema, or nil if it allows no value.
    mutating func verbatim(_ schema: PlacedSchema, of keyword: String = "items", in scope: SchemaScope) -> JSON? {
        if let placeholder = placeholder(at: schema.path, in: scope) { return .object(placeholder) }
        charge(1 + schema.path.utf8.count / 64)
        var members: JSONObject
        switch schema.value {
        case .bool(let allowsAll):
            guard allowsAll else { return nil }
            members = [:]
        case .object(let authored):
            guard let sent = verbatim(authored, of: schema, in: scope.entering([schema.path]))
            else { return nil }
            members = sent
        default:
            notes.add(.dropped, at: schema.path, "Not sent: the value is not a schema.")
            members = [:]
        }
        if SubschemaKeyword.all[keyword]?.role != .limit { addType(to: &members) }
        return .object(members)
    }

    /// Adds the implied type in front of the other members, unless there is a type or a list of alternatives.
    mutating func addType(to members: inout JSONObject) {
        guard members["type"] == nil, members["anyOf"]?.array == nil, members["oneOf"]?.array == nil else { return }
        let parts = members["allOf"]?.array ?? []
        let keywords = Array(members) + parts.flatMap { Array($0.object ?? [:]) }
        let type = parts.lazy.compactMap { $0["type"] }.first ?? ImpliedTypes.type(ImpliedTypes.of(keywords))
        charge(1)
        members = JSONObject([("type", type)] + members.map { ($0.key, $0.value) })
    }

    private mutating func verbatim(_ authored: JSONObject, of schema: PlacedSchema, in scope: SchemaScope)
        -> JSONObject?
    {
        let draft = index.draft(at: schema.path)
        var members = JSONObject()
        var excluded: Set<JSON> = []
        for (keyword, value) in authored
        where !Self.keywordsWithoutConstraint.contains(keyword) && !Self.references.contains(keyword)
            && !draft.ignores(keyword, of: authored)
        {
            let isRemainder = SubschemaKeyword.all[keyword]?.role == .remainder
            switch SubschemaKeyword.form(of: keyword, value, in: draft) {
            case .named where value.object != nil:
                members[keyword] = map(value, keyword, of: schema, in: scope, &excluded)
            case .list where value.array != nil:
                guard let list = list(value, keyword, of: schema, in: scope) else { return nil }
                members[keyword] = list
            case .one where isRemainder ? value.bool == nil : value.array == nil:
                members[keyword] =
                    verbatim(schema.child(value, keyword), of: keyword, in: scope)
                    ?? (isRemainder ? false : Self.nothing)
            default:
                members[keyword] = data(value, of: keyword, of: schema)
            }
        }
        if !excluded.isEmpty, let required = members["required"]?.array {
            members["required"] = .array(required.filter { !excluded.contains($0) })
        }
        for keyword in Self.references where !draft.ignores(keyword, of: authored) {
            guard let reference = authored[keyword] else { continue }
            guard let target = target(of: reference, keyword, of: schema, in: scope) else { continue }
            if scope.contains(target.path) {
                members.merge(with: typeAlone(of: target))
                members["description"] = .string(
                    (members["description"]?.string ?? "").appending(sentences: ["Nested the same way."])
                )
            } else if let target = verbatim(target, of: "allOf", in: scope)?.object {
                members.merge(with: target)
            } else {
                return nil
            }
        }
        return members
    }

    /// Returns a value that contains no schema, or nil if Ollama cannot read it.
    private mutating func data(_ value: JSON, of keyword: String, of schema: PlacedSchema) -> JSON? {
        guard value.hasFiniteNumbers else {
            drop(keyword, of: schema, "has a number that is too large for Ollama")
            return nil
        }
        charge(value.cost)
        return value
    }

    private mutating func map(
        _ value: JSON,
        _ keyword: String,
        of schema: PlacedSchema,
        in scope: SchemaScope,
        _ excluded: inout Set<JSON>
    ) -> JSON {
        let map = schema.child(value, keyword)
        var sent = JSONObject()
        for (name, value) in value.object ?? [:] {
            charge(1 + (map.path.utf8.count + name.utf8.count) / 64)
            let child = isOverBudget ? PlacedSchema(value: value, path: map.path) : map.child(value, name)
            if keyword == "dependencies", value.array != nil {
                sent[name] = data(value, of: name, of: map)
            } else if let property = verbatim(child, of: keyword, in: scope) {
                sent[name] = property
            } else {
                excluded.insert(.string(name))
                notes.add(.dropped, at: child.path, "Not sent: no value is allowed for this property.")
            }
        }
        return .object(sent)
    }

    /// Returns the schemas of a list, or nil if the list allows no value.
    private mutating func list(_ value: JSON, _ keyword: String, of schema: PlacedSchema, in scope: SchemaScope)
        -> JSON?
    {
        let schemas = parts(value, keyword, of: schema)
        // Alternatives of a schema with a type restrict values of that type, so they need no type.
        let isTyped = keyword.hasSuffix("Of") && schema.value["type"] != nil
        let sent = schemas.map { verbatim($0, of: isTyped ? "allOf" : keyword, in: scope) }
        switch keyword {
        case "prefixItems", "items": return .array(sent.map { $0 ?? Self.nothing })
        case "allOf" where sent.contains(nil): return nil
        case "anyOf" where sent.allSatisfy { $0 == nil }, "oneOf" where sent.allSatisfy { $0 == nil }:
            return schemas.isEmpty ? [] : nil
        default: return .array(sent.compactMap(\.self))
        }
    }

    private func typeAlone(of schema: PlacedSchema) -> JSONObject {
        guard let type = schema.value["type"], typeNames(type)?.isEmpty == false else { return [:] }
        return ["type": type]
    }
}

extension JSONObject {
    /// Adds the members of a schema that this one refers to, as an `allOf` if members contradict each other.
    fileprivate mutating func merge(with target: JSONObject) {
        let annotations: Set<String> = ["title", "description", "default", "examples"]
        let clashes = target.contains { key, value in
            !annotations.contains(key) && self[key].map { $0 != value } == true
        }
        if clashes {
            self["allOf"] = .array((self["allOf"]?.array ?? []) + [.object(target)])
        } else {
            for (key, value) in target where self[key] == nil { self[key] = value }
        }
    }
}
