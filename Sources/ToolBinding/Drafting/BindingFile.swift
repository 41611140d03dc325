import ToolJSON
import ToolRuntime

/// The rules for all binding files.
package enum BindingFile {
    /// The suffix of the names of binding files.
    package static let suffix = Binding.suffix

    /// True for a valid name of a plugin: at most 64 ASCII letters, digits, dots, hyphens and underscores.
    package static func isPluginName(_ name: String) -> Bool { PluginName.isValid(name) }

    /// Returns the reason why the host would reject types and tools once their proposals are accepted, or nil.
    static func fault(types: JSONObject, tools: [JSON]) -> String? {
        let types = JSON.object(JSONObject(types.map { ($0.key, decided($0.value)) }))
        let tools = JSON.array(tools.map(decided))
        return fault(in: ["toolhost": 1, "plugin": [:], "library": "lib", "types": types, "tools": tools])
    }

    private static func decided(_ draft: JSON) -> JSON {
        guard var members = draft.object else { return draft }
        members["undecided"] = nil
        return .object(members)
    }

    /// Returns the reason why the host would reject the content of a file, or nil.
    static func fault(in document: JSON) -> String? {
        do {
            return try Binding(parsing: document.bytes()).faults.first
        } catch {
            return error.message
        }
    }
}
