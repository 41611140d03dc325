import ToolJSON

/// The properties of merged schemas: for each name, all schemas that apply.
struct PropertyTable {
    private(set) var entries: [(name: String, schemas: [PlacedSchema])] = []
    /// The position of each name.
    ///
    /// The keys are JSON, because JSON compares names by their bytes.
    private var positions: [JSON: Int] = [:]

    mutating func add(_ schema: PlacedSchema, named name: String) {
        if let position = positions[.string(name)] {
            entries[position].schemas.append(schema)
        } else {
            positions[.string(name)] = entries.count
            entries.append((name, [schema]))
        }
    }
}
