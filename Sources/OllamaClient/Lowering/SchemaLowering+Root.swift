import ToolJSON

// MARK: - The parameters as a whole

extension SchemaLowering {
    private static let longestText = 400

    /// The parameters, always an object with properties.
    ///
    /// - Parameter description: The function's description; what cannot stand in the parameters is added to it.
    mutating func parameters(describing description: inout String?) -> JSONObject {
        let place = Place()
        var merged = merge([root], in: place)
        let inside = place.inside(merged.paths)
        if merged.allowsNothing { lose("Nothing is allowed as arguments, which cannot be sent.") }
        if let types = merged.types, types != ["object"] {
            lose("Arguments are always an object. The other types are not sent.")
        }
        if merged.values != nil { lose("The values that are listed for the arguments as a whole are not sent.") }

        merged.declareProperties()
        let (own, absent) = properties(of: merged, in: inside)
        var shape = ArgumentShape(
            properties: own ?? [:],
            required: required(of: merged, without: absent, at: "")?.array
        )
        var sentences: [String] = []
        for choice in merged.choices {
            if let sentence = settle(choice, into: &shape, in: inside) { sentences.append(sentence) }
        }
        let items = items(of: merged, in: inside, &sentences)
        sentences += self.sentences(for: merged, in: inside)
        describe(merged, sentences, &description)

        var members = JSONObject()
        // The type stands first, where people and templates look for it.
        if merged.types == nil { members["type"] = "object" }
        if shape.required != nil { merged.mention("required") }
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

    private mutating func lose(_ message: String) {
        notes.add(.lost, at: "", message)
    }

    /// Moves the description of the parameters, for which there is no field, to that of the function.
    private mutating func describe(_ merged: MergedSchema, _ sentences: [String], _ description: inout String?) {
        if let title = merged.title { notes.add(.lost, at: title.path, "Not sent: a function has a name.") }
        if let (text, path) = merged.description, !text.isEmpty {
            if description?.isEmpty != false {
                notes.add(.folded, at: path, "Told as the function's description.")
                description = text
            } else if text.utf8.count <= Self.longestText {
                notes.add(.folded, at: path, "Told in the function's description.")
                description = description?.adding(sentences: [text])
            } else {
                notes.add(.lost, at: path, "Not sent, and too long to be told in the function's description.")
            }
        }
        if !sentences.isEmpty { description = (description ?? "").adding(sentences: sentences) }
    }
}

// MARK: - Alternatives of the parameters

/// The arguments that a function takes: which there are, and which it must have.
private struct ArgumentShape {
    var properties: JSONObject = [:]
    var required: [JSON]?
    /// The values by which this alternative differs from the others.
    var fixed: [(name: String, value: JSON)] = []
}

extension SchemaLowering {
    private static let longestSentence = 240

    /// Joins the properties of alternatives, which Ollama has no field for here.
    ///
    /// - Returns: Which of them go together.
    private mutating func settle(
        _ choice: Choice,
        into shape: inout ArgumentShape,
        in inside: Place
    ) -> String? {
        var branches: [ArgumentShape] = []
        for branch in choice.branches {
            let merged = merge([branch], in: inside)
            if merged.allowsNothing { continue }
            if let types = merged.types, !types.contains("object") {
                notes.add(.lost, at: branch.path, "Not sent: arguments are an object.")
                continue
            }
            let deeper = inside.inside(merged.paths)
            let (properties, absent) = properties(of: merged, in: deeper)
            for facet in merged.facets where !facet.saysNothing { lose(facet) }
            for choice in merged.choices { notes.add(.lost, at: choice.path, "Not sent, nor told in words.") }
            branches.append(
                ArgumentShape(
                    properties: properties ?? [:],
                    required: required(of: merged, without: absent, at: branch.path)?.array ?? []
                )
            )
        }
        guard !branches.isEmpty else { return nil }
        let common = join(branches, into: &shape)
        if branches.count == 1 { return nil }
        let sentence = alternatives(branches, beside: common, shape)
        guard let sentence, sentence.utf8.count <= Self.longestSentence else {
            notes.add(.lost, at: choice.path, "Sent as properties of one object, without which go together.")
            return nil
        }
        notes.add(.folded, at: choice.path, "Sent as properties of one object; told in the function's description.")
        return sentence
    }

    /// Adds the properties of the branches, and returns what they all require.
    private mutating func join(_ branches: [ArgumentShape], into shape: inout ArgumentShape) -> Set<JSON> {
        var variants: [(name: String, properties: [JSON], known: Set<JSON>)] = []
        // The names are JSON, which compares them by their bytes.
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

    /// One property for several: the values of all where only those differ, else alternatives.
    private static func union(_ variants: [JSON]) -> JSON {
        guard let first = variants.first?.object, variants.count > 1 else { return variants.first ?? [:] }
        var values: [JSON] = []
        var known: Set<JSON> = []
        for variant in variants {
            guard let own = variant["enum"]?.array, variant["type"] == first["type"],
                variant.object?.keys.allSatisfy({ ["type", "enum", "description"].contains($0) }) == true
            else { return ["anyOf": .array(variants)] }
            values += own.filter { known.insert($0).inserted }
        }
        var united = first
        united["enum"] = .array(values)
        return .object(united)
    }

    /// "Give path, or url and method."; `nil` where an alternative asks for nothing of its own.
    private func alternatives(
        _ branches: [ArgumentShape],
        beside common: Set<JSON>,
        _ shape: ArgumentShape
    ) -> String? {
        var phrases: [String] = []
        var length = 0
        for branch in branches where length <= Self.longestSentence {
            var parts: [String] = []
            for (name, property) in branch.properties {
                guard let values = property["enum"]?.array, values.count == 1, let value = values.first,
                    property != shape.properties[name]
                else { continue }
                parts.append("\(name.asName) \(value.text())")
            }
            let fixed = Set(
                branch.properties.filter { $0.value["enum"]?.array?.count == 1 }.map { JSON.string($0.key) }
            )
            parts += (branch.required ?? []).filter { !common.contains($0) && !fixed.contains($0) }.compactMap(
                \.string?.asName
            )
            if parts.isEmpty { return nil }
            let phrase = parts.listed("and")
            if phrases.contains(phrase) { continue }
            phrases.append(phrase)
            length += phrase.utf8.count
        }
        return "Give " + phrases.joined(separator: ", or ") + "."
    }
}
