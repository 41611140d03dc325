public import ToolJSON

extension JSON {
    /// The values with which ``variants`` replaces a member: one or two of each type.
    private static let replacements: [JSON] = [
        nil, true, 0, -1, 1e300, "", "text\u{0}\u{1B}[2J\u{202E}", [], [[]], [nil], [:], ["a": ["b": []]],
    ]

    /// Copies of the value in each of which one member or element, at any depth, is missing or has another type.
    public var variants: [JSON] {
        switch self {
        case .object(let members):
            members.flatMap { key, value in
                func copy(_ new: JSON?) -> JSON {
                    var members = members
                    members[key] = new
                    return .object(members)
                }
                return [copy(JSON?.none)] + (Self.replacements + value.variants).map { copy($0) }
            }
        case .array(let elements):
            elements.indices.flatMap { index in
                (Self.replacements + elements[index].variants).map { new in
                    var elements = elements
                    elements[index] = new
                    return .array(elements)
                }
            }
        default: []
        }
    }
}
