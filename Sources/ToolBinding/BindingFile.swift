import ToolJSON
import ToolRuntime

/// What all binding files have in common.
package enum BindingFile {
    /// How their names end.
    package static let suffix = Binding.suffix

    /// The most bytes that the host reads of one.
    static let maximumBytes = 4 << 20

    /// Whether a plugin may be called so: letters, digits, dots, hyphens and underscores, at most 64 of them.
    package static func isPluginName(_ name: String) -> Bool {
        1...64 ~= name.utf8.count && name.unicodeScalars.allSatisfy(isPluginNamePart)
    }

    /// A name that a plugin may have, as near to another one as can be.
    static func pluginName(near name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(64) { scalars.append(isPluginNamePart(scalar) ? scalar : "_") }
        return scalars.isEmpty ? "library" : String(scalars)
    }

    private static func isPluginNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains(scalar))
    }

    /// A sentence about the fault of types and tools once their questions are answered as they propose.
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

    /// What the host finds wrong with a file's content: a sentence.
    static func fault(in document: JSON) -> String? {
        do {
            return try Binding(parsing: document.bytes()).faults.first
        } catch {
            return error.sentence
        }
    }
}
