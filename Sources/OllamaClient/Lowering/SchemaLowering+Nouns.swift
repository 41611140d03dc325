import ToolJSON

// MARK: - Schemas as nouns

extension SchemaLowering {
    private static let deepestNoun = 3
    private static let mostParts = 8

    /// The values that a schema describes: "an integer", "integers (from 1 to 9)", "arrays of strings".
    ///
    /// - Returns: `nil` where a few words do not say it.
    mutating func noun(_ schema: PlacedSchema, isPlural: Bool, in place: Place) -> String? {
        guard schema.value.object != nil else { return nil }
        return noun([schema], isPlural: isPlural, levels: Self.deepestNoun, in: place)
    }

    private mutating func noun(_ schemas: [PlacedSchema], isPlural: Bool, levels: Int, in place: Place) -> String? {
        guard levels > 0 else { return nil }
        let merged = merge(schemas, in: place)
        guard merged.isWhole || merged.isChoiceAlone else { return nil }
        let inside = place.inside(merged.paths)
        guard let noun = bareNoun(of: merged, isPlural: isPlural, levels: levels - 1, in: inside) else { return nil }
        var remarks: [String] = []
        if let text = merged.description?.text ?? merged.title?.text { remarks.append(String(text.withoutFullStop)) }
        var facets = FacetTable(merged.facets)
        if let limits = limits(&facets) { remarks.append(limits) }
        let isTold = merged.tellsMap ? ["additionalProperties"] : []
        for facet in facets.rest where !isTold.contains(facet.keyword) && !facet.saysNothing { lose(facet) }
        // What describes nothing is better not described.
        if remarks.isEmpty, merged.impliedTypes == [""], merged.values == nil, merged.choices.isEmpty { return nil }
        return remarks.isEmpty ? noun : noun + " (" + remarks.joined(separator: "; ") + ")"
    }

    private mutating func bareNoun(
        of merged: MergedSchema,
        isPlural: Bool,
        levels: Int,
        in inside: Place
    ) -> String? {
        if let values = merged.values {
            let texts = values.prefix(Self.mostParts).map { $0.text() }
            return texts.count == values.count ? (values.count == 1 ? "" : "one of ") + texts.listed("or") : nil
        }
        if let choice = merged.choices.first {
            let nouns = choice.branches.prefix(Self.mostParts).map {
                noun([$0], isPlural: isPlural, levels: levels, in: inside)
            }
            return nouns.count == choice.branches.count && !nouns.contains(nil)
                ? nouns.compactMap(\.self).listed("or") : nil
        }
        let nouns = merged.impliedTypes.map { noun(ofType: $0, merged, isPlural: isPlural, levels: levels, in: inside) }
        return nouns.contains(nil) ? nil : nouns.compactMap(\.self).listed("or")
    }

    private mutating func noun(
        ofType type: String,
        _ merged: MergedSchema,
        isPlural: Bool,
        levels: Int,
        in inside: Place
    ) -> String? {
        switch type {
        case "array":
            let bare = isPlural ? "arrays" : "an array"
            if merged.items.isEmpty { return bare }
            return noun(merged.items.map(\.schema), isPlural: true, levels: levels, in: inside).map {
                "\(bare) of \($0)"
            }
        case "object": return object(merged, isPlural: isPlural, levels: levels, in: inside)
        case "string": return isPlural ? "strings" : "a string"
        case "integer": return isPlural ? "integers" : "an integer"
        case "number": return isPlural ? "numbers" : "a number"
        case "boolean": return "true or false"
        case "null": return "null"
        case "": return isPlural ? "values" : "a value"
        default: return nil
        }
    }

    /// "objects with a name (string) and an age": the names, and their types where those are plain.
    private mutating func object(_ merged: MergedSchema, isPlural: Bool, levels: Int, in inside: Place) -> String? {
        let bare = isPlural ? "objects" : "an object"
        guard let entries = merged.properties?.entries, !entries.isEmpty else {
            guard let map = merged.facets.first(where: { $0.keyword == "additionalProperties" }), merged.tellsMap else {
                return bare
            }
            return noun([map.schema], isPlural: true, levels: levels, in: inside).map { "\(bare) of \($0)" }
        }
        guard entries.count <= Self.mostParts else { return nil }
        let required = Set((merged.required ?? []).map(JSON.string))
        var parts: [String] = []
        for (name, schemas) in entries {
            guard let noun = noun(schemas, isPlural: false, levels: levels, in: inside) else { return nil }
            parts.append("\(name.asName): \(noun)" + (required.contains(.string(name)) ? "" : ", optional"))
        }
        return "\(bare) {" + parts.joined(separator: "; ") + "}"
    }
}

extension MergedSchema {
    /// True if it has one choice and no other keyword.
    fileprivate var isChoiceAlone: Bool {
        choices.count == 1 && values == nil && types == nil && items.isEmpty && properties == nil && !isRecursive
            && !isCut && !allowsNothing
    }

    /// The types, or the one that the other keywords imply; the empty name for any.
    fileprivate var impliedTypes: [String] {
        if let types { return types + (isNullable && !types.contains("null") ? ["null"] : []) }
        if properties?.entries.isEmpty == false { return ["object"] }
        return [items.isEmpty ? "" : "array"]
    }

    /// True if it is an object with arbitrary names.
    fileprivate var tellsMap: Bool {
        properties?.entries.isEmpty != false
            && facets.contains { $0.keyword == "additionalProperties" && $0.value.object != nil }
            && impliedTypes.contains("object")
    }
}
