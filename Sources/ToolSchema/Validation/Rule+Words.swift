import ToolJSON

extension Rule {
    /// The requirement of the rule as a phrase, or "" if it depends on other schemas.
    var words: String {
        switch self {
        case .never: "nothing"
        case .type(let types): types.words
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

    /// The keyword of the rule.
    ///
    /// For several keywords, the one that is violated most often.
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
