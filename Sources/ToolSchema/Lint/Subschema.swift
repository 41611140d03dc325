import ToolJSON

/// A schema together with the targets of its reference.
struct Subschema {
    /// A schema as written, and its path.
    struct Layer {
        let members: JSONObject
        let path: String
    }

    /// The schema itself, followed by the chain of reference targets.
    var layers: [Layer]

    /// The value of a keyword and its path.
    ///
    /// A keyword beside a reference takes precedence over the target.
    subscript(keyword: String) -> (value: JSON, path: String)? {
        for layer in layers {
            if let value = layer.members[keyword] { return (value, "\(layer.path)/\(keyword)") }
        }
        return nil
    }

    /// The names of the declared types.
    ///
    /// Empty if the schema declares none.
    var types: [String] {
        guard let type = self["type"]?.value else { return [] }
        // There are seven types, so the rest of a longer list is skipped.
        return (type.array ?? [type]).prefix(8).compactMap(\.string)
    }

    /// The alternatives of a union, except `null`.
    var alternatives: [JSON] {
        let branches = (self["anyOf"] ?? self["oneOf"])?.value.array ?? []
        return branches.filter { $0["type"] != "null" }
    }

    /// Returns true if the schema has any of the keywords.
    func has(_ keywords: String...) -> Bool {
        keywords.contains { self[$0] != nil }
    }
}
