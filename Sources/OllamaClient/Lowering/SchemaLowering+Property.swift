import ToolJSON

// MARK: - Properties and alternatives

extension SchemaLowering {
    /// A property, or an alternative of one, in the keywords that Ollama has for it.
    ///
    /// - Parameters:
    ///   - schemas: The schemas that hold at once.
    ///   - name: The property's name.
    ///   - types: The types that a schema around it allows for the same value.
    ///   - place: The schemas around it.
    /// - Returns: `nil` if no value is allowed.
    mutating func property(
        _ schemas: [PlacedSchema],
        named name: String? = nil,
        within types: [String]? = nil,
        in place: Place
    ) -> JSONObject? {
        let path = schemas.first?.path ?? ""
        if let cut = cut(path, in: place) { return cut }
        var merged = merge(schemas, in: place)
        if merged.allowsNothing { return nil }
        let inside = place.inside(merged.paths)
        var sentences = settleConstants(of: &merged, in: inside)
        let alternatives = alternatives(of: merged, in: inside)
        let (properties, absent) = properties(of: merged, in: inside)
        let items = items(of: merged, in: inside, &sentences)
        sentences += exactValues(of: merged, at: path) + self.sentences(for: merged, in: inside)
        if merged.isRecursive { sentences.append("Nested the same way.") }
        if merged.isCut { sentences.append("Too large to be shown in full.") }
        let description = description(of: merged, named: name, sentences)

        var members = JSONObject()
        if merged.types == nil, alternatives == nil { merged.implyTypes(within: types) }
        // The type stands first unless the author put it elsewhere.
        if !merged.order.contains("type") { members["type"] = type(of: merged) }
        for keyword in merged.order {
            switch keyword {
            case "anyOf": members[keyword] = alternatives.map(JSON.array)
            case "type": members[keyword] = type(of: merged)
            case "items": members[keyword] = items
            case "description": members[keyword] = description.map(JSON.string)
            case "enum": members[keyword] = merged.values.map(JSON.array)
            case "properties": members[keyword] = properties.map(JSON.object)
            case "required": members[keyword] = required(of: merged, without: absent, at: path)
            default: break
            }
        }
        members["description"] = description.map(JSON.string)
        return members
    }

    /// The types, one alone by itself as Ollama would write it.
    private func type(of merged: MergedSchema) -> JSON? {
        guard var types = merged.types else { return nil }
        if merged.isNullable, !types.contains("null") { types.append("null") }
        return types.count == 1 ? types.first.map(JSON.string) : .array(types.map(JSON.string))
    }

    /// The properties that may be given, and the names of those that may not.
    mutating func properties(of merged: MergedSchema, in inside: Place) -> (sent: JSONObject?, absent: Set<JSON>) {
        guard let table = merged.properties else { return (nil, []) }
        var sent = JSONObject()
        var absent: Set<JSON> = []
        for (name, schemas) in table.entries {
            if let property = property(schemas, named: name, in: inside) {
                sent[name] = .object(property)
            } else {
                absent.insert(.string(name))
                notes.add(.lost, at: schemas.first?.path ?? "", "Not sent: no value is allowed for it.")
            }
        }
        return (sent, absent)
    }

    /// The names that must be given, of those that may be.
    mutating func required(of merged: MergedSchema, without absent: Set<JSON>, at path: String) -> JSON? {
        guard let names = merged.required?.map(JSON.string) else { return nil }
        for name in names where absent.contains(name) {
            notes.add(.lost, at: path, "\(name.text().prefix(80)) is required, but no value is allowed for it.")
        }
        return .array(names.filter { !absent.contains($0) })
    }

    /// The authored description, or else the title, with what else there is to say.
    private mutating func description(of merged: MergedSchema, named name: String?, _ sentences: [String]) -> String? {
        var text = merged.description?.text
        if let title = merged.title, title.text != text {
            if text != nil {
                notes.add(.lost, at: title.path, "Not sent: there is a description.")
            } else if title.text.wordCharacters != name?.wordCharacters {
                // Generators give every property its own name for a title, which says nothing.
                notes.add(.folded, at: title.path, "Told as the description.")
                text = title.text
            }
        }
        return sentences.isEmpty ? text : (text ?? "").adding(sentences: sentences)
    }

    /// Numbers that Ollama rounds on the way, in words.
    private mutating func exactValues(of merged: MergedSchema, at path: String) -> [String] {
        let rounded = (merged.values ?? []).compactMap(\.number).filter { JSONNumber($0.double) != $0 }
        guard !rounded.isEmpty else { return [] }
        let phrase = fold("in full: " + rounded.map(\.literal).listed("or"), [path])
        return phrase.map { [$0.asSentence] } ?? []
    }
}

// MARK: - Items

extension SchemaLowering {
    /// The elements' schema, which Ollama keeps as it is.
    mutating func items(of merged: MergedSchema, in inside: Place, _ sentences: inout [String]) -> JSON? {
        let schemas = merged.items.compactMap { verbatim($0.schema, in: inside) }
        if schemas.count < merged.items.count {
            sentences += fold("always empty", merged.items.map(\.path)).map { [$0.asSentence] } ?? []
            return nil
        }
        guard schemas.count > 1 else { return schemas.first }
        var members: JSONObject = ["allOf": .array(schemas)]
        addType(to: &members)
        return .object(members)
    }
}

extension String {
    /// Its letters and digits alone, to compare a title with a name.
    fileprivate var wordCharacters: String {
        // No name is that long.
        if utf8.count > 1024 { return self }
        return String(filter { $0.isLetter || $0.isNumber }).lowercased()
    }
}
