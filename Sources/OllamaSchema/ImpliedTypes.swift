import ToolJSON
import ToolSchema

/// The types that the keywords of a schema without `type` imply.
///
/// Some templates of Ollama and some models fail at a property without a type, so a tool is sent with the types that
/// the other keywords imply. Arguments are validated against the schema as its author wrote it.
enum ImpliedTypes {
    /// All types.
    ///
    /// Templates that support a single type show the first one.
    static let all = ["string", "number", "boolean", "object", "array", "null"]
    static let any = type(nil)

    /// The keywords without subschemas that apply to values of one type.
    private static let keywords: [(type: String, keywords: Set<String>)] = [
        ("object", ["required", "minProperties", "maxProperties", "dependentRequired"]),
        ("array", ["minContains", "maxContains", "minItems", "maxItems", "uniqueItems"]),
        ("number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ("string", ["minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"]),
    ]

    /// The formats that OpenAPI defines for numbers.
    private static let numericFormats: Set<String> = [
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double",
    ]

    /// Returns the value of `type`: a string for a single type, as Ollama writes it, or an array.
    static func type(_ types: [String]?) -> JSON {
        let types = types ?? all
        return types.count == 1 ? .string(types[0]) : .array(types.map(JSON.string))
    }

    /// Returns the types that the keywords of a schema imply, or nil if they imply no type.
    static func of(_ members: [(key: String, value: JSON)]) -> [String]? {
        var values: [JSON] = []
        var samples: [JSON] = []
        var types: [String] = []
        for (keyword, value) in members {
            switch keyword {
            case "const": values = [value]
            case "enum": values = value.array ?? values
            case "format": types += value.string.map { [numericFormats.contains($0) ? "number" : "string"] } ?? []
            case "default", "example": samples += value.isNull ? [] : [value]
            case "examples": samples += value.array ?? []
            default:
                let subschemas = SubschemaKeyword.all[keyword]?.type
                if let type = subschemas ?? keywords.first(where: { $0.keywords.contains(keyword) })?.type {
                    types.append(type)
                }
            }
        }
        if !values.isEmpty { return self.types(of: values) }
        // A sample is one of many values, so an integer does not rule out fractions.
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
}
