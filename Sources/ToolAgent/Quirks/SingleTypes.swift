import ToolJSON

/// The replacement of arrays of types by single types, for servers that decode a type only as a string.
enum SingleTypes {
    private static let maximumDepth = 64

    /// Returns a tool whose properties have a single type each: the first one that is not `null`.
    ///
    /// The other types are named in the description.
    static func tool(_ tool: JSON) -> JSON { changed(tool, depth: 0) }

    private static func changed(_ value: JSON, depth: Int) -> JSON {
        guard depth < maximumDepth else { return value }
        switch value {
        case .array(let elements):
            return .array(elements.map { changed($0, depth: depth + 1) })
        case .object(var members):
            // The values of an enumeration are no schemas.
            for (key, member) in members where key != "enum" || member.object != nil {
                members[key] = changed(member, depth: depth + 1)
            }
            let types = members["type"]?.array?.compactMap(\.string) ?? []
            guard let first = types.first(where: { $0 != "null" }) ?? types.first else { return .object(members) }
            members["type"] = .string(first)
            let others = types.filter { $0 != first }
            if !others.isEmpty {
                let sentence = "Also allowed: \(others.joined(separator: ", "))."
                let description = members["description"]?.string ?? ""
                members["description"] = .string(description.isEmpty ? sentence : "\(description) \(sentence)")
            }
            return .object(members)
        default:
            return value
        }
    }
}
