/// A compiled schema or subschema.
///
/// Nodes refer to each other by their index in ``SchemaProgram/nodes``, so that a schema can refer to itself.
struct SchemaNode: Sendable {
    /// The rules in the order of evaluation: the type first, `unevaluated…` last.
    var rules: [Rule] = []

    /// The rules by which a coercion can change a value of an allowed type, in the same order.
    var coercingRules: [Rule] = []

    /// The schema resource of the node, for the resolution of `$dynamicRef` and `$recursiveRef`.
    var resource: Int

    /// The place in the schema: a JSON pointer.
    ///
    /// In other documents than the author's, it follows the document's URI.
    var location: String

    /// The author's description, or nil if there is none.
    var description: String?

    /// True if a rule depends on the members or elements that other rules evaluated.
    var tracksEvaluated = false
}
