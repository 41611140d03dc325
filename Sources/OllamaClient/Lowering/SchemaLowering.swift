import ToolJSON

/// Turns one tool's JSON Schema into the few keywords that Ollama keeps.
///
/// Ollama decodes a schema into fixed structures: what they have no field for is gone, and what does not fit them is
/// refused with the whole request. Every value is taken here, however little it is a schema, and what comes out is
/// always decoded.
struct SchemaLowering {
    /// The maximum size of one schema, in units of about 64 bytes or one keyword.
    ///
    /// References can double a schema with each line, so that a page of them would fill the memory.
    private static let largestSchema = 10_000
    private static let deepestSchema = 32

    let root: PlacedSchema
    let index: SchemaIndex
    var notes = LoweringNotes()
    private var allowance = Self.largestSchema

    init(_ parameters: JSON) {
        root = PlacedSchema(value: parameters, path: "")
        index = SchemaIndex(parameters)
    }

    /// Takes something from what the schema may come to.
    mutating func spend(_ cost: Int) {
        allowance -= cost
    }

    var isSpent: Bool { allowance <= 0 }

    /// Returns the schema that replaces one that is too large or too deep, or nil if there is room for it.
    mutating func cut(_ path: String, in place: Place) -> JSONObject? {
        if isSpent { return tooLarge(path) }
        guard place.depth >= Self.deepestSchema else { return nil }
        notes.add(.cut, at: path, "Nested more than \(Self.deepestSchema) levels deep: the rest is not sent.")
        return ["type": ImpliedTypes.any, "description": "Nested too deeply to be shown."]
    }

    private mutating func tooLarge(_ path: String) -> JSONObject {
        // One note will do, at the first place.
        if !isCut { notes.add(.cut, at: path, "The schema is too large: from here on, sub-schemas are not sent.") }
        isCut = true
        return ["type": ImpliedTypes.any, "description": "Too large to be shown."]
    }

    private var isCut = false
}
