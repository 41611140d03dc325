import ToolJSON

extension RegisteredTool {
    /// Reads the examples in the schema of a tool.
    static func examples(of schema: JSONObject) throws(ToolDefinitionError) -> [ToolExample] {
        try examples(schema[ownKey]?["examples"])
    }

    private static func examples(_ value: JSON?) throws(ToolDefinitionError) -> [ToolExample] {
        guard let values = (value ?? []).array else { throw ToolDefinitionError("\"examples\" must be an array.") }
        var examples: [ToolExample] = []
        for value in values {
            var steps: [ToolExample.Step] = []
            for step in value.array ?? [value] { steps.append(try exampleStep(step)) }
            examples.append(ToolExample(steps: steps))
        }
        return examples
    }

    private static func exampleStep(_ value: JSON) throws(ToolDefinitionError) -> ToolExample.Step {
        guard let arguments = value["arguments"] else {
            throw ToolDefinitionError("An example needs \"arguments\", and a \"result\" or an \"error\".")
        }
        let tool = value["tool"]
        guard tool == nil || tool?.string != nil else {
            throw ToolDefinitionError("The \"tool\" of an example must be a name.")
        }
        guard let keep = (value["keep"] ?? [:]).object, keep.allSatisfy({ $0.value.string != nil }) else {
            throw ToolDefinitionError("\"keep\" of an example must be an object of names and JSON pointers.")
        }
        return ToolExample.Step(
            tool: tool?.string,
            arguments: arguments,
            // A step that only prepares or cleans up needs no expectation: it must succeed.
            expectation: try exampleExpectation(value, isRequired: tool == nil && keep.isEmpty),
            kept: keep.map { ToolExample.Kept(name: $0.key, pointer: $0.value.string ?? "") }
        )
    }

    private static func exampleExpectation(
        _ value: JSON,
        isRequired: Bool
    ) throws(ToolDefinitionError) -> ToolExample.Expectation {
        switch (value["result"], value["error"]) {
        case (.string(let text)?, nil): return .text(text)
        case (let result?, nil): return .json(result)
        case (nil, let error?):
            guard let status = error.string.flatMap(exampleStatus) else {
                throw ToolDefinitionError(
                    "The \"error\" of an example must be a status, such as TOOL_ERROR; it is \(error.text(upTo: 80).text)."
                )
            }
            return .error(status)
        case (nil, nil) where !isRequired: return .success
        default: throw ToolDefinitionError("An example needs either a \"result\" or an \"error\".")
        }
    }

    private static func exampleStatus(_ name: String) -> ToolStatus? {
        switch name {
        case "TOOL_ERROR": .toolError
        case "TOOL_INVALID_ARGUMENTS": .invalidArguments
        case "TOOL_CANCELLED": .cancelled
        case "TOOL_INTERNAL": .pluginFailed
        default: nil
        }
    }
}
