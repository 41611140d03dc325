import ToolJSON

/// Walks the schema of one tool's parameters.
struct ParameterLint {
    /// The thing that a schema describes, which decides what the schema must contain.
    enum Role {
        case root
        case parameter(LintName, isRequired: Bool)
        case elements
        /// One alternative of several, or a part of one schema: what it leaves out may stand elsewhere.
        case branch
    }

    private let tool: String
    private let root: JSON
    private var findings: Set<SchemaFinding> = []

    /// The references that lead to where the walk is; it starts in what `#` means.
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

    /// Walks the schema, once.
    mutating func run() -> Set<SchemaFinding> {
        visit(root, at: Self.rootPath, as: .root, level: 0)
        if parameterCount > LintLimits.parameters, !findings.contains(where: { $0.rule == .manyParameters }) {
            report(
                .manyParameters,
                Self.rootPath,
                "The tool has \(parameterCount) parameters in all; more than \(LintLimits.parameters) are hard to "
                    + "fill in. Leave out what is seldom needed, or split the tool."
            )
        }
        return findings
    }

    // MARK: - The walk

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
        // What a reference fails to bring is unknown, not missing.
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
            // A reference may bring in the same long names again.
            steps -= text.utf8.count / LintLimits.nameBytes
            parameterCount += 1
            let name = LintName(text: text)
            let place = JSONPointer.appending(text, to: path)
            if let fault = name.fault { report(.unportableName, place, fault) }
            if let other = namesakes.updateValue(text, forKey: name.key) {
                report(
                    .similarNames,
                    place,
                    "The name reads like \(other.quotedForFinding), and models take one for the other. "
                        + "Choose names that differ in a word."
                )
            }
            // A name becomes a part of every path below it, so that overlong ones are not followed.
            if text.utf8.count <= LintLimits.nameBytes {
                let isRequired = isBranch || requiredNames.contains(text)
                visit(value, at: place, as: .parameter(name, isRequired: isRequired), level: level)
            }
        }
    }

    // MARK: - References

    /// Adds what the schema refers to; false where it cannot.
    private mutating func followReferences(of schema: inout Subschema) -> Bool {
        while let reference = schema.layers.last?.members["$ref"] {
            guard let place = schema.layers.last?.path else { return false }
            // Anchors are left to the compiler, which refuses a schema where one leads nowhere.
            if let text = reference.string, text.hasPrefix("#"), text != "#", !text.hasPrefix("#/") { return false }
            guard let text = reference.string, text.hasPrefix("#"),
                text.utf8.count <= LintLimits.referenceBytes, let target = root[pointer: String(text.dropFirst())]
            else {
                report(
                    .brokenReference,
                    place,
                    "The reference cannot be followed. Refer to a place in these parameters, \"#/$defs/NAME\" say, "
                        + "or write the schema out."
                )
                return false
            }
            if references.contains(text) {
                report(
                    .recursiveSchema,
                    place,
                    "The reference leads back to where it stands, and models cannot be shown that. "
                        + "Write out as many levels as are needed."
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
