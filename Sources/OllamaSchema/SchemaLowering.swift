import ToolJSON

/// A conversion of one tool's JSON Schema into the few keywords that Ollama keeps.
///
/// Ollama decodes a schema into fixed structures. It drops a keyword that has no field there, and refuses the whole
/// request if a value does not fit its field. The conversion accepts any JSON value, valid as a schema or not, and its
/// result can always be decoded.
struct SchemaLowering {
    /// The maximum size of one schema, in units of about 64 bytes or one keyword.
    ///
    /// References can double a schema with each line, so a short schema could otherwise exhaust the memory.
    private static let maximumSize = 10_000
    private static let maximumDepth = 32

    let root: PlacedSchema
    let index: SchemaIndex
    var notes = LoweringNotes()
    private var budget = Self.maximumSize
    private var isTruncated = false

    init(_ parameters: JSON) {
        root = PlacedSchema(value: parameters, path: "")
        index = SchemaIndex(parameters)
    }

    /// Subtracts a cost from the size that the schema may still have.
    mutating func charge(_ cost: Int) {
        budget -= cost
    }

    var isOverBudget: Bool { budget <= 0 }

    /// Returns a placeholder for a schema that is too large or nested too deeply, or nil if the schema can be sent.
    mutating func placeholder(at path: String, in scope: SchemaScope) -> JSONObject? {
        if isOverBudget { return tooLarge(path) }
        guard scope.depth >= Self.maximumDepth else { return nil }
        notes.add(
            .truncated,
            at: path,
            "The rest is not sent: it is nested more than \(Self.maximumDepth) levels deep."
        )
        return ["type": ImpliedTypes.any, "description": "Nested too deeply to be shown."]
    }

    private mutating func tooLarge(_ path: String) -> JSONObject {
        // One note, at the first position, is enough.
        if !isTruncated {
            notes.add(.truncated, at: path, "The schema is too large: from here on, its subschemas are not sent.")
        }
        isTruncated = true
        return ["type": ImpliedTypes.any, "description": "Too large to be shown."]
    }
}
