public import ToolJSON

/// A lint that finds parts of tool definitions that confuse models or never reach them.
///
/// The lint reads definitions as written and accepts any value: invalid schemas are not errors, and their invalid parts
/// are skipped.
///
/// ```swift
/// for finding in SchemaLint.findings(in: [tool]) {
///     print("\(finding.tool)\(finding.path): \(finding.message) [\(finding.rule.id)]")
/// }
/// ```
public enum SchemaLint {
    /// Checks tools individually and as a set.
    ///
    /// - Parameter tools: Function objects with `name`, `description` and `parameters`, and with the examples in the
    ///   host's key `toolhost`. Other keys are ignored.
    /// - Returns: The findings, ordered by tool, path and rule.
    public static func findings(in tools: [JSONObject]) -> [SchemaFinding] {
        var findings = ToolSetLint(tools: tools).findings
        for tool in tools {
            findings.formUnion(toolFindings(tool))
            var parameters = ParameterLint(tool: tool)
            findings.formUnion(parameters.run())
            var drafts = DraftLint(tool: tool)
            findings.formUnion(drafts.run())
            var values = ValueLint(tool: tool)
            findings.formUnion(values.run())
        }
        findings.formUnion(ExampleLint(tools: tools).findings)
        return findings.sorted(by: SchemaFinding.comesBefore)
    }

    /// Returns the approximate number of tokens of a tool in a request, at four bytes of compact JSON per token.
    public static func estimatedTokens(of tool: JSONObject) -> Int {
        let sent = JSONObject(["name", "description", "parameters"].compactMap { key in tool[key].map { (key, $0) } })
        return JSON.object(sent).bytes().count / LintLimits.bytesPerToken
    }

    private static func toolFindings(_ tool: JSONObject) -> [SchemaFinding] {
        let name = LintName(text: tool["name"]?.string ?? "")
        var findings: [SchemaFinding] = []
        func report(_ rule: LintRule, _ path: String, _ message: String) {
            findings.append(SchemaFinding(rule: rule, tool: name.text, path: path, message: message))
        }
        if let problem = name.problem { report(.unportableName, "/name", problem) }
        if let reason = ReservedName.reason(for: name) {
            report(.reservedName, "/name", "\(name.text.quotedForFinding) \(reason). Choose another name.")
        }
        let advice = "Describe what it does and when to use it."
        if let problem = name.problem(in: tool["description"], of: "The tool", advice: advice) {
            report(problem.rule, "", problem.message)
        } else if let text = tool["description"]?.string, text.utf8.count < LintLimits.minimumDescriptionBytes {
            report(.shortDescription, "", "The description is very short. \(advice)")
        }
        let tokens = estimatedTokens(of: tool)
        if tokens > LintLimits.tokensPerTool {
            report(
                .tokenCost,
                "",
                "The tool takes about \(tokens) tokens of every request, at \(LintLimits.bytesPerToken) bytes per token; "
                    + "more than \(LintLimits.tokensPerTool) is too much. Shorten the descriptions or split the tool."
            )
        }
        return findings
    }
}
