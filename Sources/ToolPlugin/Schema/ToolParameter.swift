public import ToolJSON

/// One argument of a tool, or one property of a struct among its arguments.
public struct ToolParameter: Sendable {
    let name: String
    let schema: JSONObject
    let isRequired: Bool

    /// A parameter.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - type: Its type.
    ///   - description: What a model should know of it.
    ///   - constraints: Its limits.
    ///   - default: What it is where it is missing, for the model to see; it must be the same in every process.
    ///   - defaultCase: The same, shown only where the type has a list of its values: a member of any other type may be a
    ///     different value each time that it is read, as `Date.now` is.
    ///   - checkedDefault: The same, never shown: it is only checked against the constraints.
    ///   - hasDefault: Whether it may be missing although its type does not say so.
    public static func parameter<Value: ToolValue>(
        _ name: String,
        of type: Value.Type,
        description: String = "",
        constraints: [ToolConstraint] = [],
        default: Value? = nil,
        defaultCase: @autoclosure () -> Value? = nil,
        checkedDefault: @autoclosure () -> Value? = nil,
        hasDefault: Bool = false
    ) -> ToolParameter {
        var schema = Value.toolSchema
        let shown = `default` ?? (schema.listsValues ? defaultCase() : nil)
        for constraint in constraints { constraint.apply(to: &schema) }
        if !constraints.isEmpty, let value = (`default` ?? checkedDefault())?.toolValue {
            for sentence in constraints.compactMap({ $0.refusal(of: value) }) {
                DefaultFaults.record("The default value \(value.text().prefix(80)) of \(name) is invalid: \(sentence).")
            }
        }
        if let value = shown?.toolValue, !value.isNull { schema["default"] = value }
        if !description.isEmpty {
            // Right after the type, where people look for it.
            var described = JSONObject()
            if let type = schema["type"] { described["type"] = type }
            described["description"] = .string(description)
            for (key, value) in schema where key != "type" && key != "description" { described[key] = value }
            schema = described
        }
        let isRequired = `default` == nil && !hasDefault && Value.missingToolValue == nil
        return ToolParameter(name: name, schema: schema, isRequired: isRequired)
    }

    /// Explains to whoever uses another type what to do about it.
    @available(
        *,
        unavailable,
        message: """
            an argument's type must be String, Bool, an integer, Double, an array, set, dictionary or optional of those, \
            or marked @ToolSchema; for Date, URL, UUID and Data, import ToolPluginFoundation
            """
    )
    public static func parameter<Value>(
        _ name: String,
        of type: Value.Type,
        description: String = "",
        constraints: [ToolConstraint] = [],
        default: Value? = nil,
        defaultCase: @autoclosure () -> Value? = nil,
        checkedDefault: @autoclosure () -> Value? = nil,
        hasDefault: Bool = false
    ) -> ToolParameter {
        ToolParameter(name: name, schema: [:], isRequired: true)
    }
}

extension JSONObject {
    /// Whether this is the schema of a type that has a list of its values, or of an array or object of them.
    fileprivate var listsValues: Bool {
        if self["enum"] != nil { return true }
        if let choices = self["oneOf"]?.array { return choices.allSatisfy { $0["const"] != nil } }
        return (self["items"] ?? self["additionalProperties"])?.object?.listsValues ?? false
    }
}

extension [ToolParameter] {
    /// The schema of an object that has these as its properties.
    var objectSchema: JSONObject {
        var schema: JSONObject = ["type": "object"]
        let required = filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        schema["properties"] = .object(JSONObject(map { ($0.name, .object($0.schema)) }))
        return schema
    }
}

extension ToolParameter {
    /// The types whose schemas are being made: one that is met within itself has no end.
    @TaskLocal private static var ancestors: [ObjectIdentifier] = []

    /// The schema of a struct; `@ToolSchema` calls it.
    ///
    /// - Parameters:
    ///   - type: The struct.
    ///   - description: What it is.
    ///   - properties: Its properties.
    public static func objectSchema<Value>(
        of type: Value.Type,
        description: String,
        _ properties: () -> [ToolParameter]
    ) -> JSONObject {
        let identifier = ObjectIdentifier(type)
        if ancestors.contains(identifier) {
            return ["type": "object", "description": "Nested the same way."]
        }
        var schema = $ancestors.withValue(ancestors + [identifier]) { properties().objectSchema }
        if !description.isEmpty { schema["description"] = .string(description) }
        return schema
    }

    /// The schema of an enum of texts or integers; `@ToolSchema` calls it.
    ///
    /// - Parameters:
    ///   - description: What it is.
    ///   - values: Its raw values, each with what it means.
    public static func enumSchema<Value: ToolValue>(
        description: String,
        _ values: [(value: Value, meaning: String)]
    ) -> JSONObject {
        var schema: JSONObject = ["type": Value.toolSchema["type"] ?? "string"]
        if !description.isEmpty { schema["description"] = .string(description) }
        if values.allSatisfy(\.meaning.isEmpty) {
            schema["enum"] = .array(values.map(\.value.toolValue))
        } else {
            // The form in which JSON Schema has values with descriptions.
            schema["oneOf"] = .array(
                values.map { value, meaning in
                    meaning.isEmpty
                        ? ["const": value.toolValue]
                        : ["const": value.toolValue, "description": .string(meaning)]
                }
            )
        }
        return schema
    }
}
