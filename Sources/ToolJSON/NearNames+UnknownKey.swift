extension NearNames {
    /// Finds the first key of an object that is not a known one.
    ///
    /// - Parameter isDocument: True for the object of a whole settings file, which may name its schema for an editor as
    ///   `$schema`.
    /// - Returns: The key, shortened to 80 characters, and the words `known are a, b.` with a question about the key that
    ///   was probably meant.
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
