import ToolJSON

extension ToolHost {
    /// Runs the examples of a tool, one after another.
    ///
    /// An example can call other tools of the same plugin, but no tools of another one. An unexpected result ends its
    /// example and is not an error of this function.
    ///
    /// - Parameters:
    ///   - tool: The tool.
    ///   - origin: The origin of the calls. The author of the plugin wrote them, so by default they need the same
    ///     confirmation as calls of a model. A program whose user asked for this very test passes ``CallOrigin/user``.
    /// - Returns: One outcome for each example, in the order of ``RegisteredTool/examples``.
    public func runExamples(
        of tool: RegisteredTool,
        origin: CallOrigin = .model
    ) async -> [ExampleResult] {
        var outcomes: [ExampleResult] = []
        for (index, example) in tool.examples.enumerated() {
            var results: [ToolResult] = []
            var failure: String?
            var values = JSONObject()
            for step in example.steps where failure == nil {
                if let refusal = refusal(of: step, in: tool) {
                    failure = refusal
                    break
                }
                let call = ToolCall(
                    name: step.tool ?? tool.name,
                    arguments: step.arguments.replacing(values),
                    origin: origin
                )
                let batch = await dispatch([call]).results
                results += batch
                failure = batch.first.flatMap { step.expectation.failure($0) ?? step.store($0, in: &values) }
            }
            outcomes.append(ExampleResult(tool: tool.name, index: index, results: results, failure: failure))
        }
        return outcomes
    }

    /// Returns the reason why a step must not run, or nil.
    ///
    /// A plugin under test has its own permissions. Its examples must not use those of other plugins.
    private func refusal(of step: ToolExample.Step, in tool: RegisteredTool) -> String? {
        guard let name = step.tool else { return nil }
        let shown = JSON.string(String(name.prefix(80)))
        guard let other = self.tool(named: name) else {
            let question = NearNames.question(name, among: tools.map(\.name))
            return "the example calls \(shown), and there is no such tool\(question.isEmpty ? "" : "." + question)"
        }
        return other.provider.isSame(as: tool.provider)
            ? nil : "the example calls \(shown), which is not of the same plugin; an example may call no other tools"
    }
}

extension JSON {
    /// Returns the value with each string `$name` replaced by the value of that name.
    fileprivate func replacing(_ values: JSONObject) -> JSON {
        switch self {
        case .string(let text):
            text.unicodeScalars.first == "$" ? values[String(text.unicodeScalars.dropFirst())] ?? self : self
        case .array(let elements): .array(elements.map { $0.replacing(values) })
        case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.replacing(values)) }))
        default: self
        }
    }
}
