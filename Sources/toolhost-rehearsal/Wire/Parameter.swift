import ToolJSON

/// The properties of a tool's parameter that decide its value.
struct Parameter {
    let name: String
    let description: String
    let types: Set<String>
    let format: String?
    let choices: [JSON]
    let itemTypes: Set<String>
    let itemChoices: [JSON]
    let isRequired: Bool

    init(_ name: String, _ schema: JSON, isRequired: Bool) {
        self.name = name
        self.isRequired = isRequired
        description = schema["description"]?.string ?? ""
        types = Self.types(schema)
        format = schema["format"]?.string
        choices = schema["const"].map { [$0] } ?? schema["enum"]?.array ?? []
        let items = schema["items"] ?? .null
        itemTypes = Self.types(items)
        itemChoices = items["enum"]?.array ?? []
    }

    /// Returns the types that a schema allows, including those of its alternatives.
    private static func types(_ schema: JSON) -> Set<String> {
        var types = Set(schema["type"]?.string.map { [$0] } ?? (schema["type"]?.array ?? []).compactMap(\.string))
        for option in schema["anyOf"]?.array?.prefix(16) ?? [] {
            types.formUnion(option["type"]?.string.map { [$0] } ?? [])
        }
        return types
    }

    /// True for a parameter that accepts a number and no string.
    var isNumeric: Bool {
        choices.isEmpty && !types.isDisjoint(with: ["integer", "number"]) && !types.contains("string")
    }

    /// True for a parameter that accepts an array of numbers.
    var isListOfNumbers: Bool {
        types.contains("array") && !itemTypes.isDisjoint(with: ["integer", "number"])
    }
}
