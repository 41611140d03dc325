public import ToolJSON

/// Finds what confuses models in the schemas of tools, or is lost on the way to them.
///
/// It reads schemas as they are written and takes any nonsense: what is no schema has nothing to be found in it.
public enum SchemaLint {
    /// Looks at tools, each by itself and all together.
    ///
    /// - Parameter tools: Function objects: `name`, `description`, `parameters`, and of the host's own key `toolhost` the
    ///   examples. Other keys are ignored.
    /// - Returns: The findings by tool, then place, then rule; none for tools that are as they should be.
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

    /// About how many tokens a tool takes in a request, at four bytes of compact JSON each.
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
        if let fault = name.fault { report(.unportableName, "/name", fault) }
        if let reason = ReservedName.reason(for: name) {
            report(.reservedName, "/name", "\(name.text.quotedForFinding) \(reason). Choose another name.")
        }
        let advice = "Say what it does and when to use it."
        if let fault = name.fault(in: tool["description"], of: "The tool", advice: advice) {
            report(fault.rule, "", fault.message)
        } else if let text = tool["description"]?.string, text.utf8.count < LintLimits.shortestDescription {
            report(.shortDescription, "", "The description is very short. \(advice)")
        }
        let tokens = estimatedTokens(of: tool)
        if tokens > LintLimits.tokensPerTool {
            report(
                .tokenCost,
                "",
                "The tool takes about \(tokens) tokens of every request, at \(LintLimits.bytesPerToken) bytes each; "
                    + "more than \(LintLimits.tokensPerTool) is much. Shorten descriptions or split the tool."
            )
        }
        return findings
    }
}
