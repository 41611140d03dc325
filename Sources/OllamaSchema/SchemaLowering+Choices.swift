import ToolJSON

// MARK: - Alternatives

extension SchemaLowering {
    private static let maximumTableLength = 400

    /// Returns the alternatives to send, or nil if there are none.
    mutating func alternatives(of merged: MergedSchema, in scope: SchemaScope) -> [JSON]? {
        guard let choice = merged.choices.first else { return nil }
        for other in merged.choices.dropFirst() {
            notes.add(.dropped, at: other.path, "Not sent: the schema has other alternatives, which are sent.")
        }
        var branches = choice.branches.compactMap { branch in
            property([branch], within: merged.types, in: scope).map(JSON.object)
        }
        guard !branches.isEmpty else {
            notes.add(.dropped, at: choice.path, "Not sent: no alternative allows any value.")
            return nil
        }
        if choice.keyword == "oneOf" { notes.add(.rewritten, at: choice.path, "Sent as anyOf.") }
        if merged.isNullable, merged.types == nil { branches.append(["type": "null"]) }
        return branches
    }

    /// Replaces alternatives that are constants by an `enum`.
    ///
    /// Authors write an enumeration as constants to describe its values. The descriptions become sentences.
    ///
    /// - Returns: The sentences.
    mutating func replaceConstantChoices(of merged: inout MergedSchema, in scope: SchemaScope) -> [String] {
        var sentences: [String] = []
        var rest: [Choice] = []
        for choice in merged.choices {
            guard let constants = constants(of: choice, in: scope), merged.values == nil else {
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
        in scope: SchemaScope
    ) -> (values: [JSON], types: [String], sentences: [String])? {
        let before = notes
        defer { notes = before }
        var values: [JSON] = []
        var types: [String] = []
        var areTyped = true
        var areConstants = false
        var meanings: [String] = []
        for branch in choice.branches {
            let merged = merge([branch], in: scope)
            if merged.allowsNothing { continue }
            guard merged.isConstant, let own = merged.values ?? (merged.types == ["null"] ? [.null] : nil) else {
                return nil
            }
            values += own
            areConstants = areConstants || merged.hasConstant
            for type in merged.types ?? [] where !types.contains(type) { types.append(type) }
            areTyped = areTyped && merged.types != nil
            let name = own.map(\.unquoted).joined(conjunction: "or")
            if let meaning = merged.description?.text ?? merged.title?.text, meaning != name {
                meanings.append("\(name): \(meaning.withoutFullStop)")
            }
        }
        let table = meanings.joined(separator: "; ")
        // Alternatives that Ollama keeps can stay. With long descriptions they are clearer than an enumeration.
        guard areConstants, table.utf8.count <= Self.maximumTableLength else { return nil }
        return (values, areTyped ? types : [], table.isEmpty ? [] : [table.withFullStop])
    }
}

extension MergedSchema {
    /// True if the schema has only values or a type, and possibly a description.
    fileprivate var isConstant: Bool {
        unsupported.isEmpty && choices.isEmpty && items.isEmpty && properties == nil && required == nil && !isRecursive
            && !isTruncated
    }
}
