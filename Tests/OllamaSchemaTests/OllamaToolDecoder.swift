import ToolJSON

/// A strict model of how Ollama decodes the `tools` of a request.
///
/// It follows the fixed structures of the server and the rules of Go's `encoding/json`: a member without a field is
/// dropped, names are not case-sensitive, `null` does not change a field, and a value of the wrong type makes the
/// request fail with status 400.
struct OllamaToolDecoder {
    /// The reason why a request would be refused.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// The pointers of the members without a field.
    private(set) var dropped: [String] = []

    /// Returns the tools as the server would keep and write them.
    mutating func decode(_ tools: JSON) throws(Refusal) -> JSON {
        try array(tools, "") { decoder, tool, path throws(Refusal) in try decoder.tool(tool, path) } ?? []
    }

    // MARK: Structures

    private mutating func tool(_ value: JSON, _ path: String) throws(Refusal) -> JSON {
        let fields = try fields(["type", "items", "function"], of: value, path)
        return .object(
            try members([
                ("type", try string(fields["type"], path + "/type") ?? ""),
                ("items", try any(fields["items"], path + "/items")),
                ("function", try function(fields["function"] ?? .null, path + "/function")),
            ])
        )
    }

    private mutating func function(_ value: JSON, _ path: String) throws(Refusal) -> JSON {
        let fields = try fields(["name", "description", "parameters"], of: value, path)
        return .object(
            try members([
                ("name", try string(fields["name"], path + "/name") ?? ""),
                ("description", try string(fields["description"], path + "/description").unlessEmpty),
                ("parameters", try parameters(fields["parameters"] ?? .null, path + "/parameters")),
            ])
        )
    }

    private mutating func parameters(_ value: JSON, _ path: String) throws(Refusal) -> JSON {
        let fields = try fields(["type", "$defs", "items", "required", "properties"], of: value, path)
        return .object(
            try members([
                ("type", try string(fields["type"], path + "/type") ?? ""),
                ("$defs", try any(fields["$defs"], path + "/$defs")),
                ("items", try any(fields["items"], path + "/items")),
                ("required", try strings(fields["required"], path + "/required").unlessEmpty),
                ("properties", try properties(fields["properties"], path + "/properties") ?? .null),
            ])
        )
    }

    private mutating func property(_ value: JSON, _ path: String) throws(Refusal) -> JSON {
        let fields = try fields(
            ["anyOf", "type", "items", "description", "enum", "properties", "required"],
            of: value,
            path
        )
        let alternatives = try array(fields["anyOf"], path + "/anyOf") { decoder, value, path throws(Refusal) in
            try decoder.property(value, path)
        }
        let values = try array(fields["enum"], path + "/enum") { decoder, value, path throws(Refusal) in
            try decoder.any(value, path) ?? .null
        }
        return .object(
            try members([
                ("anyOf", alternatives.unlessEmpty),
                ("type", try types(fields["type"], path + "/type").unlessEmpty),
                ("items", try any(fields["items"], path + "/items")),
                ("description", try string(fields["description"], path + "/description").unlessEmpty),
                ("enum", values.unlessEmpty),
                ("properties", try properties(fields["properties"], path + "/properties")),
                ("required", try strings(fields["required"], path + "/required").unlessEmpty),
            ])
        )
    }

    private mutating func properties(_ value: JSON?, _ path: String) throws(Refusal) -> JSON? {
        guard let value, !value.isNull else { return nil }
        guard case .object(let authored) = value else { throw refusal(value, "an object", path) }
        var kept = JSONObject()
        for (name, schema) in authored { kept[name] = try property(schema, path + "/" + name) }
        return .object(kept)
    }

    // MARK: Values

    /// Returns the members with a field in a structure: the last one of each name.
    private mutating func fields(_ names: [String], of value: JSON, _ path: String) throws(Refusal) -> JSONObject {
        if value.isNull { return [:] }
        guard case .object(let members) = value else { throw refusal(value, "an object", path) }
        var fields = JSONObject()
        for (key, value) in members {
            if let name = names.first(where: { $0 == key }) ?? names.first(where: { $0.caseFolded == key.caseFolded }) {
                fields[name] = value
            } else {
                dropped.append(path + "/" + key)
            }
        }
        return fields
    }

    private func members(_ members: [(String, JSON?)]) throws(Refusal) -> JSONObject {
        JSONObject(members.compactMap { key, value in value.map { (key, $0) } })
    }

    private func string(_ value: JSON?, _ path: String) throws(Refusal) -> JSON? {
        guard let value, !value.isNull else { return nil }
        guard value.string != nil else { throw refusal(value, "a string", path) }
        return value
    }

    private mutating func strings(_ value: JSON?, _ path: String) throws(Refusal) -> JSON? {
        try array(value, path) { decoder, element, path throws(Refusal) in try decoder.string(element, path) ?? "" }
    }

    /// Returns a name or an array of names; a single name is written without its array.
    private mutating func types(_ value: JSON?, _ path: String) throws(Refusal) -> JSON? {
        guard let value else { return nil }
        if value.isNull || value.string != nil { return .string(value.string ?? "") }
        guard let names = try strings(value, path) else { return nil }
        return names.array?.count == 1 ? names.array?.first : names
    }

    /// Returns a value of any type with numbers that fit into 64-bit floating point.
    private func any(_ value: JSON?, _ path: String) throws(Refusal) -> JSON? {
        guard let value, !value.isNull else { return nil }
        if case .number(let number) = value, !number.double.isFinite { throw refusal(value, "a float64", path) }
        for element in value.array ?? value.object.map({ $0.map(\.value) }) ?? [] { _ = try any(element, path) }
        return value
    }

    private mutating func array(
        _ value: JSON?,
        _ path: String,
        _ element: (inout Self, JSON, String) throws(Refusal) -> JSON
    ) throws(Refusal) -> JSON? {
        guard let value, !value.isNull else { return nil }
        guard let elements = value.array else { throw refusal(value, "an array", path) }
        var kept: [JSON] = []
        for (position, value) in elements.enumerated() { kept.append(try element(&self, value, path + "/\(position)")) }
        return .array(kept)
    }

    private func refusal(_ value: JSON, _ wanted: String, _ path: String) -> Refusal {
        Refusal(description: "cannot unmarshal \(value.typeName) into \(wanted) at \(path)")
    }
}

extension String {
    /// The string in the form in which Go compares the names of fields.
    fileprivate var caseFolded: String {
        lowercased().replacing("ſ", with: "s").replacing("\u{212A}", with: "k")
    }
}

extension JSON? {
    /// The value, or nil if a field with `omitempty` would not be written.
    fileprivate var unlessEmpty: JSON? {
        switch self {
        case .string(""), .array([]): nil
        default: self
        }
    }
}
