package import ToolJSON

/// A keyword whose value contains subschemas.
package struct SubschemaKeyword: Sendable {
    /// The form of the keyword's value.
    package enum Form: Sendable {
        /// A schema.
        case one
        /// An array of schemas.
        case list
        /// An object of schemas.
        case named
    }

    /// The purpose of the subschemas.
    package enum Role: Sendable {
        /// The subschemas describe parts of the value, or alternatives for it.
        case description
        /// The subschemas describe the parts that no other keyword describes, and are often `false`.
        case remainder
        /// The subschemas limit a value that another schema describes.
        case limit
        /// The subschemas take effect only through references.
        case definition
    }

    package let form: Form
    package let role: Role

    /// The type of the values that the keyword applies to, or nil for all types.
    package let type: String?

    private init(_ form: Form, _ role: Role, _ type: String? = nil) {
        self.form = form
        self.role = role
        self.type = type
    }

    /// The keywords of all drafts, by name.
    package static let all: [String: SubschemaKeyword] = [
        "$defs": Self(.named, .definition),
        "additionalItems": Self(.one, .remainder, "array"),
        "additionalProperties": Self(.one, .remainder, "object"),
        "allOf": Self(.list, .limit),
        "anyOf": Self(.list, .description),
        "contains": Self(.one, .limit, "array"),
        "contentSchema": Self(.one, .limit, "string"),
        "definitions": Self(.named, .definition),
        "dependencies": Self(.named, .limit, "object"),
        "dependentSchemas": Self(.named, .limit, "object"),
        "else": Self(.one, .limit),
        "if": Self(.one, .limit),
        "items": Self(.one, .description, "array"),
        "not": Self(.one, .limit),
        "oneOf": Self(.list, .description),
        "patternProperties": Self(.named, .description, "object"),
        "prefixItems": Self(.list, .description, "array"),
        "properties": Self(.named, .description, "object"),
        "propertyNames": Self(.one, .limit, "object"),
        "then": Self(.one, .limit),
        "unevaluatedItems": Self(.one, .remainder, "array"),
        "unevaluatedProperties": Self(.one, .remainder, "object"),
    ]

    /// The keywords whose values are data and never schemas.
    package static let data: Set<String> = ["const", "default", "enum", "example", "examples"]

    /// Returns the form of a keyword with a value, or nil if the keyword contains no subschemas in the draft.
    package static func form(of keyword: String, _ value: JSON, in draft: Draft) -> Form? {
        guard let form = all[keyword]?.form, draft.defines(keyword) else { return nil }
        // Before draft 2020-12, "items" can be an array.
        return keyword == "items" && value.array != nil ? .list : form
    }
}
