import ToolJSON

// MARK: - Inside items

extension SchemaLowering {
    private static let mapKeywords: Set<String> = ["properties", "patternProperties", "dependentSchemas"]
    private static let listKeywords: Set<String> = ["anyOf", "oneOf", "allOf", "prefixItems", "items"]
    private static let schemaKeywords: Set<String> = [
        "items", "contains", "not", "if", "then", "else", "propertyNames", "contentSchema",
    ]
    /// Keywords whose schemas say more about a value that another schema describes.
    private static let addingKeywords: Set<String> = [
        "allOf", "contains", "not", "if", "then", "else", "propertyNames", "contentSchema", "dependentSchemas",
    ]
    /// Keywords whose value is a schema that is often a plain `false`.
    private static let closingKeywords: Set<String> = [
        "additionalProperties", "unevaluatedProperties", "additionalItems", "unevaluatedItems",
    ]

    /// A schema that allows no value.
    private static let nothing: JSON = ["type": ImpliedTypes.any, "not": [:]]

    /// A schema of which Ollama keeps all, so that nothing has to change but what its templates cannot follow.
    ///
    /// References are put in place, and no schema is `true` or `false` where a template expects an object.
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
        if !Self.addingKeywords.contains(keyword) { addType(to: &members) }
        return .object(members)
    }

    /// Adds the type that the other keywords speak of, in front of them, unless there is a type or alternatives.
    mutating func addType(to members: inout JSONObject) {
        guard members["type"] == nil, members["anyOf"]?.array == nil, members["oneOf"]?.array == nil else { return }
        let parts = members["allOf"]?.array ?? []
        let keywords = Array(members) + parts.flatMap { Array($0.object ?? [:]) }
        let type = parts.lazy.compactMap { $0["type"] }.first ?? ImpliedTypes.type(ImpliedTypes.of(keywords))
        spend(1)
        members = JSONObject([("type", type)] + members.map { ($0.key, $0.value) })
    }

    private mutating func verbatim(_ authored: JSONObject, of schema: PlacedSchema, in inside: Place) -> JSONObject? {
        var members = JSONObject()
        var absent: Set<JSON> = []
        for (keyword, value) in authored
        where !Self.silentKeywords.contains(keyword) && !index.ignores(keyword, of: authored) {
            switch keyword {
            case "$ref", "$dynamicRef", "$recursiveRef": continue
            case _ where Self.mapKeywords.contains(keyword) && value.object != nil:
                members[keyword] = map(value, keyword, of: schema, in: inside, &absent)
            case _ where Self.listKeywords.contains(keyword) && value.array != nil:
                guard let list = list(value, keyword, of: schema, in: inside) else { return nil }
                members[keyword] = list
            case _ where Self.schemaKeywords.contains(keyword) && value.array == nil:
                members[keyword] = verbatim(schema.child(value, keyword), of: keyword, in: inside) ?? Self.nothing
            case _ where Self.closingKeywords.contains(keyword) && value.bool == nil:
                members[keyword] = verbatim(schema.child(value, keyword), in: inside) ?? false
            case _ where !value.hasFiniteNumbers:
                lose(keyword, of: schema, "has a number beyond what Ollama can read")
            default:
                spend(value.weight)
                members[keyword] = value
            }
        }
        if !absent.isEmpty, let required = members["required"]?.array {
            members["required"] = .array(required.filter { !absent.contains($0) })
        }
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] where !index.ignores(keyword, of: authored) {
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
            if let property = verbatim(child, of: keyword, in: inside) {
                sent[name] = property
            } else {
                absent.insert(.string(name))
                notes.add(.lost, at: child.path, "Not sent: no value is allowed for it.")
            }
        }
        return .object(sent)
    }

    /// The schemas of a list; `nil` where they allow no value.
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
