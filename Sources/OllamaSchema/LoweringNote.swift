/// A part of a schema that is not sent to a model as its author wrote it.
public struct LoweringNote: Sendable, Hashable {
    /// The change to a part of a schema.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The part is sent in another form with the same meaning, or nearly the same.
        case rewritten
        /// The part is described in words, in a description.
        case described
        /// The part is not sent.
        case dropped
        /// The part is not sent because the schema would be infinite or too large.
        case truncated
    }

    /// A JSON pointer into the authored `parameters`.
    ///
    /// The target of a `$ref` has the pointer of its definition. The empty pointer means the parameters as a whole, or
    /// the function that has them.
    public let path: String

    /// The change to the part.
    public let kind: Kind

    /// A sentence that explains the change.
    public let message: String
}
