import ToolJSON

/// A schema and its position in the authored parameters.
struct PlacedSchema {
    let value: JSON
    /// The JSON pointer of the schema, which also identifies it.
    let path: String

    /// Returns a schema below this one.
    func child(_ value: JSON, _ tokens: String...) -> PlacedSchema {
        PlacedSchema(value: value, path: tokens.reduce(path) { JSONPointer.appending($1, to: $0) })
    }
}
