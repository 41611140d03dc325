import ToolJSON

extension JSONObject {
    /// Returns sentences about unknown keys that are similar to a known one.
    ///
    /// Other unknown keys may be from a later version and are ignored, but a mistyped key would silently have no
    /// effect.
    func mistypedKeys(_ known: [String]) -> [String] {
        keys.lazy.filter { !known.contains($0) }.prefix(64).compactMap { key in
            let question = NearNames.question(key, among: known)
            if question.isEmpty { return nil }
            return "the key \(JSON.string(key).text(upTo: 80).text) is unknown and has no effect.\(question)"
        }
    }
}
