import ToolJSON

// MARK: - Inside items

extension SchemaLowering {
    private static let mapKeywords: Set<String> = ["properties", "patternProperties", "dependentSchemas"]
    private static let listKeywords: Set<String> = ["anyOf", "oneOf", "allOf", "prefixItems", "items"]
    private static let schemaKeywords: Set<String> = [
        "items", "contains", "not", "if", "then", "else", "propertyNames", "contentSchema",
    ]
    /// Keywords whose value is a schema that is often a plain `false`.
    private static let closingKeywords: Set<String> = [
        "additionalProperties", "unevaluatedProperties", "additionalItems", "unevaluatedItems",
    ]

    /// A schema of which Ollama keeps all, so that nothing has to change but what its templates cannot follow.
    ///
    /// References are put in place, and no schema is `true` or `false` where a template expects an object.
    ///
    /// - Returns: `nil` where no value is allowed.
    mutating func verbatim(_ schema: PlacedSchema, in place: Place) -> JSON? {
        if let cut = cut(schema.path, in: place) { return .object(cut) }
        spend(1 + schema.path.utf8.count / 64)
        switch schema.value {
        case .bool(let allowsAll): return allowsAll ? [:] : nil
        case .object(let members): return verbatim(members, of: schema, in: place.inside([schema.path]))
        default:
            notes.add(.lost, at: schema.path, "Not a schema, so nothing of it is sent.")
            return [:]
        }
    }

    private mutating func verbatim(_ authored: JSONObject, of schema: PlacedSchema, in inside: Place) -> JSON? {
        var members = JSONObject()
        var absent: Set<JSON> = []
        for (keyword, value) in authored where !Self.silentKeywords.contains(keyword) {
            switch keyword {
            case "$ref", "$dynamicRef", "$recursiveRef": continue
            case _ where Self.mapKeywords.contains(keyword) && value.object != nil:
                members[keyword] = map(value, keyword, of: schema, in: inside, &absent)
            case _ where Self.listKeywords.contains(keyword) && value.array != nil:
                guard let list = list(value, keyword, of: schema, in: inside) else { return nil }
                members[keyword] = list
            case _ where Self.schemaKeywords.contains(keyword) && value.array == nil:
                members[keyword] = verbatim(schema.child(value, keyword), in: inside) ?? ["not": [:]]
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
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            guard let reference = authored[keyword] else { continue }
            guard let target = target(of: reference, keyword, of: schema, in: inside) else { continue }
            if inside.isInside(target.path) {
                members.merge(with: typeAlone(of: target))
                members["description"] = .string(
                    (members["description"]?.string ?? "").adding(sentences: ["Nested the same way."])
                )
            } else if let target = verbatim(target, in: inside)?.object {
                members.merge(with: target)
            } else {
                return nil
            }
        }
        return .object(members)
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
            if let property = verbatim(child, in: inside) {
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
        let sent = schemas.map { verbatim($0, in: inside) }
        switch keyword {
        case "prefixItems", "items": return .array(sent.map { $0 ?? ["not": [:]] })
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
