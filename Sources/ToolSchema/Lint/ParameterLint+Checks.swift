import ToolJSON

/// The checks of one schema, without its parts.
extension ParameterLint {
    mutating func checkDescription(of schema: Subschema, name: LintName, isRequired: Bool) {
        let path = schema.layers.first?.path ?? ""
        let description = schema["description"]?.value
        let advice = "Say what to put there, with an example."
        if let fault = name.fault(in: description, of: "The parameter", advice: advice) {
            return report(fault.rule, path, fault.message)
        }
        // A switch that is left out is off; all else has to say it.
        guard !isRequired, !schema.has("default"), schema.types != ["boolean"], let text = description?.string,
            Self.defaultWords.isDisjoint(with: LintName.words(of: text))
        else { return }
        report(
            .unsaidDefault,
            path,
            "The parameter is optional, and nothing says what happens without it. "
                + "Give a \"default\", or say it: \"10 unless given\"."
        )
    }

    /// English words by which a description says what happens without a parameter.
    private static let defaultWords: Set<String> = [
        "absent", "default", "defaults", "given", "leave", "left", "missing", "omit", "omitted", "only", "otherwise",
        "unless", "unset", "without",
    ]

    mutating func checkType(of schema: Subschema, as role: Role) {
        let path = schema.layers.first?.path ?? ""
        let types = schema.types
        let alternatives = schema.alternatives
        steps -= alternatives.count
        let isTyped = !types.isEmpty || schema.has("enum", "const", "anyOf", "oneOf", "allOf")
        switch role {
        case .parameter, .elements: if !isTyped { reportMissingType(at: path) }
        case .root, .branch: break
        }
        if types.contains("array"), !schema.has("items", "prefixItems") {
            report(
                .untypedParameter,
                path,
                "Nothing says what the array holds. Give it \"items\" with a \"type\"."
            )
        }
        // Alternatives that are constants are an enum with a description for each value.
        let values = alternatives.allSatisfy { $0["const"] != nil } ? alternatives : []
        let branches = max(values.isEmpty ? alternatives.count : 0, types.count { $0 != "null" })
        if branches > LintLimits.unionBranches {
            report(
                .wideUnion,
                path,
                "The value may be of \(branches) kinds, and models mix them up. Take one type, or one parameter for each."
            )
        }
        let allowed = max(schema["enum"]?.value.array?.count ?? 0, values.count)
        steps -= allowed
        if allowed > LintLimits.enumValues {
            report(
                .longEnum,
                path,
                "The list has \(allowed) values; more than \(LintLimits.enumValues) are hard to keep to. "
                    + "Declare a string, and answer a wrong one with the values that are near."
            )
        }
    }

    mutating func reportMissingType(at path: String) {
        report(.untypedParameter, path, "The schema has no type. Give it a \"type\", \"string\" say.")
    }

    mutating func checkRequired(_ names: Set<String>, of schema: Subschema) {
        guard let path = schema["required"]?.path, !schema.has("anyOf", "oneOf", "allOf") else { return }
        let properties = schema["properties"]?.value.object ?? [:]
        let undeclared = names.filter { properties[$0] == nil }.sorted()
        if undeclared.isEmpty { return }
        report(
            .undeclaredRequired,
            path,
            "Required but not among the properties: \(undeclared.quotedForFinding(of: undeclared.count)). "
                + "Declare it, or take it off the list."
        )
    }

    mutating func checkLevel(_ level: Int, of properties: JSONObject, at path: String) {
        if properties.count > LintLimits.parametersPerLevel {
            report(
                .manyParameters,
                path,
                "There are \(properties.count) parameters side by side; more than \(LintLimits.parametersPerLevel) "
                    + "are hard to fill in. Leave out what is seldom needed, or split the tool."
            )
        }
        if level == LintLimits.levels + 1 {
            report(
                .deepParameters,
                path,
                "These parameters are \(level) levels deep, and some models are never shown them. "
                    + "Bring them up a level or two."
            )
        }
    }
}
