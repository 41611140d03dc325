import ToolJSON

/// The form of a property with several types that all servers decode: a single type, and the others in the description.
///
/// Servers before the middle of 2025 decode a type only as a string, and refuse a request with an array of types. A
/// property that accepts every value keeps the array, because some parsers make a string of each value if the type is
/// `string`.
struct SingleType {
    /// The property.
    let members: JSONObject
    /// The keyword that changed, `type` or `anyOf`, or nil if none did.
    let changed: String?

    /// Creates the form of a property.
    init(_ property: JSONObject) {
        var members = property
        let alternatives = property["anyOf"]?.array.flatMap { Self.types($0, within: property["type"]) }
        guard let types = alternatives ?? property["type"]?.array?.compactMap(\.string),
            types.count > 1 || alternatives != nil,
            Set(types) != Set(ImpliedTypes.all)
        else {
            (self.members, changed) = (property, nil)
            return
        }
        let type = Self.main(types, of: property)
        if alternatives != nil { members = Self.replacing("anyOf", in: property, by: "type") }
        members["type"] = .string(type)
        let others = types.filter { $0 != type }.map(Self.phrase)
        // A list of values shows the other types.
        if property["enum"] == nil, !others.isEmpty {
            let sentence = "Or \(others.joined(conjunction: "or"))."
            let description = property["description"]?.string ?? ""
            members["description"] = .string(description.appending(sentences: [sentence]))
        }
        self.members = members
        changed = alternatives == nil ? "type" : "anyOf"
    }

    /// Returns the types of alternatives that are only types, or nil for other alternatives.
    ///
    /// - Parameter own: The types beside the alternatives, which all apply, too.
    private static func types(_ alternatives: [JSON], within own: JSON?) -> [String]? {
        let allowed = own?.string.map { [$0] } ?? own?.array?.compactMap(\.string)
        var types: [String] = []
        for alternative in alternatives {
            guard let members = alternative.object, members.count == 1, let type = members["type"]?.string else {
                return nil
            }
            if !types.contains(type) { types.append(type) }
        }
        let common = types.filter { allowed?.contains($0) ?? true }
        return common.isEmpty ? types : common
    }

    /// Returns the type that the other keywords describe, or else the first one.
    private static func main(_ types: [String], of property: JSONObject) -> String {
        if property["properties"] != nil, types.contains("object") { return "object" }
        if property["items"] != nil, types.contains("array") { return "array" }
        return types.first { $0 != "null" } ?? "null"
    }

    private static func replacing(_ keyword: String, in property: JSONObject, by other: String) -> JSONObject {
        var members = JSONObject()
        for (name, value) in property where name != other { members[name == keyword ? other : name] = value }
        return members
    }

    private static func phrase(_ type: String) -> String {
        switch type {
        case "string", "number", "boolean": "a \(type)"
        case "integer", "object", "array": "an \(type)"
        default: type
        }
    }
}
