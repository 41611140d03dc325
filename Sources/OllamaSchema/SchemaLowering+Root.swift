import ToolJSON

// MARK: - The parameters as a whole

extension SchemaLowering {
    private static let maximumTextLength = 400

    /// Returns the parameters, which are always an object with properties.
    ///
    /// - Parameter description: The description of the function. Descriptions for which the parameters have no field
    ///   are added to it.
    mutating func parameters(describing description: inout String?) -> JSONObject {
        let scope = SchemaScope()
        var merged = merge([root], in: scope)
        let inner = scope.entering(merged.paths)
        if merged.allowsNothing { drop("The schema allows no arguments at all, which cannot be sent.") }
        if let types = merged.types, types != ["object"] {
            drop("Arguments are always an object. The other types are not sent.")
        }
        if merged.values != nil { drop("The list of values for the arguments as a whole is not sent.") }

        merged.declareProperties()
        let (own, excluded) = properties(of: merged, in: inner)
        var shape = ArgumentShape(
            properties: own ?? [:],
            required: required(of: merged, without: excluded, at: "")?.array
        )
        var sentences: [String] = []
        for choice in merged.choices {
            if let sentence = flatten(choice, into: &shape, in: inner) { sentences.append(sentence) }
        }
        let items = items(of: merged, in: inner, &sentences)
        sentences += self.sentences(for: merged, in: inner)
        describe(merged, sentences, &description)

        var members = JSONObject()
        // The type comes first, where people and templates look for it.
        if merged.types == nil { members["type"] = "object" }
        if shape.required != nil { merged.recordKeyword("required") }
        for keyword in merged.order {
            switch keyword {
            case "type": members[keyword] = "object"
            case "required": members[keyword] = shape.required.map(JSON.array)
            case "properties": members[keyword] = .object(shape.properties)
            case "items": members[keyword] = items
            default: break
            }
        }
        return members
    }

    private mutating func drop(_ message: String) {
        notes.add(.dropped, at: "", message)
    }

    /// Moves the description of the parameters, for which Ollama has no field, to the function's description.
    private mutating func describe(_ merged: MergedSchema, _ sentences: [String], _ description: inout String?) {
        if let title = merged.title { notes.add(.dropped, at: title.path, "Not sent: the function has a name.") }
        if let (text, path) = merged.description, !text.isEmpty {
            if description?.isEmpty != false {
                notes.add(.described, at: path, "Sent as the function's description.")
                description = text
            } else if text.utf8.count <= Self.maximumTextLength {
                notes.add(.described, at: path, "Added to the function's description.")
                description = description?.appending(sentences: [text])
            } else {
                notes.add(.dropped, at: path, "Not sent: it is too long for the function's description.")
            }
        }
        if !sentences.isEmpty { description = (description ?? "").appending(sentences: sentences) }
    }
}

// MARK: - Alternatives of the parameters

/// The properties of a function's arguments, and the names of the required ones.
private struct ArgumentShape {
    var properties: JSONObject = [:]
    var required: [JSON]?
    /// The values by which this alternative differs from the others.
    var fixed: [(name: String, value: JSON)] = []
}

extension SchemaLowering {
    private static let maximumSentenceLength = 240

    /// Joins the properties of alternatives, for which Ollama has no field in the parameters.
    ///
    /// - Returns: A sentence about the properties that belong together, or nil if there is none.
    private mutating func flatten(
        _ choice: Choice,
        into shape: inout ArgumentShape,
        in scope: SchemaScope
    ) -> String? {
        var branches: [ArgumentShape] = []
        for branch in choice.branches {
            let merged = merge([branch], in: scope)
            if merged.allowsNothing { continue }
            if let types = merged.types, !types.contains("object") {
                notes.add(.dropped, at: branch.path, "Not sent: arguments are always an object.")
                continue
            }
            let inner = scope.entering(merged.paths)
            let (properties, excluded) = properties(of: merged, in: inner)
            for entry in merged.unsupported where !entry.hasNoEffect { drop(entry) }
            for choice in merged.choices {
                notes.add(.dropped, at: choice.path, "Not sent, and not described in words.")
            }
            branches.append(
                ArgumentShape(
                    properties: properties ?? [:],
                    required: required(of: merged, without: excluded, at: branch.path)?.array ?? []
                )
            )
        }
        guard !branches.isEmpty else { return nil }
        let common = join(branches, into: &shape)
        if branches.count == 1 { return nil }
        let sentence = alternatives(branches, beside: common, shape)
        guard let sentence, sentence.utf8.count <= Self.maximumSentenceLength else {
            notes.add(
                .dropped,
                at: choice.path,
                "Sent as the properties of one object. The properties that belong together are not sent."
            )
            return nil
        }
        notes.add(
            .described,
            at: choice.path,
            "Sent as the properties of one object, and described in the function's description."
        )
        return sentence
    }

    /// Adds the properties of the branches, and returns the names that all of them require.
    private mutating func join(_ branches: [ArgumentShape], into shape: inout ArgumentShape) -> Set<JSON> {
        var variants: [(name: String, properties: [JSON], known: Set<JSON>)] = []
        // The names are JSON, because JSON compares them by their bytes.
        var positions: [JSON: Int] = [:]
        for branch in branches {
            for (name, property) in branch.properties {
                let position = positions[.string(name)] ?? variants.count
                if position == variants.count {
                    positions[.string(name)] = position
                    variants.append((name, [], []))
                }
                if variants[position].known.insert(property).inserted { variants[position].properties.append(property) }
            }
        }
        let anything: JSON = ["type": ImpliedTypes.any]
        for (name, properties, _) in variants where (shape.properties[name] ?? anything) == anything {
            shape.properties[name] = Self.union(properties)
        }
        var common = Set(branches.first?.required ?? [])
        for branch in branches.dropFirst() { common.formIntersection(branch.required ?? []) }
        let known = Set(shape.required ?? [])
        let added = (branches.first?.required ?? []).filter { common.contains($0) && !known.contains($0) }
        if !added.isEmpty { shape.required = (shape.required ?? []) + added }
        return common.union(known)
    }

    /// Returns one property for several: all their values if only the values differ, or else alternatives.
    private static func union(_ variants: [JSON]) -> JSON {
        guard let first = variants.first?.object, variants.count > 1 else { return variants.first ?? [:] }
        var values: [JSON] = []
        var known: Set<JSON> = []
        for variant in variants {
            guard let own = variant["enum"]?.array, variant["type"] == first["type"],
                variant.object?.keys.allSatisfy({ ["type", "enum", "description"].contains($0) }) == true
            else { return .object(SingleType(["anyOf": .array(variants)]).members) }
            values += own.filter { known.insert($0).inserted }
        }
        var united = first
        united["enum"] = .array(values)
        return .object(united)
    }

    /// Returns "Give path, or url and method.", or nil if an alternative has no requirement that the others lack.
    private func alternatives(
        _ branches: [ArgumentShape],
        beside common: Set<JSON>,
        _ shape: ArgumentShape
    ) -> String? {
        var phrases: [String] = []
        var length = 0
        for branch in branches where length <= Self.maximumSentenceLength {
            var parts: [String] = []
            for (name, property) in branch.properties {
                guard let values = property["enum"]?.array, values.count == 1, let value = values.first,
                    property != shape.properties[name]
                else { continue }
                parts.append("\(name.asPropertyName) \(value.text())")
            }
            let fixed = Set(
                branch.properties.filter { $0.value["enum"]?.array?.count == 1 }.map { JSON.string($0.key) }
            )
            parts += (branch.required ?? []).filter { !common.contains($0) && !fixed.contains($0) }.compactMap(
                \.string?.asPropertyName
            )
            if parts.isEmpty { return nil }
            let phrase = parts.joined(conjunction: "and")
            if phrases.contains(phrase) { continue }
            phrases.append(phrase)
            length += phrase.utf8.count
        }
        return "Give " + phrases.joined(separator: ", or ") + "."
    }
}
