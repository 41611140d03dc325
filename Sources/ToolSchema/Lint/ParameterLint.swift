import ToolJSON

/// The checks of the schema of one tool's parameters.
struct ParameterLint {
    /// The role of a schema, which decides what it must contain.
    enum Role {
        case root
        case parameter(LintName, isRequired: Bool)
        case elements
        /// One of several alternatives, or a part of a schema. Missing keywords can be elsewhere.
        case branch
    }

    private let tool: String
    private let root: JSON
    private var findings: Set<SchemaFinding> = []

    /// The references on the path to the current schema.
    ///
    /// The root is the target of `#`.
    private var references: [String] = ["#"]
    private var referencesLeft = LintLimits.walkReferences
    private var depth = 0
    var steps = LintLimits.walkSteps
    private var parameterCount = 0

    private static let rootPath = "/parameters"

    init(tool: JSONObject) {
        self.tool = tool["name"]?.string ?? ""
        root = tool["parameters"] ?? [:]
    }

    /// Traverses the schema.
    ///
    /// Call it only once.
    mutating func run() -> Set<SchemaFinding> {
        visit(root, at: Self.rootPath, as: .root, level: 0)
        if parameterCount > LintLimits.parameters, !findings.contains(where: { $0.rule == .manyParameters }) {
            report(
                .manyParameters,
                Self.rootPath,
                "The tool has \(parameterCount) parameters in all; more than \(LintLimits.parameters) are hard for "
                    + "models. Remove rarely needed ones, or split the tool."
            )
        }
        return findings
    }

    // MARK: - Traversal

    private mutating func visit(_ value: JSON, at path: String, as role: Role, level: Int) {
        guard depth < LintLimits.walkDepth, steps > 0 else { return }
        depth += 1
        steps -= 1
        let followed = references.count
        defer {
            depth -= 1
            references.removeLast(references.count - followed)
        }
        guard let members = value.object else {
            if case .parameter = role { reportMissingType(at: path) }
            return
        }
        var schema = Subschema(layers: [Subschema.Layer(members: members, path: path)])
        // If a reference does not resolve, the keywords of its target are unknown rather than missing.
        guard followReferences(of: &schema) else { return }
        if case .parameter(let name, let isRequired) = role {
            checkDescription(of: schema, name: name, isRequired: isRequired)
        }
        checkType(of: schema, as: role)
        visitParts(of: schema, as: role, level: level)
    }

    private mutating func visitParts(of schema: Subschema, as role: Role, level: Int) {
        visitProperties(of: schema, as: role, level: level + 1)
        if let items = schema["items"] { visit(items.value, at: items.path, as: .elements, level: level) }
        if let others = schema["additionalProperties"] {
            visit(others.value, at: others.path, as: .branch, level: level)
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            guard let branches = schema[keyword], let schemas = branches.value.array else { continue }
            for (position, branch) in schemas.enumerated() {
                guard steps > 0 else { return }
                visit(branch, at: "\(branches.path)/\(position)", as: .branch, level: level)
            }
        }
    }

    private mutating func visitProperties(of schema: Subschema, as role: Role, level: Int) {
        let required = schema["required"]?.value.array ?? []
        steps -= required.count
        let requiredNames = Set(required.compactMap(\.string))
        let isBranch = if case .branch = role { true } else { false }
        if !isBranch { checkRequired(requiredNames, of: schema) }
        guard let (value, path) = schema["properties"], let properties = value.object else { return }
        checkLevel(level, of: properties, at: path)
        var namesakes: [String: String] = [:]
        for (text, value) in properties {
            guard steps > 0 else { return }
            // References can repeat the same long names, so their length counts.
            steps -= text.utf8.count / LintLimits.nameBytes
            parameterCount += 1
            let name = LintName(text: text)
            let place = JSONPointer.appending(text, to: path)
            if let problem = name.problem { report(.unportableName, place, problem) }
            if let other = namesakes.updateValue(text, forKey: name.key) {
                report(
                    .similarNames,
                    place,
                    "The name is similar to \(other.quotedForFinding), and models confuse them. "
                        + "Choose names that differ in a word."
                )
            }
            // A name becomes a part of every path below it, so the schemas of very long names are skipped.
            if text.utf8.count <= LintLimits.nameBytes {
                let isRequired = isBranch || requiredNames.contains(text)
                visit(value, at: place, as: .parameter(name, isRequired: isRequired), level: level)
            }
        }
    }

    // MARK: - References

    /// Adds the chain of reference targets to the schema.
    ///
    /// - Returns: False if a reference is not followed.
    private mutating func followReferences(of schema: inout Subschema) -> Bool {
        while let reference = schema.layers.last?.members["$ref"] {
            guard let place = schema.layers.last?.path else { return false }
            // The compiler checks anchors and rejects unresolved ones.
            if let text = reference.string, text.hasPrefix("#"), text != "#", !text.hasPrefix("#/") { return false }
            guard let text = reference.string, text.hasPrefix("#"),
                text.utf8.count <= LintLimits.referenceBytes, let target = root[pointer: String(text.dropFirst())]
            else {
                report(
                    .brokenReference,
                    place,
                    "The reference does not resolve. Refer to a place in these parameters, such as \"#/$defs/NAME\", "
                        + "or repeat the schema here."
                )
                return false
            }
            if references.contains(text) {
                report(
                    .recursiveSchema,
                    place,
                    "The reference is recursive, and models cannot see recursive schemas. "
                        + "Repeat the schema for as many levels as needed."
                )
                return false
            }
            guard referencesLeft > 0, let members = target.object else { return false }
            referencesLeft -= 1
            references.append(text)
            schema.layers.append(Subschema.Layer(members: members, path: Self.rootPath + text.dropFirst()))
        }
        return true
    }

    mutating func report(_ rule: LintRule, _ path: String, _ message: String) {
        findings.insert(SchemaFinding(rule: rule, tool: tool, path: path, message: message))
    }
}
