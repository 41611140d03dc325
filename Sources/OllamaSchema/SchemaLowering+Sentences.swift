import ToolJSON

// MARK: - Descriptions of constraints

extension SchemaLowering {
    /// Returns short sentences about the constraints for which Ollama has no field.
    ///
    /// A constraint that needs more words is dropped, with a note.
    mutating func sentences(for merged: MergedSchema, in scope: SchemaScope) -> [String] {
        var unsupported = KeywordTable(merged.unsupported)
        var sentences: [String] = []
        if let limits = limits(&unsupported) { sentences.append(limits.asSentence) }
        let isOpen = merged.properties?.entries.isEmpty != false
        if merged.isTuple {
            describe(["prefixItems", "items", "additionalItems"], &unsupported, &sentences) {
                $0.elements($1, in: scope)
            }
        }
        describe(["contains"], &unsupported, &sentences) { lowering, entry in
            lowering.nounPhrase(entry.schema, isPlural: false, in: scope).map { "has at least one item that is \($0)" }
        }
        describe(["additionalProperties"], &unsupported, &sentences) { lowering, entry in
            let nouns = lowering.nounPhrase(entry.schema, isPlural: true, in: scope)
            return nouns.map { "\(isOpen ? "values" : "other values") are \($0)" }
        }
        describe(["patternProperties"], &unsupported, &sentences) { $0.patterns($1, in: scope) }
        describe(["propertyNames"], &unsupported, &sentences) { lowering, entry in
            lowering.nounPhrase(entry.schema, isPlural: true, in: scope).map { "names are \($0)" }
        }
        describe(["not"], &unsupported, &sentences) { $0.exclusion($1, in: scope) }
        describe(["dependentRequired", "dependentSchemas", "dependencies"], &unsupported, &sentences) {
            $0.dependencies($1, in: scope)
        }
        conditions(&unsupported, &sentences, in: scope)
        for entry in unsupported.remaining where !entry.hasNoEffect { drop(entry) }
        return sentences
    }

    mutating func drop(_ entry: UnsupportedKeyword) {
        notes.add(.dropped, at: entry.path, "Not sent, and not described in words.")
    }

    /// Removes some keywords, and adds a sentence for each one that can be described.
    private mutating func describe(
        _ names: [String],
        _ unsupported: inout KeywordTable,
        _ sentences: inout [String],
        _ phrase: (inout SchemaLowering, UnsupportedKeyword) -> String?
    ) {
        for name in names {
            for entry in unsupported.removeAll(named: name) where !entry.hasNoEffect {
                if let sentence = sentence(for: [entry], { phrase(&$0, entry) }) { sentences.append(sentence) }
            }
        }
    }

    /// Returns a sentence for some keywords, or nil if they cannot be described.
    private mutating func sentence(
        for keywords: [UnsupportedKeyword],
        _ phrase: (inout SchemaLowering) -> String?
    ) -> String? {
        let before = notes
        let phrase = phrase(&self)
        let nested = notes
        notes = before
        guard let phrase else {
            // Without a phrase, the notes on nested schemas are wrong: their descriptions are not sent either.
            for keyword in keywords { drop(keyword) }
            return nil
        }
        guard let phrase = noting(phrase, for: keywords.map(\.path)) else { return nil }
        notes.adopt(nested, after: before.all.count)
        return phrase.asSentence
    }

    /// Returns the phrase for the first elements of an array, one by one, or for the remaining elements.
    private mutating func elements(_ entry: UnsupportedKeyword, in scope: SchemaScope) -> String? {
        if entry.value == false { return "no other items" }
        guard entry.value.array != nil else {
            return nounPhrase(entry.schema, isPlural: true, in: scope).map { "other items are \($0)" }
        }
        let schemas = parts(entry.value, entry.name, of: PlacedSchema(value: entry.value, path: entry.schemaPath))
        var nouns: [String] = []
        guard 1...8 ~= schemas.count else { return nil }
        for schema in schemas {
            let isAny = schema.value == true || schema.value == [:]
            guard let noun = isAny ? "anything" : nounPhrase(schema, isPlural: false, in: scope) else { return nil }
            nouns.append(noun)
        }
        return "items in order: " + nouns.joined(separator: ", ")
    }

    private mutating func patterns(_ entry: UnsupportedKeyword, in scope: SchemaScope) -> String? {
        guard let members = entry.value.object, members.count <= 4 else { return nil }
        var phrases: [String] = []
        for (pattern, schema) in members {
            guard let noun = nounPhrase(entry.schema.child(schema, pattern), isPlural: true, in: scope) else {
                return nil
            }
            phrases.append("values of names matching `\(pattern)` are \(noun)")
        }
        return phrases.isEmpty ? nil : phrases.joined(separator: "; ")
    }

    private mutating func exclusion(_ entry: UnsupportedKeyword, in scope: SchemaScope) -> String? {
        let merged = merge([entry.schema], in: scope)
        guard merged.isSingle else { return nil }
        if let values = merged.values { return "not " + values.map { $0.text() }.joined(conjunction: "or") }
        if let names = merged.required, !names.isEmpty {
            return names.count == 1
                ? "without \(names[0].asPropertyName)"
                : "not \(names.map(\.asPropertyName).joined(conjunction: "and")) together"
        }
        if merged.types != nil { return nounPhrase(entry.schema, isPlural: false, in: scope).map { "not \($0)" } }
        var unsupported = KeywordTable(merged.unsupported)
        let limits = limits(&unsupported)
        return unsupported.remaining.isEmpty ? limits.map { "not \($0)" } : nil
    }

    private mutating func dependencies(_ entry: UnsupportedKeyword, in scope: SchemaScope) -> String? {
        guard let members = entry.value.object, members.count <= 8 else { return nil }
        var phrases: [String] = []
        for (name, value) in members {
            let need: String?
            if let names = value.array {
                if names.isEmpty { continue }
                guard names.count <= 32 else { return nil }
                need = "give " + names.compactMap(\.string?.asPropertyName).joined(conjunction: "and")
            } else {
                need = requirement(entry.schema.child(value, name), in: scope)
            }
            guard let need else { return nil }
            phrases.append("with \(name.asPropertyName), \(need)")
        }
        return phrases.isEmpty ? nil : phrases.joined(separator: "; ")
    }
}

// MARK: - Conditions

extension SchemaLowering {
    private mutating func conditions(
        _ unsupported: inout KeywordTable,
        _ sentences: inout [String],
        in scope: SchemaScope
    ) {
        let (tests, thens, elses) = (
            unsupported.removeAll(named: "if"), unsupported.removeAll(named: "then"),
            unsupported.removeAll(named: "else")
        )
        // Without an `if`, or without a `then` and an `else`, there is no condition.
        guard let test = tests.first, !(thens + elses).isEmpty else { return }
        let isOne = tests.count == 1 && thens.count <= 1 && elses.count <= 1
        let sentence = sentence(for: tests + thens + elses) { lowering in
            isOne ? lowering.condition(test, then: thens.first, else: elses.first, in: scope) : nil
        }
        if let sentence { sentences.append(sentence) }
    }

    private mutating func condition(
        _ test: UnsupportedKeyword,
        then: UnsupportedKeyword?,
        else: UnsupportedKeyword?,
        in scope: SchemaScope
    ) -> String? {
        guard let condition = condition(test.schema, in: scope) else { return nil }
        var parts: [String] = []
        if let then {
            guard let need = requirement(then.schema, in: scope) else { return nil }
            parts.append("if \(condition), \(need)")
        }
        if let other = `else` {
            guard let need = requirement(other.schema, in: scope) else { return nil }
            parts.append(parts.isEmpty ? "unless \(condition), \(need)" : "otherwise, \(need)")
        }
        return parts.joined(separator: "; ")
    }

    /// Returns the condition of an `if`: some properties have certain values, or are present.
    private mutating func condition(_ schema: PlacedSchema, in scope: SchemaScope) -> String? {
        let merged = merge([schema], in: scope)
        guard merged.isAboutProperties, merged.unsupported.isEmpty, let values = fixedValues(of: merged, in: scope)
        else {
            return nil
        }
        let names = Set(values.map { JSON.string($0.name) })
        let given = (merged.required ?? []).filter { !names.contains(.string($0)) }
        let phrases =
            values.map { "\($0.name.asPropertyName) is \($0.values)" } + given.map { "\($0.asPropertyName) is given" }
        return phrases.isEmpty ? nil : phrases.joined(conjunction: "and")
    }

    /// Returns the requirements of a `then` or a `dependentSchemas`: properties, or certain values of properties.
    private mutating func requirement(_ schema: PlacedSchema, in scope: SchemaScope) -> String? {
        let merged = merge([schema], in: scope)
        guard merged.isAboutProperties, merged.unsupported.isEmpty, let values = fixedValues(of: merged, in: scope)
        else {
            return nil
        }
        let names = Set(values.map { JSON.string($0.name) })
        let given = (merged.required ?? []).filter { !names.contains(.string($0)) }
        let phrases =
            (given.isEmpty ? [] : ["give " + given.map(\.asPropertyName).joined(conjunction: "and")])
            + values.map { "\($0.name.asPropertyName) is \($0.values)" }
        return phrases.isEmpty ? nil : phrases.joined(separator: ", ")
    }

    /// Returns the values of each property, or nil if a property is not described by its values alone.
    private mutating func fixedValues(
        of merged: MergedSchema,
        in scope: SchemaScope
    ) -> [(name: String, values: String)]? {
        let inner = scope.entering(merged.paths)
        var found: [(name: String, values: String)] = []
        for (name, schemas) in merged.properties?.entries ?? [] {
            let property = merge(schemas, in: inner)
            guard property.isSingle, property.unsupported.isEmpty, let values = property.values else { return nil }
            found.append((name, values.map { $0.text() }.joined(conjunction: "or")))
        }
        return found
    }
}

extension MergedSchema {
    /// True if the schema constrains only properties.
    fileprivate var isAboutProperties: Bool {
        isComplete && values == nil && items.isEmpty && types.map { $0 == ["object"] } != false
    }

    /// True if the schema describes a value without parts.
    fileprivate var isSingle: Bool {
        isComplete && items.isEmpty && properties == nil && (required == nil || values == nil && unsupported.isEmpty)
    }
}
