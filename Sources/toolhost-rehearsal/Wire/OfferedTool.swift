import ToolJSON

/// A tool that the request offers.
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
