import ToolJSON

/// The check for keywords in a tool's parameters that have no effect in the schema's draft.
struct DraftLint {
    private let tool: String
    private let root: JSON
    private var findings: Set<SchemaFinding> = []
    private var steps = LintLimits.walkSteps

    /// The keywords that limit a value without a subschema.
    private static let limits: Set<String> = [
        "const", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maxItems", "maxLength", "maxProperties",
        "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern", "required", "type",
        "uniqueItems",
    ]

    init(tool: JSONObject) {
        self.tool = tool["name"]?.string ?? ""
        root = tool["parameters"] ?? [:]
    }

    /// Traverses the schema.
    ///
    /// Call it only once.
    mutating func run() -> Set<SchemaFinding> {
        visit(root, at: "/parameters", .undeclared, depth: 0)
        return findings
    }

    private mutating func visit(_ schema: JSON, at path: String, _ outer: Draft, depth: Int) {
        steps -= 1
        guard steps > 0, depth < LintLimits.walkDepth, path.utf8.count <= LintLimits.pathBytes,
            let members = schema.object
        else { return }
        steps -= members.count
        let draft = members["$schema"]?.string.flatMap { Draft(uri: $0) } ?? outer
        for (keyword, value) in members {
            if let reason = Self.reason(keyword, in: members, draft) {
                findings.insert(
                    SchemaFinding(
                        rule: .ignoredKeyword,
                        tool: tool,
                        path: JSONPointer.appending(keyword, to: path),
                        message: "\"\(keyword)\" \(reason)"
                    )
                )
                continue
            }
            let path = JSONPointer.appending(keyword, to: path)
            switch SubschemaKeyword.form(of: keyword, value, in: draft) {
            case .one: visit(value, at: path, draft, depth: depth + 1)
            case .list:
                for (position, element) in (value.array ?? []).enumerated() where steps > 0 {
                    visit(element, at: "\(path)/\(position)", draft, depth: depth + 1)
                }
            case .named:
                for (name, element) in value.object ?? [:] where steps > 0 {
                    visit(element, at: JSONPointer.appending(name, to: path), draft, depth: depth + 1)
                }
            case nil: break
            }
        }
    }

    /// Returns the reason why a keyword has no effect, as the rest of a sentence, or nil if it has an effect.
    private static func reason(_ keyword: String, in members: JSONObject, _ draft: Draft) -> String? {
        if !draft.defines(keyword) {
            return "has no meaning in \(draft.name) and is not enforced. Name another draft with \"$schema\", or "
                + "remove the keyword."
        }
        if draft.isBefore2019, members["$ref"] != nil, limits.contains(keyword) || holdsLimits(keyword) {
            return "beside \"$ref\" has no meaning in \(draft.name) and is not enforced. Write both as elements of "
                + "\"allOf\"."
        }
        let (partner, isThere) =
            switch keyword {
            case "additionalItems": ("an array in \"items\"", members["items"]?.array != nil)
            case "then", "else": ("\"if\"", members["if"] != nil)
            case "minContains", "maxContains": ("\"contains\"", members["contains"] != nil)
            default: ("", true)
            }
        if isThere { return nil }
        return "has no meaning without \(partner) and is not enforced. Add \(partner), or remove the keyword."
    }

    private static func holdsLimits(_ keyword: String) -> Bool {
        SubschemaKeyword.all[keyword].map { $0.role != .definition } ?? false
    }
}
