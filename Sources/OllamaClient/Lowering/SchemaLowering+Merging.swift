import ToolJSON

// MARK: - Schemas that hold at once

extension SchemaLowering {
    static let references = ["$ref", "$dynamicRef", "$recursiveRef"]

    /// Keywords that do not constrain a value.
    static let silentKeywords: Set<String> = [
        "$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$comment", "$vocabulary", "$defs",
        "definitions",
    ]

    /// Merges schemas that hold at once with those that they refer to and those of their `allOf`.
    ///
    /// Earlier schemas take precedence: a schema's own keywords, then the schema it refers to, then its `allOf`.
    mutating func merge(_ schemas: [PlacedSchema], in place: Place) -> MergedSchema {
        var merged = MergedSchema()
        var waiting = Array(schemas.reversed())
        while let schema = waiting.popLast() {
            if isSpent {
                merged.isCut = true
                _ = cut(schema.path, in: place)
                break
            }
            // The same schema twice says no more than once; this ends references in a circle, too.
            guard merged.paths.insert(schema.path).inserted else { continue }
            spend(1 + schema.path.utf8.count / 64)
            switch schema.value {
            case .bool(let allowsAll):
                if !allowsAll { merged.allowsNothing = true }
            case .object(let members):
                var referred: [PlacedSchema] = []
                var parts: [PlacedSchema] = []
                let draft = index.draft(at: schema.path)
                for (keyword, value) in members where !draft.ignores(keyword, of: members) {
                    switch keyword {
                    case _ where Self.references.contains(keyword):
                        guard let target = target(of: value, keyword, of: schema, in: place) else { continue }
                        guard place.isInside(target.path) else {
                            referred.append(target)
                            continue
                        }
                        merged.isRecursive = true
                        let types = target.value["type"].flatMap(typeNames) ?? []
                        if !types.isEmpty { _ = merged.narrow(types: types) }
                    case "allOf":
                        parts += self.parts(value, keyword, of: schema)
                    default:
                        take(keyword, value, of: schema, into: &merged)
                    }
                }
                waiting += (referred + parts).reversed()
            default:
                notes.add(.lost, at: schema.path, "Not a schema, so nothing of it is sent.")
            }
        }
        merged.settleItems()
        return merged
    }

    /// The schema that a reference names; one within itself is noted.
    mutating func target(
        of reference: JSON,
        _ keyword: String,
        of schema: PlacedSchema,
        in place: Place
    ) -> PlacedSchema? {
        spend(reference.weight + schema.path.utf8.count / 64)
        let path = JSONPointer.appending(keyword, to: schema.path)
        guard let target = reference.string.flatMap({ index.target(of: $0, from: schema.path) }) else {
            notes.add(.lost, at: path, "Nothing is found under this reference.")
            return nil
        }
        if place.isInside(target.path) {
            notes.add(.cut, at: path, "A schema within itself: sent once, not again.")
        }
        return target
    }

    /// The schemas of an `allOf`, `anyOf` or `oneOf`.
    mutating func parts(_ value: JSON, _ keyword: String, of schema: PlacedSchema) -> [PlacedSchema] {
        guard let elements = value.array else {
            lose(keyword, of: schema, "is not an array of schemas")
            return []
        }
        let list = schema.child(value, keyword)
        var placed: [PlacedSchema] = []
        for (position, element) in elements.enumerated() {
            spend(1 + list.path.utf8.count / 64)
            // Once there is too much, a path of its own for each would be too much as well.
            placed.append(
                isSpent ? PlacedSchema(value: element, path: list.path) : list.child(element, "\(position)")
            )
        }
        return placed
    }

    func typeNames(_ value: JSON) -> [String]? {
        if let name = value.string { return [name] }
        return value.array?.compactMap(\.string)
    }

    mutating func lose(_ keyword: String, of schema: PlacedSchema, _ reason: String) {
        notes.add(.lost, at: JSONPointer.appending(keyword, to: schema.path), "Not sent: it \(reason).")
    }
}

// MARK: - One keyword

extension SchemaLowering {
    private mutating func take(
        _ keyword: String,
        _ value: JSON,
        of schema: PlacedSchema,
        into merged: inout MergedSchema
    ) {
        spend(1)
        switch keyword {
        case "type": takeType(value, of: schema, into: &merged)
        case "enum", "const": takeValues(keyword, value, of: schema, into: &merged)
        case "description": takeDescription(value, of: schema, into: &merged)
        case "title":
            guard let text = value.string else { return lose(keyword, of: schema, "is not a string") }
            spend(value.weight)
            merged.title = merged.title ?? (text, JSONPointer.appending(keyword, to: schema.path))
        case "nullable":
            guard let isNullable = value.bool else { return lose(keyword, of: schema, "is neither true nor false") }
            merged.isNullable = merged.isNullable || isNullable
        case "properties": takeProperties(value, of: schema, into: &merged)
        case "required": takeRequired(value, of: schema, into: &merged)
        case "items": takeItems(value, of: schema, into: &merged)
        case "anyOf", "oneOf":
            let branches = parts(value, keyword, of: schema)
            guard !branches.isEmpty else { return }
            merged.mention("anyOf")
            merged.choices.append(
                Choice(keyword: keyword, branches: branches, path: JSONPointer.appending(keyword, to: schema.path))
            )
        case _ where Self.silentKeywords.contains(keyword): break
        default: merged.facets.append(UnsupportedKeyword(keyword: keyword, value: value, schemaPath: schema.path))
        }
    }

    private mutating func takeType(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        spend(value.weight)
        let names = typeNames(value) ?? []
        if names.count != value.array?.count ?? 1 || names.isEmpty {
            lose("type", of: schema, "is not a type's name, nor an array of such")
        }
        if !names.isEmpty, !merged.narrow(types: names) {
            lose("type", of: schema, "allows nothing that the other types here allow")
        }
    }

    private mutating func takeValues(
        _ keyword: String,
        _ value: JSON,
        of schema: PlacedSchema,
        into merged: inout MergedSchema
    ) {
        spend(value.weight)
        if keyword == "const" { merged.hasConstant = true }
        guard let values = keyword == "const" ? [value] : value.array, !values.isEmpty else {
            return lose(keyword, of: schema, "is not an array with values")
        }
        let sent = values.filter(\.hasFiniteNumbers)
        if sent.count < values.count { lose(keyword, of: schema, "has a number beyond what Ollama can read") }
        if keyword == "const", !sent.isEmpty {
            notes.add(
                .rewritten,
                at: JSONPointer.appending(keyword, to: schema.path),
                "Sent as an enum with one value."
            )
        }
        if !sent.isEmpty, !merged.narrow(values: sent) {
            lose(keyword, of: schema, "allows none of the other values here")
        }
    }

    private mutating func takeDescription(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        spend(value.weight)
        guard let text = value.string else { return lose("description", of: schema, "is not a string") }
        if let first = merged.description {
            if first.text != text { lose("description", of: schema, "gives way to the description where it is used") }
        } else {
            merged.mention("description")
            merged.description = (text, JSONPointer.appending("description", to: schema.path))
        }
    }

    private mutating func takeProperties(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        guard let members = value.object else { return lose("properties", of: schema, "is not an object of schemas") }
        merged.declareProperties()
        let map = schema.child(value, "properties")
        for (name, property) in members {
            spend(1 + (map.path.utf8.count + name.utf8.count) / 64)
            // Once there is too much, a path of its own for each would be too much as well.
            let placed = isSpent ? PlacedSchema(value: property, path: map.path) : map.child(property, name)
            merged.add(placed, named: name)
        }
    }

    private mutating func takeRequired(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        spend(value.weight)
        guard let elements = value.array else { return lose("required", of: schema, "is not an array of names") }
        let names = elements.compactMap(\.string)
        if names.count < elements.count { lose("required", of: schema, "has elements that are not names") }
        if !names.isEmpty || elements.isEmpty { merged.require(names) }
    }

    private mutating func takeItems(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        switch value {
        case .object, .bool:
            merged.mention("items")
            merged.items.append(UnsupportedKeyword(keyword: "items", value: value, schemaPath: schema.path))
        case .array:
            // Before 2020, `items` could be what `prefixItems` is now.
            merged.facets.append(UnsupportedKeyword(keyword: "items", value: value, schemaPath: schema.path))
        default:
            lose("items", of: schema, "is not a schema")
        }
    }
}
