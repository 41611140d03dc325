import ToolJSON

// The checks of a single schema, without its subschemas.
extension ParameterLint {
    mutating func checkDescription(of schema: Subschema, name: LintName, isRequired: Bool) {
        let path = schema.layers.first?.path ?? ""
        let description = schema["description"]?.value
        let advice = "Describe the value to send, with an example."
        if let problem = name.problem(in: description, of: "The parameter", advice: advice) {
            return report(problem.rule, path, problem.message)
        }
        // An omitted Boolean is off. All other types need a description of the default.
        guard !isRequired, !schema.has("default"), schema.types != ["boolean"], let text = description?.string,
            Self.defaultWords.isDisjoint(with: LintName.words(of: text))
        else { return }
        report(
            .unsaidDefault,
            path,
            "The parameter is optional, but the effect of omitting it is not described. "
                + "Add a \"default\", or describe it: \"10 by default\"."
        )
    }

    /// English words with which a description explains the effect of omitting a parameter.
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
                "The type of the array's elements is not declared. Add \"items\" with a \"type\"."
            )
        }
        // Alternatives that are all constants form an enum with a description for each value.
        let values = alternatives.allSatisfy { $0["const"] != nil } ? alternatives : []
        let branches = max(values.isEmpty ? alternatives.count : 0, types.count { $0 != "null" })
        if branches > LintLimits.unionBranches {
            report(
                .wideUnion,
                path,
                "The value can have \(branches) types, and models confuse them. Use one type, or a parameter for each type."
            )
        }
        let allowed = max(schema["enum"]?.value.array?.count ?? 0, values.count)
        steps -= allowed
        if allowed > LintLimits.enumValues {
            report(
                .longEnum,
                path,
                "The list has \(allowed) values, and models do not adhere to more than \(LintLimits.enumValues). "
                    + "Declare a string, and list the nearest values in the error for a wrong one."
            )
        }
    }

    mutating func reportMissingType(at path: String) {
        report(.untypedParameter, path, "The schema has no type. Add a \"type\", such as \"string\".")
    }

    mutating func checkRequired(_ names: Set<String>, of schema: Subschema) {
        guard let path = schema["required"]?.path, !schema.has("anyOf", "oneOf", "allOf") else { return }
        let properties = schema["properties"]?.value.object ?? [:]
        let undeclared = names.filter { properties[$0] == nil }.sorted()
        if undeclared.isEmpty { return }
        report(
            .undeclaredRequired,
            path,
            "Required but not declared in \"properties\": \(undeclared.quotedForFinding(of: undeclared.count)). "
                + "Declare it, or remove it from \"required\"."
        )
    }

    mutating func checkLevel(_ level: Int, of properties: JSONObject, at path: String) {
        if properties.count > LintLimits.parametersPerLevel {
            report(
                .manyParameters,
                path,
                "There are \(properties.count) parameters at one level; more than \(LintLimits.parametersPerLevel) "
                    + "are hard for models. Remove rarely needed ones, or split the tool."
            )
        }
        if level == LintLimits.levels + 1 {
            report(
                .deepParameters,
                path,
                "These parameters are nested \(level) levels deep, and some models do not see them. "
                    + "Move them up by one or two levels."
            )
        }
    }
}
