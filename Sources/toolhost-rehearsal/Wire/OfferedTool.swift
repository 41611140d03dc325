import ToolJSON

/// A tool as the request describes it.
struct OfferedTool {
    let name: String
    let description: String
    let parameters: [Parameter]

    init(_ json: JSON, path: String) throws(WireError) {
        guard let function = json["function"] else { throw .wrongType("function", of: path, wanted: "an object") }
        let path = path + ".function"
        try require(function, path, "an object") { $0.object != nil }
        name = try text(function["name"], path + ".name") ?? ""
        if name.isEmpty { throw WireError(status: 400, message: "\(path).name is required") }
        description = try text(function["description"], path + ".description") ?? ""

        let schema = function["parameters"] ?? .null
        try require(schema, path + ".parameters", "an object") { $0.isNull || $0.object != nil }
        let properties = schema["properties"] ?? .null
        try require(properties, path + ".parameters.properties", "an object") { $0.isNull || $0.object != nil }
        let required = schema["required"] ?? .null
        try require(required, path + ".parameters.required", "an array of strings") { value in
            value.isNull || value.array?.allSatisfy { $0.string != nil } == true
        }
        let names = Set((required.array ?? []).compactMap(\.string))
        parameters = try (properties.object ?? [:]).map { key, value throws(WireError) in
            try require(value, "\(path).parameters.properties.\(key)", "an object") { $0.object != nil }
            return Parameter(key, value, isRequired: names.contains(key))
        }
    }
}

/// One parameter of a tool, so far as filling it matters.
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

    /// The types that a schema allows, alternatives included.
    private static func types(_ schema: JSON) -> Set<String> {
        var types = Set(schema["type"]?.string.map { [$0] } ?? (schema["type"]?.array ?? []).compactMap(\.string))
        for option in schema["anyOf"]?.array?.prefix(16) ?? [] {
            types.formUnion(option["type"]?.string.map { [$0] } ?? [])
        }
        return types
    }

    /// True for a parameter that takes a number and no string.
    var isNumeric: Bool {
        choices.isEmpty && !types.isDisjoint(with: ["integer", "number"]) && !types.contains("string")
    }

    /// True for a parameter that takes an array of numbers.
    var isListOfNumbers: Bool {
        types.contains("array") && !itemTypes.isDisjoint(with: ["integer", "number"])
    }
}
