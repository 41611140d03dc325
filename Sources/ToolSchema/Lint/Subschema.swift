import ToolJSON

/// A schema and, where it is a reference, what that leads to.
struct Subschema {
    /// A schema as it is written, and where that is.
    struct Layer {
        let members: JSONObject
        let path: String
    }

    /// The schema itself first, then what it refers to, then what that refers to.
    var layers: [Layer]

    /// The value of a keyword, and where it is written; what stands beside a reference wins over what it leads to.
    subscript(keyword: String) -> (value: JSON, path: String)? {
        for layer in layers {
            if let value = layer.members[keyword] { return (value, "\(layer.path)/\(keyword)") }
        }
        return nil
    }

    /// The names of the types that a value may have; empty where the schema does not say.
    var types: [String] {
        guard let type = self["type"]?.value else { return [] }
        // There are seven types; a longer list is nonsense, and reading all of it would be work for nothing.
        return (type.array ?? [type]).prefix(8).compactMap(\.string)
    }

    /// The alternatives of a union, `null` left out.
    var alternatives: [JSON] {
        let branches = (self["anyOf"] ?? self["oneOf"])?.value.array ?? []
        return branches.filter { $0["type"] != "null" }
    }

    /// True if the schema has any of these keywords.
    func has(_ keywords: String...) -> Bool {
        keywords.contains { self[$0] != nil }
    }
}
