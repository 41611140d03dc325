import ToolJSON

/// Phrases for people and models.
enum Words {
    /// `a`, `a or b`, `a, b or c`; past a number of them, how many more there are.
    static func list(_ words: [String], last conjunction: String = "or", limit: Int = 16) -> String {
        list(words, last: conjunction, limit: limit) { $0 }
    }

    /// The same of items, of which only those that are shown are put into words.
    static func list<Item>(
        _ items: [Item],
        last conjunction: String = "or",
        limit: Int = 16,
        _ words: (Item) -> String
    ) -> String {
        if items.count > limit {
            return items.prefix(limit).map(words).joined(separator: ", ") + " and \(items.count - limit) more"
        }
        guard let last = items.last else { return "" }
        if items.count == 1 { return words(last) }
        return items.dropLast().map(words).joined(separator: ", ") + " \(conjunction) " + words(last)
    }

    /// A text in quotes, as JSON writes it.
    static func quoted(_ text: String) -> String {
        JSON.string(shortened(text, to: 80)).text()
    }

    /// At most so many characters of a value as JSON, an ellipsis after them where there are more.
    static func json(_ value: JSON, to length: Int) -> String {
        // A character may be of several bytes.
        let text = value.text(upTo: 4 * length)
        return text.isWhole ? shortened(text.text, to: length) : text.text.prefix(length) + "…"
    }

    /// At most so many characters of a text, an ellipsis after them where there are more.
    static func shortened(_ text: String, to length: Int) -> String {
        guard text.utf8.count > length else { return text }
        // One character may be of any number of scalars.
        let scalars = text.unicodeScalars.prefix(4 * length)
        let start = Substring(scalars).prefix(length)
        return start.endIndex == text.endIndex ? text : start + "…"
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

    /// `a.b[0]` without its middle, if it is long.
    static func shortenedPlace(_ place: String) -> String {
        guard place.utf8.count > 2 * 120, place.count > 2 * 120 else { return place }
        return place.prefix(120) + "…" + place.suffix(120)
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
        case .const(let value): Words.json(value, to: 200)
        case .enumeration(let set):
            (set.values.count == 1 ? "" : "one of ") + Words.list(set.values) { Words.json($0, to: 80) }
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
        case .dependentRequired(_, let keyword): keyword
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
