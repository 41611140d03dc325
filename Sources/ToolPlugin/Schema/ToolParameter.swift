public import ToolJSON

/// A parameter of a tool, or a property of a struct that is the type of a parameter.
public struct ToolParameter: Sendable {
    let name: String
    let schema: JSONObject
    let isRequired: Bool

    /// Creates a parameter.
    ///
    /// The macros call this function.
    ///
    /// - Parameters:
    ///   - name: The name that the model uses.
    ///   - type: The type of the argument.
    ///   - description: The description for the model.
    ///   - constraints: The constraints of the argument.
    ///   - default: The default value that the model sees. It must be the same in every process.
    ///   - defaultCase: The default value, which the model sees only if the type lists its values: a member of any
    ///     other type may have a different value each time, as `Date.now` has.
    ///   - checkedDefault: The default value, which is checked against the constraints and not shown to the model.
    ///   - hasDefault: True if the argument may be missing although its type is not optional.
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
            for sentence in constraints.compactMap({ $0.violation(by: value) }) {
                InvalidDefaults.record(
                    "The default value \(value.text().prefix(80)) of \(name) is invalid: \(sentence)."
                )
            }
        }
        if let value = shown?.toolValue, !value.isNull { schema["default"] = value }
        if !description.isEmpty {
            // After the type, where readers expect it.
            var described = JSONObject()
            if let type = schema["type"] { described["type"] = type }
            described["description"] = .string(description)
            for (key, value) in schema where key != "type" && key != "description" { described[key] = value }
            schema = described
        }
        let isRequired = `default` == nil && !hasDefault && Value.missingToolValue == nil
        return ToolParameter(name: name, schema: schema, isRequired: isRequired)
    }

    /// Rejects a type that is not a ``ToolValue`` with a helpful message of the compiler.
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
    /// True for the schema of a type that lists its values, or of an array or object of such values.
    fileprivate var listsValues: Bool {
        if self["enum"] != nil { return true }
        if let choices = self["oneOf"]?.array { return choices.allSatisfy { $0["const"] != nil } }
        return (self["items"] ?? self["additionalProperties"])?.object?.listsValues ?? false
    }
}

extension [ToolParameter] {
    /// The schema of an object with these properties.
    var objectSchema: JSONObject {
        var schema: JSONObject = ["type": "object"]
        let required = filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        schema["properties"] = .object(JSONObject(map { ($0.name, .object($0.schema)) }))
        return schema
    }
}

extension ToolParameter {
    /// The types whose schemas are under construction, which stops the recursion of a type that contains itself.
    @TaskLocal private static var ancestors: [ObjectIdentifier] = []

    /// Returns the schema of a struct.
    ///
    /// `@ToolSchema` calls this function.
    ///
    /// - Parameters:
    ///   - type: The type of the struct.
    ///   - description: The description for the model.
    ///   - properties: A closure that returns the properties.
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

    /// Returns the schema of an enum of strings or integers.
    ///
    /// `@ToolSchema` calls this function.
    ///
    /// - Parameters:
    ///   - description: The description for the model.
    ///   - values: The raw values, each with its description.
    public static func enumSchema<Value: ToolValue>(
        description: String,
        _ values: [(value: Value, meaning: String)]
    ) -> JSONObject {
        var schema: JSONObject = ["type": Value.toolSchema["type"] ?? "string"]
        if !description.isEmpty { schema["description"] = .string(description) }
        if values.allSatisfy(\.meaning.isEmpty) {
            schema["enum"] = .array(values.map(\.value.toolValue))
        } else {
            // JSON Schema describes values with "oneOf" and "const"; "enum" has no descriptions.
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
