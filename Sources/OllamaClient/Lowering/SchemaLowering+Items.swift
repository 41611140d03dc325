import ToolJSON
import ToolSchema

// MARK: - Inside items

extension SchemaLowering {
    /// A schema that allows no value.
    private static let nothing: JSON = ["type": ImpliedTypes.any, "not": [:]]

    /// Returns a schema that Ollama keeps as it is, changed only where its templates would fail.
    ///
    /// References are replaced by the schemas that they name, and no schema is `true` or `false` where a template
    /// expects an object.
    ///
    /// - Parameters:
    ///   - keyword: The keyword that holds the schema. Where a value is described rather than limited further, the
    ///     schema gets a type if it has none.
    ///   - place: The schemas around it.
    /// - Returns: `nil` if no value is allowed.
    mutating func verbatim(_ schema: PlacedSchema, of keyword: String = "items", in place: Place) -> JSON? {
        if let cut = cut(schema.path, in: place) { return .object(cut) }
        spend(1 + schema.path.utf8.count / 64)
        var members: JSONObject
        switch schema.value {
        case .bool(let allowsAll):
            guard allowsAll else { return nil }
            members = [:]
        case .object(let authored):
            guard let sent = verbatim(authored, of: schema, in: place.inside([schema.path])) else { return nil }
            members = sent
        default:
            notes.add(.lost, at: schema.path, "Not a schema, so nothing of it is sent.")
            members = [:]
        }
        if SubschemaKeyword.all[keyword]?.role != .limit { addType(to: &members) }
        return .object(members)
    }

    /// Adds the type that the other keywords imply, in front of them, unless there is a type or alternatives.
    mutating func addType(to members: inout JSONObject) {
        guard members["type"] == nil, members["anyOf"]?.array == nil, members["oneOf"]?.array == nil else { return }
        let parts = members["allOf"]?.array ?? []
        let keywords = Array(members) + parts.flatMap { Array($0.object ?? [:]) }
        let type = parts.lazy.compactMap { $0["type"] }.first ?? ImpliedTypes.type(ImpliedTypes.of(keywords))
        spend(1)
        members = JSONObject([("type", type)] + members.map { ($0.key, $0.value) })
    }

    private mutating func verbatim(_ authored: JSONObject, of schema: PlacedSchema, in inside: Place) -> JSONObject? {
        let draft = index.draft(at: schema.path)
        var members = JSONObject()
        var absent: Set<JSON> = []
        for (keyword, value) in authored
        where !Self.silentKeywords.contains(keyword) && !Self.references.contains(keyword)
            && !draft.ignores(keyword, of: authored)
        {
            let isRemainder = SubschemaKeyword.all[keyword]?.role == .remainder
            switch SubschemaKeyword.form(of: keyword, value, in: draft) {
            case .named where value.object != nil:
                members[keyword] = map(value, keyword, of: schema, in: inside, &absent)
            case .list where value.array != nil:
                guard let list = list(value, keyword, of: schema, in: inside) else { return nil }
                members[keyword] = list
            case .one where isRemainder ? value.bool == nil : value.array == nil:
                members[keyword] =
                    verbatim(schema.child(value, keyword), of: keyword, in: inside)
                    ?? (isRemainder ? false : Self.nothing)
            default:
                members[keyword] = data(value, of: keyword, of: schema)
            }
        }
        if !absent.isEmpty, let required = members["required"]?.array {
            members["required"] = .array(required.filter { !absent.contains($0) })
        }
        for keyword in Self.references where !draft.ignores(keyword, of: authored) {
            guard let reference = authored[keyword] else { continue }
            guard let target = target(of: reference, keyword, of: schema, in: inside) else { continue }
            if inside.isInside(target.path) {
                members.merge(with: typeAlone(of: target))
                members["description"] = .string(
                    (members["description"]?.string ?? "").adding(sentences: ["Nested the same way."])
                )
            } else if let target = verbatim(target, of: "allOf", in: inside)?.object {
                members.merge(with: target)
            } else {
                return nil
            }
        }
        return members
    }

    /// Returns a value that holds no schema, or nil if Ollama cannot read it.
    private mutating func data(_ value: JSON, of keyword: String, of schema: PlacedSchema) -> JSON? {
        guard value.hasFiniteNumbers else {
            lose(keyword, of: schema, "has a number beyond what Ollama can read")
            return nil
        }
        spend(value.weight)
        return value
    }

    private mutating func map(
        _ value: JSON,
        _ keyword: String,
        of schema: PlacedSchema,
        in inside: Place,
        _ absent: inout Set<JSON>
    ) -> JSON {
        let map = schema.child(value, keyword)
        var sent = JSONObject()
        for (name, value) in value.object ?? [:] {
            spend(1 + (map.path.utf8.count + name.utf8.count) / 64)
            let child = isSpent ? PlacedSchema(value: value, path: map.path) : map.child(value, name)
            if keyword == "dependencies", value.array != nil {
                sent[name] = data(value, of: name, of: map)
            } else if let property = verbatim(child, of: keyword, in: inside) {
                sent[name] = property
            } else {
                absent.insert(.string(name))
                notes.add(.lost, at: child.path, "Not sent: no value is allowed for it.")
            }
        }
        return .object(sent)
    }

    /// Returns the schemas of a list, or nil if they allow no value.
    private mutating func list(_ value: JSON, _ keyword: String, of schema: PlacedSchema, in inside: Place) -> JSON? {
        let schemas = parts(value, keyword, of: schema)
        // Alternatives of a schema with a type say more about a value of that type.
        let isTyped = keyword.hasSuffix("Of") && schema.value["type"] != nil
        let sent = schemas.map { verbatim($0, of: isTyped ? "allOf" : keyword, in: inside) }
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
    /// Adds the members of a schema that this one refers to.
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
