import ToolJSON

// MARK: - Schemas as noun phrases

extension SchemaLowering {
    private static let maximumNounDepth = 3
    private static let maximumParts = 8

    /// Returns the values that a schema allows as a noun phrase: "an integer", "integers (from 1 to 9)".
    ///
    /// - Returns: The phrase, or nil if a few words cannot describe the values.
    mutating func nounPhrase(_ schema: PlacedSchema, isPlural: Bool, in scope: SchemaScope) -> String? {
        guard schema.value.object != nil else { return nil }
        return nounPhrase([schema], isPlural: isPlural, levels: Self.maximumNounDepth, in: scope)
    }

    private mutating func nounPhrase(
        _ schemas: [PlacedSchema],
        isPlural: Bool,
        levels: Int,
        in scope: SchemaScope
    ) -> String? {
        guard levels > 0 else { return nil }
        let merged = merge(schemas, in: scope)
        guard merged.isComplete || merged.isChoiceAlone else { return nil }
        let inner = scope.entering(merged.paths)
        guard let noun = bareNounPhrase(of: merged, isPlural: isPlural, levels: levels - 1, in: inner)
        else { return nil }
        var remarks: [String] = []
        if let text = merged.description?.text ?? merged.title?.text { remarks.append(String(text.withoutFullStop)) }
        var unsupported = KeywordTable(merged.unsupported)
        if let limits = limits(&unsupported) { remarks.append(limits) }
        let described = merged.isDescribedAsMap ? ["additionalProperties"] : []
        for entry in unsupported.remaining where !described.contains(entry.name) && !entry.hasNoEffect { drop(entry) }
        // The phrase "a value" would not describe anything.
        if remarks.isEmpty, merged.impliedTypes == [""], merged.values == nil, merged.choices.isEmpty { return nil }
        return remarks.isEmpty ? noun : noun + " (" + remarks.joined(separator: "; ") + ")"
    }

    private mutating func bareNounPhrase(
        of merged: MergedSchema,
        isPlural: Bool,
        levels: Int,
        in scope: SchemaScope
    ) -> String? {
        if let values = merged.values {
            let texts = values.prefix(Self.maximumParts).map { $0.text() }
            return texts.count == values.count
                ? (values.count == 1 ? "" : "one of ") + texts.joined(conjunction: "or") : nil
        }
        if let choice = merged.choices.first {
            let nouns = choice.branches.prefix(Self.maximumParts).map {
                nounPhrase([$0], isPlural: isPlural, levels: levels, in: scope)
            }
            return nouns.count == choice.branches.count && !nouns.contains(nil)
                ? nouns.compactMap(\.self).joined(conjunction: "or") : nil
        }
        let nouns = merged.impliedTypes.map {
            nounPhrase(ofType: $0, merged, isPlural: isPlural, levels: levels, in: scope)
        }
        return nouns.contains(nil) ? nil : nouns.compactMap(\.self).joined(conjunction: "or")
    }

    private mutating func nounPhrase(
        ofType type: String,
        _ merged: MergedSchema,
        isPlural: Bool,
        levels: Int,
        in scope: SchemaScope
    ) -> String? {
        switch type {
        case "array":
            let bare = isPlural ? "arrays" : "an array"
            if merged.items.isEmpty { return bare }
            return nounPhrase(merged.items.map(\.schema), isPlural: true, levels: levels, in: scope).map {
                "\(bare) of \($0)"
            }
        case "object": return object(merged, isPlural: isPlural, levels: levels, in: scope)
        case "string": return isPlural ? "strings" : "a string"
        case "integer": return isPlural ? "integers" : "an integer"
        case "number": return isPlural ? "numbers" : "a number"
        case "boolean": return "true or false"
        case "null": return "null"
        case "": return isPlural ? "values" : "a value"
        default: return nil
        }
    }

    /// Returns the phrase for an object: "an object {name: a string; age: an integer, optional}".
    private mutating func object(
        _ merged: MergedSchema,
        isPlural: Bool,
        levels: Int,
        in scope: SchemaScope
    ) -> String? {
        let bare = isPlural ? "objects" : "an object"
        guard let entries = merged.properties?.entries, !entries.isEmpty else {
            guard let map = merged.unsupported.first(where: { $0.name == "additionalProperties" }),
                merged.isDescribedAsMap
            else {
                return bare
            }
            return nounPhrase([map.schema], isPlural: true, levels: levels, in: scope).map { "\(bare) of \($0)" }
        }
        guard entries.count <= Self.maximumParts else { return nil }
        let required = Set((merged.required ?? []).map(JSON.string))
        var parts: [String] = []
        for (name, schemas) in entries {
            guard let noun = nounPhrase(schemas, isPlural: false, levels: levels, in: scope) else { return nil }
            parts.append("\(name.asPropertyName): \(noun)" + (required.contains(.string(name)) ? "" : ", optional"))
        }
        return "\(bare) {" + parts.joined(separator: "; ") + "}"
    }
}

extension MergedSchema {
    /// True if the schema has one list of alternatives and no other keyword.
    fileprivate var isChoiceAlone: Bool {
        choices.count == 1 && values == nil && types == nil && items.isEmpty && properties == nil && !isRecursive
            && !isTruncated && !allowsNothing
    }

    /// The types, or the type that the other keywords imply.
    ///
    /// An empty name means any type.
    fileprivate var impliedTypes: [String] {
        if let types { return types + (isNullable && !types.contains("null") ? ["null"] : []) }
        if properties?.entries.isEmpty == false { return ["object"] }
        return [items.isEmpty ? "" : "array"]
    }

    /// True if the schema allows an object with any names, and describes the values.
    fileprivate var isDescribedAsMap: Bool {
        properties?.entries.isEmpty != false
            && unsupported.contains { $0.name == "additionalProperties" && $0.value.object != nil }
            && impliedTypes.contains("object")
    }
}
