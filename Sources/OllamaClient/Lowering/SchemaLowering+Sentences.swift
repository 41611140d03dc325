import ToolJSON
import ToolSchema

// MARK: - Constraints in words

extension SchemaLowering {
    /// The constraints for which Ollama has no field, in a few sentences.
    ///
    /// A constraint that takes more words is noted as lost.
    mutating func sentences(for merged: MergedSchema, in inside: Place) -> [String] {
        var facets = FacetTable(merged.facets)
        var sentences: [String] = []
        if let limits = limits(&facets) { sentences.append(limits.asSentence) }
        let isOpen = merged.properties?.entries.isEmpty != false
        if merged.isTuple {
            tell(["prefixItems", "items", "additionalItems"], &facets, &sentences) { $0.elements($1, in: inside) }
        }
        tell(["contains"], &facets, &sentences) { lowering, facet in
            lowering.noun(facet.schema, isPlural: false, in: inside).map { "has at least one item that is \($0)" }
        }
        tell(["additionalProperties"], &facets, &sentences) { lowering, facet in
            let nouns = lowering.noun(facet.schema, isPlural: true, in: inside)
            return nouns.map { "\(isOpen ? "values" : "other values") are \($0)" }
        }
        tell(["patternProperties"], &facets, &sentences) { $0.patterns($1, in: inside) }
        tell(["propertyNames"], &facets, &sentences) { lowering, facet in
            lowering.noun(facet.schema, isPlural: true, in: inside).map { "names are \($0)" }
        }
        tell(["not"], &facets, &sentences) { $0.exclusion($1, in: inside) }
        tell(["dependentRequired", "dependentSchemas", "dependencies"], &facets, &sentences) {
            $0.dependencies($1, in: inside)
        }
        conditions(&facets, &sentences, in: inside)
        for facet in facets.rest where !facet.saysNothing { lose(facet) }
        return sentences
    }

    mutating func lose(_ facet: UnsupportedKeyword) {
        notes.add(.lost, at: facet.path, "Not sent, nor told in words.")
    }

    /// Tells each of some keywords in a sentence, if it can be done.
    private mutating func tell(
        _ keywords: [String],
        _ facets: inout FacetTable,
        _ sentences: inout [String],
        _ phrase: (inout SchemaLowering, UnsupportedKeyword) -> String?
    ) {
        for keyword in keywords {
            for facet in facets.take(keyword) where !facet.saysNothing {
                if let told = tell([facet], { phrase(&$0, facet) }) { sentences.append(told) }
            }
        }
    }

    /// Tells some keywords in a sentence, if it can be done.
    private mutating func tell(_ facets: [UnsupportedKeyword], _ phrase: (inout SchemaLowering) -> String?) -> String? {
        let before = notes
        let phrase = phrase(&self)
        let within = notes
        notes = before
        guard let phrase else {
            // Nothing within it is described either.
            for facet in facets { lose(facet) }
            return nil
        }
        guard let told = fold(phrase, facets.map(\.path)) else { return nil }
        notes.adopt(within, after: before.all.count)
        return told.asSentence
    }

    /// The first elements, one by one, or the others.
    private mutating func elements(_ facet: UnsupportedKeyword, in inside: Place) -> String? {
        if facet.value == false { return "no other items" }
        guard facet.value.array != nil else {
            return noun(facet.schema, isPlural: true, in: inside).map { "other items are \($0)" }
        }
        let schemas = parts(facet.value, facet.keyword, of: PlacedSchema(value: facet.value, path: facet.schemaPath))
        var nouns: [String] = []
        guard 1...8 ~= schemas.count else { return nil }
        for schema in schemas {
            let isAny = schema.value == true || schema.value == [:]
            guard let noun = isAny ? "anything" : noun(schema, isPlural: false, in: inside) else { return nil }
            nouns.append(noun)
        }
        return "items in order: " + nouns.joined(separator: ", ")
    }

    private mutating func patterns(_ facet: UnsupportedKeyword, in inside: Place) -> String? {
        guard let members = facet.value.object, members.count <= 4 else { return nil }
        var phrases: [String] = []
        for (pattern, schema) in members {
            guard let noun = noun(facet.schema.child(schema, pattern), isPlural: true, in: inside) else { return nil }
            phrases.append("values of names matching `\(pattern)` are \(noun)")
        }
        return phrases.isEmpty ? nil : phrases.joined(separator: "; ")
    }

    private mutating func exclusion(_ facet: UnsupportedKeyword, in inside: Place) -> String? {
        let merged = merge([facet.schema], in: inside)
        guard merged.isSingle else { return nil }
        if let values = merged.values { return "not " + values.map { $0.text() }.listed("or") }
        if let names = merged.required, !names.isEmpty {
            return names.count == 1 ? "without \(names[0].asName)" : "not \(names.map(\.asName).listed("and")) together"
        }
        if merged.types != nil { return noun(facet.schema, isPlural: false, in: inside).map { "not \($0)" } }
        var facets = FacetTable(merged.facets)
        let limits = limits(&facets)
        return facets.rest.isEmpty ? limits.map { "not \($0)" } : nil
    }

    private mutating func dependencies(_ facet: UnsupportedKeyword, in inside: Place) -> String? {
        guard let members = facet.value.object, members.count <= 8 else { return nil }
        var phrases: [String] = []
        for (name, value) in members {
            let need: String?
            if let names = value.array {
                if names.isEmpty { continue }
                guard names.count <= 32 else { return nil }
                need = "give " + names.compactMap(\.string?.asName).listed("and")
            } else {
                need = consequence(facet.schema.child(value, name), in: inside)
            }
            guard let need else { return nil }
            phrases.append("with \(name.asName), \(need)")
        }
        return phrases.isEmpty ? nil : phrases.joined(separator: "; ")
    }
}

// MARK: - Conditions

extension SchemaLowering {
    private mutating func conditions(_ facets: inout FacetTable, _ sentences: inout [String], in inside: Place) {
        let (tests, thens, elses) = (facets.take("if"), facets.take("then"), facets.take("else"))
        // Without an `if`, and without anything that follows from it, there is no condition.
        guard let test = tests.first, !(thens + elses).isEmpty else { return }
        let isOne = tests.count == 1 && thens.count <= 1 && elses.count <= 1
        let told = tell(tests + thens + elses) { lowering in
            isOne ? lowering.condition(test, then: thens.first, else: elses.first, in: inside) : nil
        }
        if let told { sentences.append(told) }
    }

    private mutating func condition(
        _ test: UnsupportedKeyword,
        then: UnsupportedKeyword?,
        else: UnsupportedKeyword?,
        in inside: Place
    ) -> String? {
        guard let condition = condition(test.schema, in: inside) else { return nil }
        var parts: [String] = []
        if let then {
            guard let need = consequence(then.schema, in: inside) else { return nil }
            parts.append("if \(condition), \(need)")
        }
        if let other = `else` {
            guard let need = consequence(other.schema, in: inside) else { return nil }
            parts.append(parts.isEmpty ? "unless \(condition), \(need)" : "otherwise, \(need)")
        }
        return parts.joined(separator: "; ")
    }

    /// The condition of an `if`: that some properties have certain values, or are present.
    private mutating func condition(_ schema: PlacedSchema, in inside: Place) -> String? {
        let merged = merge([schema], in: inside)
        guard merged.isAboutProperties, merged.facets.isEmpty, let values = fixedValues(of: merged, in: inside) else {
            return nil
        }
        let names = Set(values.map { JSON.string($0.name) })
        let given = (merged.required ?? []).filter { !names.contains(.string($0)) }
        let phrases = values.map { "\($0.name.asName) is \($0.values)" } + given.map { "\($0.asName) is given" }
        return phrases.isEmpty ? nil : phrases.listed("and")
    }

    /// The requirements of a `then` or a `dependentSchemas`: properties, or certain values of them.
    private mutating func consequence(_ schema: PlacedSchema, in inside: Place) -> String? {
        let merged = merge([schema], in: inside)
        guard merged.isAboutProperties, merged.facets.isEmpty, let values = fixedValues(of: merged, in: inside) else {
            return nil
        }
        let names = Set(values.map { JSON.string($0.name) })
        let given = (merged.required ?? []).filter { !names.contains(.string($0)) }
        let phrases =
            (given.isEmpty ? [] : ["give " + given.map(\.asName).listed("and")])
            + values.map { "\($0.name.asName) is \($0.values)" }
        return phrases.isEmpty ? nil : phrases.joined(separator: ", ")
    }

    /// The values of each property; `nil` where one is described otherwise.
    private mutating func fixedValues(
        of merged: MergedSchema,
        in inside: Place
    ) -> [(name: String, values: String)]? {
        let deeper = inside.inside(merged.paths)
        var found: [(name: String, values: String)] = []
        for (name, schemas) in merged.properties?.entries ?? [] {
            let property = merge(schemas, in: deeper)
            guard property.isSingle, property.facets.isEmpty, let values = property.values else { return nil }
            found.append((name, values.map { $0.text() }.listed("or")))
        }
        return found
    }
}

extension MergedSchema {
    /// True if it has no alternatives and is sent whole.
    var isWhole: Bool { choices.isEmpty && !isRecursive && !isCut && !allowsNothing }

    /// True if it constrains nothing but the properties.
    fileprivate var isAboutProperties: Bool {
        isWhole && values == nil && items.isEmpty && types.map { $0 == ["object"] } != false
    }

    /// True if it describes a single value without parts.
    fileprivate var isSingle: Bool {
        isWhole && items.isEmpty && properties == nil && (required == nil || values == nil && facets.isEmpty)
    }
}

extension UnsupportedKeyword {
    /// True if it allows every value.
    var saysNothing: Bool {
        if keyword == "readOnly" || keyword == "writeOnly" { return value == false }
        let isRemainder = SubschemaKeyword.all[keyword]?.role == .remainder
        return (isRemainder || keyword == "propertyNames") && (value == true || value == [:])
    }
}
