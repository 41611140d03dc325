import ToolJSON
import ToolSchema

/// A keyword for which Ollama has no field.
struct UnsupportedKeyword {
    let name: String
    let value: JSON
    /// The pointer of the schema that contains the keyword.
    let schemaPath: String

    var path: String { JSONPointer.appending(name, to: schemaPath) }

    /// The schema that is the keyword's value.
    var schema: PlacedSchema { PlacedSchema(value: value, path: path) }

    /// True if the keyword allows every value.
    var hasNoEffect: Bool {
        if name == "readOnly" || name == "writeOnly" { return value == false }
        let isRemainder = SubschemaKeyword.all[name]?.role == .remainder
        return (isRemainder || name == "propertyNames") && (value == true || value == [:])
    }
}
