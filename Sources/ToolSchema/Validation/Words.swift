import ToolJSON

/// Phrases for people and models.
enum Words {
    /// `a`, `a or b`, `a, b or c`; past a number of them, how many more there are.
    static func list(_ words: [String], last conjunction: String = "or", limit: Int = 16) -> String {
        if words.count > limit {
            return words.prefix(limit).joined(separator: ", ") + " and \(words.count - limit) more"
        }
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }

    /// A text in quotes, as JSON writes it.
    static func quoted(_ text: String) -> String {
        JSON.string(shortened(text, to: 80)).text()
    }

    /// At most so many characters of a text, an ellipsis after them where there were more.
    static func shortened(_ text: String, to length: Int) -> String {
        guard text.utf8.count > length, text.count > length else { return text }
        return text.prefix(length) + "…"
    }

    /// A number as it was written, which may be with any number of digits.
    static func number(_ number: JSONNumber) -> String {
        shortened(number.literal, to: 80)
    }

    /// Types with their articles: `an integer or null`.
    static func types(_ types: TypeSet) -> String {
        list(
            types.names.map { name in
                switch name {
                case "null": "null"
                case "boolean": "true or false"
                case "integer", "array", "object": "an " + name
                default: "a " + name
                }
            }
        )
    }

    /// `1 character`, `2 characters`.
    static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension Rule {
    /// What the rule asks for, where that can be said without the rest of the schema; otherwise "".
    var words: String {
        switch self {
        case .never: "nothing"
        case .type(let types): Words.types(types)
        case .const(let value): Words.shortened(value.text(), to: 200)
        case .enumeration(let values):
            (values.count == 1 ? "" : "one of ")
                + Words.list(values.map { Words.shortened($0.text(), to: 80) })
        case .minimum(let bound): "at least " + Words.number(bound)
        case .exclusiveMinimum(let bound): "more than " + Words.number(bound)
        case .maximum(let bound): "at most " + Words.number(bound)
        case .exclusiveMaximum(let bound): "less than " + Words.number(bound)
        case .multipleOf(let divisor): "a multiple of " + Words.number(divisor)
        case .minLength(let length): "at least " + Words.count(length, "character")
        case .maxLength(let length): "at most " + Words.count(length, "character")
        case .pattern(let source, _): "text that matches the pattern " + Words.shortened(source, to: 120)
        case .format(let name, _): "text in the format " + name
        case .minItems(let count): "at least " + Words.count(count, "item")
        case .maxItems(let count): "at most " + Words.count(count, "item")
        case .uniqueItems: "items that are all different"
        case .minProperties(let count): "at least " + Words.count(count, "field")
        case .maxProperties(let count): "at most " + Words.count(count, "field")
        default: ""
        }
    }

    /// The keyword as it stands in a schema; of several, the one that is usually broken.
    var keyword: String {
        switch self {
        case .never: "false"
        case .type: "type"
        case .const: "const"
        case .enumeration: "enum"
        case .minimum: "minimum"
        case .exclusiveMinimum: "exclusiveMinimum"
        case .maximum: "maximum"
        case .exclusiveMaximum: "exclusiveMaximum"
        case .multipleOf: "multipleOf"
        case .minLength: "minLength"
        case .maxLength: "maxLength"
        case .pattern: "pattern"
        case .format: "format"
        case .minItems: "minItems"
        case .maxItems: "maxItems"
        case .uniqueItems: "uniqueItems"
        case .items: "items"
        case .contains: "contains"
        case .minProperties: "minProperties"
        case .maxProperties: "maxProperties"
        case .required: "required"
        case .dependentRequired: "dependentRequired"
        case .properties: "additionalProperties"
        case .propertyNames: "propertyNames"
        case .dependentSchemas: "dependentSchemas"
        case .reference: "$ref"
        case .dynamicReference: "$dynamicRef"
        case .allOf: "allOf"
        case .anyOf: "anyOf"
        case .oneOf: "oneOf"
        case .not: "not"
        case .conditional: "if"
        case .unevaluatedItems: "unevaluatedItems"
        case .unevaluatedProperties: "unevaluatedProperties"
        }
    }
}

extension SchemaProgram {
    /// What a schema asks for, in a few words: `an integer, at least 1, at most 10`.
    func words(for node: Int) -> String {
        words(for: node, depth: 0)
    }

    /// What several schemas ask for, one of which must hold.
    func words(forAnyOf branches: [Int]) -> String {
        words(forAnyOf: branches, depth: 0)
    }

    private func words(forAnyOf branches: [Int], depth: Int) -> String {
        var words: [String] = []
        for branch in branches.prefix(9) {
            let phrase = self.words(for: branch, depth: depth)
            if !words.contains(phrase) { words.append(phrase) }
        }
        return Words.list(words, limit: 8)
    }

    private func words(for node: Int, depth: Int) -> String {
        var phrases: [String] = []
        for rule in nodes[node].rules {
            switch rule {
            case .reference(let target) where depth < 3: phrases.append(words(for: target, depth: depth + 1))
            case .anyOf(let branches) where depth < 3, .oneOf(let branches) where depth < 3:
                phrases.append(words(forAnyOf: branches, depth: depth + 1))
            case .required(let names):
                phrases.append("with " + Words.list(names.map(Words.quoted), last: "and", limit: 6))
            default: phrases.append(rule.words)
            }
        }
        // The values say the type.
        if phrases.count > 1, case .type? = nodes[node].rules.first,
            nodes[node].rules.dropFirst().contains(where: \.namesValues)
        {
            phrases.removeFirst()
        }
        phrases.removeAll(where: \.isEmpty)
        return phrases.isEmpty ? "a value" : Words.shortened(phrases.joined(separator: ", "), to: 300)
    }

    /// What `oneOf` asks for where more than one schema holds.
    func words(forOneOf holding: [Int]) -> String {
        "only one of: " + Words.list(holding.prefix(4).map { words(for: $0) }, last: "and")
    }

    /// What `contains` asks for.
    func words(forContains rule: Rule) -> String {
        guard case .contains(let node, let least, let most) = rule else { return "" }
        let count = most.map { "from \(least) to \($0) items" } ?? "at least " + Words.count(least, "item")
        return "\(count) that \(least == 1 && most == nil ? "is" : "are") \(words(for: node))"
    }
}

extension Rule {
    fileprivate var namesValues: Bool {
        switch self {
        case .const, .enumeration: true
        default: false
        }
    }
}
