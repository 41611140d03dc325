extension NearNames {
    /// Returns the first key of an object that is not known, or nil if all keys are known.
    ///
    /// - Parameters:
    ///   - object: The object.
    ///   - known: The known keys.
    ///   - isDocument: True for the object of a whole settings file, which may name its schema for an editor in
    ///     `$schema`.
    /// - Returns: The key, shortened to 80 characters, and the words `known are a, b.` followed by a question with the
    ///   nearest known keys.
    package static func unknownKey(
        in object: JSONObject,
        known: [String],
        isDocument: Bool = false
    ) -> (key: String, words: String)? {
        let unknown = object.keys.first { !known.contains($0) && !(isDocument && $0 == "$schema") }
        guard let unknown else { return nil }
        let shown = String(String.UnicodeScalarView(unknown.unicodeScalars.prefix(80)))
        return (shown, "known are \(known.joined(separator: ", ")).\(question(unknown, among: known))")
    }
}
