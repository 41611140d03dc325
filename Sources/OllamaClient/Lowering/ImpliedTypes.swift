import ToolJSON

/// The types of schemas that name none.
///
/// Some templates of Ollama and some models fail at a property without a type. Tools are sent with the types that the
/// other keywords speak of, which their authors meant; arguments are validated against the schema as it was written.
enum ImpliedTypes {
    /// All types.
    ///
    /// Templates that know of one type only show the first one.
    static let all = ["string", "number", "boolean", "object", "array", "null"]
    static let any = type(nil)

    private static let keywords: [(type: String, keywords: Set<String>)] = [
        (
            "object",
            [
                "properties", "required", "additionalProperties", "patternProperties", "propertyNames",
                "minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "dependencies",
                "unevaluatedProperties",
            ]
        ),
        (
            "array",
            [
                "items", "prefixItems", "additionalItems", "contains", "minContains", "maxContains", "minItems",
                "maxItems", "uniqueItems", "unevaluatedItems",
            ]
        ),
        ("number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ("string", ["minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"]),
    ]

    /// The value of `type`: one type alone stands by itself, as Ollama would write it.
    static func type(_ types: [String]?) -> JSON {
        let types = types ?? all
        return types.count == 1 ? .string(types[0]) : .array(types.map(JSON.string))
    }

    /// The types that the keywords of a schema speak of, or nil if they speak of none.
    static func of(_ members: [(key: String, value: JSON)]) -> [String]? {
        var values: [JSON] = []
        var samples: [JSON] = []
        var types: [String] = []
        for (keyword, value) in members {
            switch keyword {
            case "const": values = [value]
            case "enum": values = value.array ?? values
            case "format": types += value.string.map { [type(ofFormat: $0)] } ?? []
            case "default", "example": samples += value.isNull ? [] : [value]
            case "examples": samples += value.array ?? []
            default: types += keywords.filter { $0.keywords.contains(keyword) }.map(\.type)
            }
        }
        if !values.isEmpty { return self.types(of: values) }
        // A sample is one of many values: a whole number does not rule out fractions.
        if types.isEmpty { types = self.types(of: samples).map { $0 == "integer" ? "number" : $0 } }
        var known: Set<String> = []
        return types.isEmpty ? nil : types.filter { known.insert($0).inserted }
    }

    private static func types(of values: [JSON]) -> [String] {
        var types: [String] = []
        for value in values {
            let isInteger = value.number?.isInteger == true
            let type = isInteger ? "integer" : value.typeName
            if !types.contains(type) { types.append(type) }
        }
        return types.contains("number") ? types.filter { $0 != "integer" } : types
    }

    /// Some authors use the formats of OpenAPI for numbers.
    private static func type(ofFormat format: String) -> String {
        let isNumeric = ["int", "uint", "float", "double", "decimal"].contains(where: format.hasPrefix)
        return isNumeric ? "number" : "string"
    }
}
