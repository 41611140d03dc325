import ToolJSON

/// The check of the arguments of examples against the parameters of the tools that they call.
struct ExampleLint {
    private let tools: [String: JSONObject]
    private var schemas: [String: Schema] = [:]
    private var checksLeft = LintLimits.examples
    private(set) var findings: [SchemaFinding] = []

    /// Checks the examples of all tools, because an example can call other tools of its plugin.
    init(tools: [JSONObject]) {
        self.tools = Dictionary(tools.map { ($0["name"]?.string ?? "", $0) }) { first, _ in first }
        for tool in tools { check(tool) }
    }

    private mutating func check(_ tool: JSONObject) {
        let examples = tool["toolhost"]?["examples"]?.array ?? []
        for (index, example) in examples.enumerated() {
            let path = "/toolhost/examples/\(index)"
            guard let steps = example.array else {
                check(example, at: path, of: tool)
                continue
            }
            var kept: Set<String> = []
            for (position, step) in steps.enumerated() {
                // Values from earlier results are unknown here.
                if step["arguments"]?.names(anyOf: kept) == false { check(step, at: "\(path)/\(position)", of: tool) }
                for (name, _) in step["keep"]?.object ?? [:] { kept.insert("$" + name) }
            }
        }
    }

    private mutating func check(_ step: JSON, at path: String, of tool: JSONObject) {
        // Some examples show the error for invalid arguments.
        guard step["error"] != "TOOL_INVALID_ARGUMENTS", let arguments = step["arguments"], arguments.object != nil,
            checksLeft > 0, findings.count < LintLimits.refusedValues
        else { return }
        checksLeft -= 1
        let owner = tool["name"]?.string ?? ""
        let name = step["tool"]?.string ?? owner
        guard let schema = schema(of: name, step["tool"] == nil ? tool : tools[name]) else { return }
        let fitting = schema.fitting(arguments, limit: 1, within: WorkBudget(steps: LintLimits.exampleSteps))
        guard fitting.isComplete, let violation = fitting.violations.first else { return }
        let place = name == owner ? "the tool's parameters" : "the parameters of \(name.quotedForFinding)"
        let reason = Words.shortened(violation.message, to: 300)
        let message = "The arguments violate \(place): \(reason). Change one of them."
        findings.append(SchemaFinding(rule: .refusedExample, tool: owner, path: path + "/arguments", message: message))
    }

    private mutating func schema(of name: String, _ tool: JSONObject?) -> Schema? {
        if let schema = schemas[name] { return schema }
        guard let tool else { return nil }
        let assertsFormats = tool["toolhost"]?["assertFormats"]?.bool ?? false
        let schema = try? Schema(tool["parameters"] ?? [:], assertsFormats: assertsFormats)
        schemas[name] = schema
        return schema
    }
}

extension JSON {
    /// Returns true if any string in the value is one of the names.
    fileprivate func names(anyOf names: Set<String>) -> Bool {
        switch self {
        case .string(let text): names.contains(text)
        case .array(let elements): elements.contains { $0.names(anyOf: names) }
        case .object(let members): members.contains { $0.value.names(anyOf: names) }
        default: false
        }
    }
}
