/// The number of changes that a ``TextNeutraliser`` made to a text.
package struct TextFindings: Sendable, Hashable {
    /// The number of control tokens of models.
    package var tokens = 0
    /// The number of invisible and bidirectional characters.
    package var invisible = 0
    /// The number of control characters, such as those of the colours of a terminal.
    package var controls = 0

    /// Returns a warning about a text, or nil if nothing in it is suspicious.
    ///
    /// Control characters alone are not: many programs colour their output.
    ///
    /// - Parameter name: The name of the text, such as `The result of fetch`.
    package func warning(about name: String) -> String? {
        func counted(_ count: Int, _ noun: String) -> String? {
            count == 0 ? nil : count == 1 ? "a \(noun)" : "\(count) \(noun)s"
        }
        let invisible = counted(invisible, "invisible character").map { $0.replacing("a i", with: "an i") }
        let found = [counted(tokens, "control token"), invisible].compactMap(\.self)
        if found.isEmpty { return nil }
        return "\(name) has \(found.joined(separator: " and ")), which the model gets as visible text."
    }
}
