package import ToolJSON

extension JSON {
    /// The value with all strings and names in their harmless form, such as the definition of a tool.
    package var neutralised: JSON {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): .string(TextNeutraliser.neutralised(text).text)
        case .array(let values): .array(values.map(\.neutralised))
        case .object(let members):
            .object(
                JSONObject(members.map { (TextNeutraliser.neutralised($0.key).text, $0.value.neutralised) })
            )
        }
    }
}
