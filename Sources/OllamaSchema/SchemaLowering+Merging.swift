import ToolJSON

// MARK: - Schemas that all apply

extension SchemaLowering {
    static let references = ["$ref", "$dynamicRef", "$recursiveRef"]

    /// Keywords that neither constrain nor describe a value.
    static let keywordsWithoutConstraint: Set<String> = [
        "$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$comment", "$vocabulary", "$defs",
        "definitions",
    ]

    /// Merges schemas that all apply to one value with those that they refer to and those of their `allOf`.
    ///
    /// Earlier schemas take precedence: a schema's own keywords, then the schema it refers to, then its `allOf`.
    mutating func merge(_ schemas: [PlacedSchema], in scope: SchemaScope) -> MergedSchema {
        var merged = MergedSchema()
        var waiting = Array(schemas.reversed())
        while let schema = waiting.popLast() {
            if isOverBudget {
                merged.isTruncated = true
                _ = placeholder(at: schema.path, in: scope)
                break
            }
            // A schema that occurs twice is merged once. This also ends circular references.
            guard merged.paths.insert(schema.path).inserted else { continue }
            charge(1 + schema.path.utf8.count / 64)
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
                        guard let target = target(of: value, keyword, of: schema, in: scope) else { continue }
                        guard scope.contains(target.path) else {
                            referred.append(target)
                            continue
                        }
                        merged.isRecursive = true
                        let types = target.value["type"].flatMap(typeNames) ?? []
                        if !types.isEmpty { _ = merged.narrow(types: types) }
                    case "allOf":
                        parts += self.parts(value, keyword, of: schema)
                    default:
                        merge(keyword, value, of: schema, into: &merged)
                    }
                }
                waiting += (referred + parts).reversed()
            default:
                notes.add(.dropped, at: schema.path, "Not sent: the value is not a schema.")
            }
        }
        merged.separateTupleItems()
        return merged
    }

    /// Returns the target of a reference, and notes a schema that refers to itself.
    mutating func target(
        of reference: JSON,
        _ keyword: String,
        of schema: PlacedSchema,
        in scope: SchemaScope
    ) -> PlacedSchema? {
        charge(reference.cost + schema.path.utf8.count / 64)
        let path = JSONPointer.appending(keyword, to: schema.path)
        guard let target = reference.string.flatMap({ index.target(of: $0, from: schema.path) }) else {
            notes.add(.dropped, at: path, "Not sent: the reference has no target in this schema.")
            return nil
        }
        if scope.contains(target.path) {
            notes.add(.truncated, at: path, "The schema refers to itself. It is sent once, without repetition.")
        }
        return target
    }

    /// Returns the schemas of an `allOf`, `anyOf` or `oneOf`.
    mutating func parts(_ value: JSON, _ keyword: String, of schema: PlacedSchema) -> [PlacedSchema] {
        guard let elements = value.array else {
            drop(keyword, of: schema, "is not an array of schemas")
            return []
        }
        let list = schema.child(value, keyword)
        var placed: [PlacedSchema] = []
        for (position, element) in elements.enumerated() {
            charge(1 + list.path.utf8.count / 64)
            // Over the budget, a separate path for each part would also need too much memory.
            placed.append(
                isOverBudget ? PlacedSchema(value: element, path: list.path) : list.child(element, "\(position)")
            )
        }
        return placed
    }

    func typeNames(_ value: JSON) -> [String]? {
        if let name = value.string { return [name] }
        return value.array?.compactMap(\.string)
    }

    mutating func drop(_ keyword: String, of schema: PlacedSchema, _ reason: String) {
        notes.add(.dropped, at: JSONPointer.appending(keyword, to: schema.path), "Not sent: it \(reason).")
    }
}

// MARK: - One keyword

extension SchemaLowering {
    private mutating func merge(
        _ keyword: String,
        _ value: JSON,
        of schema: PlacedSchema,
        into merged: inout MergedSchema
    ) {
        charge(1)
        switch keyword {
        case "type": mergeType(value, of: schema, into: &merged)
        case "enum", "const": mergeValues(keyword, value, of: schema, into: &merged)
        case "description": mergeDescription(value, of: schema, into: &merged)
        case "title":
            guard let text = value.string else { return drop(keyword, of: schema, "is not a string") }
            charge(value.cost)
            merged.title = merged.title ?? (text, JSONPointer.appending(keyword, to: schema.path))
        case "nullable":
            guard let isNullable = value.bool else { return drop(keyword, of: schema, "is not a Boolean value") }
            merged.isNullable = merged.isNullable || isNullable
        case "properties": mergeProperties(value, of: schema, into: &merged)
        case "required": mergeRequired(value, of: schema, into: &merged)
        case "items": mergeItems(value, of: schema, into: &merged)
        case "anyOf", "oneOf":
            let branches = parts(value, keyword, of: schema)
            guard !branches.isEmpty else { return }
            merged.recordKeyword("anyOf")
            merged.choices.append(
                Choice(keyword: keyword, branches: branches, path: JSONPointer.appending(keyword, to: schema.path))
            )
        case _ where Self.keywordsWithoutConstraint.contains(keyword): break
        default: merged.unsupported.append(UnsupportedKeyword(name: keyword, value: value, schemaPath: schema.path))
        }
    }

    private mutating func mergeType(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        charge(value.cost)
        let names = typeNames(value) ?? []
        if names.count != value.array?.count ?? 1 || names.isEmpty {
            drop("type", of: schema, "is neither the name of a type nor an array of names")
        }
        if !names.isEmpty, merged.typePath == nil { merged.typePath = JSONPointer.appending("type", to: schema.path) }
        if !names.isEmpty, !merged.narrow(types: names) {
            drop("type", of: schema, "has no type in common with the other types of the schema")
        }
    }

    private mutating func mergeValues(
        _ keyword: String,
        _ value: JSON,
        of schema: PlacedSchema,
        into merged: inout MergedSchema
    ) {
        charge(value.cost)
        if keyword == "const" { merged.hasConstant = true }
        guard let values = keyword == "const" ? [value] : value.array, !values.isEmpty else {
            return drop(keyword, of: schema, "is not an array of values")
        }
        let sent = values.filter(\.hasFiniteNumbers)
        if sent.count < values.count { drop(keyword, of: schema, "has a number that is too large for Ollama") }
        if keyword == "const", !sent.isEmpty {
            notes.add(
                .rewritten,
                at: JSONPointer.appending(keyword, to: schema.path),
                "Sent as an enum with one value."
            )
        }
        if !sent.isEmpty, !merged.narrow(values: sent) {
            drop(keyword, of: schema, "has no value in common with the other values of the schema")
        }
    }

    private mutating func mergeDescription(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        charge(value.cost)
        guard let text = value.string else { return drop("description", of: schema, "is not a string") }
        if let first = merged.description {
            if first.text != text { drop("description", of: schema, "is overridden by another description") }
        } else {
            merged.recordKeyword("description")
            merged.description = (text, JSONPointer.appending("description", to: schema.path))
        }
    }

    private mutating func mergeProperties(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        guard let members = value.object else { return drop("properties", of: schema, "is not an object of schemas") }
        merged.declareProperties()
        let map = schema.child(value, "properties")
        for (name, property) in members {
            charge(1 + (map.path.utf8.count + name.utf8.count) / 64)
            // Over the budget, a separate path for each part would also need too much memory.
            let placed = isOverBudget ? PlacedSchema(value: property, path: map.path) : map.child(property, name)
            merged.add(placed, named: name)
        }
    }

    private mutating func mergeRequired(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        charge(value.cost)
        guard let elements = value.array else { return drop("required", of: schema, "is not an array of names") }
        let names = elements.compactMap(\.string)
        if names.count < elements.count { drop("required", of: schema, "has elements that are not names") }
        if !names.isEmpty || elements.isEmpty { merged.require(names) }
    }

    private mutating func mergeItems(_ value: JSON, of schema: PlacedSchema, into merged: inout MergedSchema) {
        switch value {
        case .object, .bool:
            merged.recordKeyword("items")
            merged.items.append(UnsupportedKeyword(name: "items", value: value, schemaPath: schema.path))
        case .array:
            // Before draft 2020-12, `items` could have the meaning of `prefixItems`.
            merged.unsupported.append(UnsupportedKeyword(name: "items", value: value, schemaPath: schema.path))
        default:
            drop("items", of: schema, "is not a schema")
        }
    }
}
