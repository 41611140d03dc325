import OllamaClient
import ToolJSON

extension ShowCommand {
    /// Prints the parameters of a tool as a model receives them, with references resolved.
    static func showParameters(of lowered: LoweredTool, _ output: Console) {
        let parameters = lowered.tool[pointer: "/function/parameters"] ?? [:]
        let properties = parameters["properties"]?.object ?? [:]
        let required = Set((parameters["required"]?.array ?? []).compactMap(\.string))
        if properties.isEmpty { return output.line("Parameters:  none") }
        output.line("Parameters:")
        for (name, property) in properties {
            let need = required.contains(name) ? "required" : "optional"
            let text = property["description"]?.string ?? ""
            output.line("  \(name, limit: 100) (\(kind(of: property), limit: 300), \(need))  \(text, limit: 300)")
        }
    }

    /// Returns the type of a parameter, with its values if they are enumerated: `string: "a" | "b"`.
    private static func kind(of property: JSON, depth: Int = 0) -> String {
        let limit = 16
        let values = property["enum"]?.array ?? []
        let shown = values.prefix(limit).map { $0.text(upTo: 80).text }.joined(separator: " | ")
        let list = values.count > limit ? "\(shown) and \(values.count - limit) more" : shown
        if let type = property["type"] {
            let names = type.string ?? (type.array ?? []).prefix(limit).compactMap(\.string).joined(separator: " or ")
            if !list.isEmpty { return "\(names): \(list)" }
            guard names == "array", depth < 4, let items = property["items"], items != [:] else { return names }
            return "array of \(kind(of: items, depth: depth + 1))"
        }
        if !list.isEmpty { return list }
        guard depth < 4, let branches = property["anyOf"]?.array, !branches.isEmpty else { return "any type" }
        return branches.prefix(8).map { kind(of: $0, depth: depth + 1) }.joined(separator: " or ")
    }
}
