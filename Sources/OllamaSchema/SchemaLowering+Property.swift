import ToolJSON

// MARK: - Properties and alternatives

extension SchemaLowering {
    /// Returns a property, or an alternative of a property, with the keywords that Ollama supports.
    ///
    /// - Parameters:
    ///   - schemas: The schemas that all apply to the property.
    ///   - name: The property's name.
    ///   - types: The types that an enclosing schema allows for the same value.
    ///   - scope: The enclosing schemas.
    /// - Returns: The schema, or nil if it allows no value.
    mutating func property(
        _ schemas: [PlacedSchema],
        named name: String? = nil,
        within types: [String]? = nil,
        in scope: SchemaScope
    ) -> JSONObject? {
        let path = schemas.first?.path ?? ""
        if let placeholder = placeholder(at: path, in: scope) { return placeholder }
        var merged = merge(schemas, in: scope)
        if merged.allowsNothing { return nil }
        let inner = scope.entering(merged.paths)
        var sentences = replaceConstantChoices(of: &merged, in: inner)
        let alternatives = alternatives(of: merged, in: inner)
        let (properties, excluded) = properties(of: merged, in: inner)
        let items = items(of: merged, in: inner, &sentences)
        sentences += exactValues(of: merged, at: path) + self.sentences(for: merged, in: inner)
        if merged.isRecursive { sentences.append("Nested the same way.") }
        if merged.isTruncated { sentences.append("Too large to be shown in full.") }
        let description = description(of: merged, named: name, sentences)

        var members = JSONObject()
        if merged.types == nil, alternatives == nil { merged.inferTypes(within: types) }
        // The type comes first unless the author put it elsewhere.
        if !merged.order.contains("type") { members["type"] = type(of: merged) }
        for keyword in merged.order {
            switch keyword {
            case "anyOf": members[keyword] = alternatives.map(JSON.array)
            case "type": members[keyword] = type(of: merged)
            case "items": members[keyword] = items
            case "description": members[keyword] = description.map(JSON.string)
            case "enum": members[keyword] = merged.values.map(JSON.array)
            case "properties": members[keyword] = properties.map(JSON.object)
            case "required": members[keyword] = required(of: merged, without: excluded, at: path)
            default: break
            }
        }
        members["description"] = description.map(JSON.string)
        let single = SingleType(members)
        if let keyword = single.changed {
            let changed = keyword == "anyOf" ? merged.choices.first?.path : merged.typePath
            notes.add(.rewritten, at: changed ?? path, "Sent as a single type; the description names the others.")
        }
        return single.members
    }

    /// Returns the types: a string for a single type, as Ollama writes it, or an array.
    private func type(of merged: MergedSchema) -> JSON? {
        guard var types = merged.types else { return nil }
        if merged.isNullable, !types.contains("null") { types.append("null") }
        return types.count == 1 ? types.first.map(JSON.string) : .array(types.map(JSON.string))
    }

    /// Returns the properties that allow a value, and the names of those that allow none.
    mutating func properties(
        of merged: MergedSchema,
        in scope: SchemaScope
    ) -> (sent: JSONObject?, excluded: Set<JSON>) {
        guard let table = merged.properties else { return (nil, []) }
        var sent = JSONObject()
        var excluded: Set<JSON> = []
        for (name, schemas) in table.entries {
            if let property = property(schemas, named: name, in: scope) {
                sent[name] = .object(property)
            } else {
                excluded.insert(.string(name))
                notes.add(.dropped, at: schemas.first?.path ?? "", "Not sent: no value is allowed for this property.")
            }
        }
        return (sent, excluded)
    }

    /// Returns the names of the required properties, except those that allow no value.
    mutating func required(of merged: MergedSchema, without excluded: Set<JSON>, at path: String) -> JSON? {
        guard let names = merged.required?.map(JSON.string) else { return nil }
        for name in names where excluded.contains(name) {
            notes.add(.dropped, at: path, "\(name.text().prefix(80)) is required, but its schema allows no value.")
        }
        return .array(names.filter { !excluded.contains($0) })
    }

    /// Returns the authored description, or else the title, followed by sentences.
    private mutating func description(of merged: MergedSchema, named name: String?, _ sentences: [String]) -> String? {
        var text = merged.description?.text
        if let title = merged.title, title.text != text {
            if text != nil {
                notes.add(.dropped, at: title.path, "Not sent: the schema has a description.")
            } else if title.text.wordCharacters != name?.wordCharacters {
                // Generators use the name of a property as its title, which adds nothing.
                notes.add(.described, at: title.path, "Sent as the description.")
                text = title.text
            }
        }
        return sentences.isEmpty ? text : (text ?? "").appending(sentences: sentences)
    }

    /// Returns a sentence with the exact values of numbers that Ollama rounds.
    private mutating func exactValues(of merged: MergedSchema, at path: String) -> [String] {
        let rounded = (merged.values ?? []).compactMap(\.number).filter { JSONNumber($0.double) != $0 }
        guard !rounded.isEmpty else { return [] }
        let phrase = noting("in full: " + rounded.map(\.literal).joined(conjunction: "or"), for: [path])
        return phrase.map { [$0.asSentence] } ?? []
    }
}

// MARK: - Items

extension SchemaLowering {
    /// Returns the schema of the elements, which Ollama keeps whole.
    mutating func items(of merged: MergedSchema, in scope: SchemaScope, _ sentences: inout [String]) -> JSON? {
        let schemas = merged.items.compactMap { verbatim($0.schema, in: scope) }
        if schemas.count < merged.items.count {
            sentences += noting("always empty", for: merged.items.map(\.path)).map { [$0.asSentence] } ?? []
            return nil
        }
        guard schemas.count > 1 else { return schemas.first }
        var members: JSONObject = ["allOf": .array(schemas)]
        addType(to: &members)
        return .object(members)
    }
}

extension String {
    /// The letters and digits of the string, to compare a title with a name.
    fileprivate var wordCharacters: String {
        // No name is that long, and the comparison should stay cheap.
        if utf8.count > 1024 { return self }
        return String(filter { $0.isLetter || $0.isNumber }).lowercased()
    }
}
