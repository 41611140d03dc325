import ToolJSON

/// The part of a tool's schema that listing the tool needs.
struct ToolSummary: Sendable, Hashable {
    var name: String
    var description: String
    var annotations: DeclaredEffects
    var timeout: Duration?

    /// The maximum of ``timeout``.
    static let maximumTimeout = Duration.seconds(86_400)
}

extension ToolSummary {
    /// Reads and checks a schema, except for the schema of the parameters.
    ///
    /// - Parameter schema: Ollama's function object.
    init(reading schema: JSONObject) throws(ToolDefinitionError) {
        guard let name = schema["name"]?.string, Identifier.isToolName(name) else {
            let given = schema["name"].map { "\($0.text())" } ?? "missing"
            throw ToolDefinitionError(
                "\"name\" is \(given.prefix(80)); it must be a letter or underscore, "
                    + "then at most 63 letters, digits and underscores."
            )
        }
        guard let description = (schema["description"] ?? "").string else {
            throw ToolDefinitionError("\"description\" must be a string.")
        }
        if Identifier.hasHiddenCharacters(description) {
            throw ToolDefinitionError("\"description\" holds control, bidirectional or invisible characters.")
        }
        let parameters = schema["parameters"] ?? [:]
        guard let parameters = parameters.object else { throw ToolDefinitionError("\"parameters\" must be an object.") }
        if let place = JSON.object(parameters).placeOfHiddenCharacters {
            throw ToolDefinitionError(
                "\("/parameters\(place)".prefix(200)) holds control, bidirectional or invisible characters."
            )
        }
        guard (parameters["type"] ?? "object") == "object" else {
            throw ToolDefinitionError("\"parameters\" must be of type \"object\".")
        }
        guard (parameters["properties"] ?? [:]).object != nil else {
            throw ToolDefinitionError("\"properties\" of \"parameters\" must be an object.")
        }
        let own = schema[RegisteredTool.ownKey] ?? [:]
        guard let own = own.object else { throw ToolDefinitionError("\"toolhost\" must be an object.") }
        self.name = name
        self.description = description
        timeout = try Self.timeout(own["timeout"])
        annotations = try Self.annotations(own["annotations"])
    }

    private static func timeout(_ value: JSON?) throws(ToolDefinitionError) -> Duration? {
        guard let value else { return nil }
        guard let seconds = value.number?.double, seconds > 0, seconds <= 86_400 else {
            throw ToolDefinitionError("\"timeout\" must be a number of seconds, more than 0 and at most 86400.")
        }
        return .seconds(seconds)
    }

    private static func annotations(_ value: JSON?) throws(ToolDefinitionError) -> DeclaredEffects {
        guard let value else { return DeclaredEffects() }
        func flag(_ key: String) throws(ToolDefinitionError) -> Bool {
            guard let flag = (value[key] ?? false).bool else {
                throw ToolDefinitionError("\"\(key)\" of \"annotations\" must be true or false.")
            }
            return flag
        }
        return DeclaredEffects(
            readOnly: try flag("readOnly"),
            destructive: try flag("destructive"),
            idempotent: try flag("idempotent")
        )
    }
}

extension JSON {
    /// The JSON pointer to the first name or string with hidden characters, or nil.
    ///
    /// A model reads nearly all parts of a schema: names, descriptions, allowed values, defaults and patterns.
    fileprivate var placeOfHiddenCharacters: String? {
        switch self {
        case .string(let text):
            return Identifier.hasHiddenCharacters(text) ? "" : nil
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let place = element.placeOfHiddenCharacters { return "/\(index)\(place)" }
            }
        case .object(let members):
            for (name, value) in members {
                let place = Identifier.hasHiddenCharacters(name) ? "" : value.placeOfHiddenCharacters
                if let place { return JSONPointer.appending(name, to: "") + place }
            }
        case .null, .bool, .number:
            break
        }
        return nil
    }
}
