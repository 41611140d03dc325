import ToolJSON

// MARK: - Alternatives

extension SchemaLowering {
    private static let longestTable = 400

    /// The alternatives of a schema, of those that are left.
    mutating func alternatives(of merged: MergedSchema, in inside: Place) -> [JSON]? {
        guard let choice = merged.choices.first else { return nil }
        for other in merged.choices.dropFirst() {
            notes.add(.lost, at: other.path, "Not sent: there are other alternatives beside it.")
        }
        var branches = choice.branches.compactMap { branch in
            property([branch], within: merged.types, in: inside).map(JSON.object)
        }
        guard !branches.isEmpty else {
            notes.add(.lost, at: choice.path, "Not sent: none of it allows any value.")
            return nil
        }
        if choice.keyword == "oneOf" { notes.add(.rewritten, at: choice.path, "Sent as anyOf.") }
        if merged.isNullable, merged.types == nil { branches.append(["type": "null"]) }
        return branches
    }

    /// Turns alternatives that are constants into an enum.
    ///
    /// Authors write an enum this way to describe its values. The descriptions become sentences.
    ///
    /// - Returns: Those descriptions.
    mutating func settleConstants(of merged: inout MergedSchema, in inside: Place) -> [String] {
        var sentences: [String] = []
        var rest: [Choice] = []
        for choice in merged.choices {
            guard let constants = constants(of: choice, in: inside), merged.values == nil else {
                rest.append(choice)
                continue
            }
            if !constants.types.isEmpty { _ = merged.narrow(types: constants.types) }
            _ = merged.narrow(values: constants.values)
            sentences += constants.sentences
            notes.add(.rewritten, at: choice.path, "Sent as an enum.")
        }
        merged.choices = rest
        return sentences
    }

    private mutating func constants(
        of choice: Choice,
        in inside: Place
    ) -> (values: [JSON], types: [String], sentences: [String])? {
        let before = notes
        defer { notes = before }
        var values: [JSON] = []
        var types: [String] = []
        var areTyped = true
        var areConstants = false
        var meanings: [String] = []
        for branch in choice.branches {
            let merged = merge([branch], in: inside)
            if merged.allowsNothing { continue }
            guard merged.isConstant, let own = merged.values ?? (merged.types == ["null"] ? [.null] : nil) else {
                return nil
            }
            values += own
            areConstants = areConstants || merged.hasConstant
            for type in merged.types ?? [] where !types.contains(type) { types.append(type) }
            areTyped = areTyped && merged.types != nil
            let name = own.map(\.asWord).listed("or")
            if let meaning = merged.description?.text ?? merged.title?.text, meaning != name {
                meanings.append("\(name): \(meaning.withoutFullStop)")
            }
        }
        let table = meanings.joined(separator: "; ")
        // Alternatives that Ollama keeps as they are can stay, and where it takes many words they say it better.
        guard areConstants, table.utf8.count <= Self.longestTable else { return nil }
        return (values, areTyped ? types : [], table.isEmpty ? [] : [table.endingSentence])
    }
}

extension MergedSchema {
    /// True if it has only values or a type, and possibly a description.
    fileprivate var isConstant: Bool {
        facets.isEmpty && choices.isEmpty && items.isEmpty && properties == nil && required == nil && !isRecursive
            && !isCut
    }
}
