import ToolJSON

extension JSONObject {
    /// The keys that a tool's schema may have beside those of JSON Schema.
    static let toolKeys = ["name", "description", "parameters", RegisteredTool.ownKey]
    /// The keys of the host's own part of a tool's schema.
    static let ownKeys = ["timeout", "annotations", "examples", "assertFormats"]

    /// Sentences about unknown keys that are near to a known one.
    ///
    /// Other unknown keys may be from a later version and are ignored, but a mistyped one would silently have no effect.
    func mistypedKeys(_ known: [String]) -> [String] {
        keys.lazy.filter { !known.contains($0) }.prefix(64).compactMap { key in
            let question = NearNames.question(key, among: known)
            if question.isEmpty { return nil }
            return "the key \(JSON.string(key).text(upTo: 80).text) is unknown and has no effect.\(question)"
        }
    }
}
