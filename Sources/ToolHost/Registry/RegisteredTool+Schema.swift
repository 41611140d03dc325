import ToolContract
import ToolJSON
import ToolRuntime
import ToolSchema

/// Why a schema describes no tool: a sentence.
struct ToolDefinitionError: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

extension RegisteredTool {
    /// Reads the tool at a place in a plugin's registration.
    ///
    /// - Parameter known: What the same bytes said when they were read before, without a warning: then they are not read.
    /// - Returns: The tool, and what is odd about its text but does no harm.
    static func reading(
        _ index: Int,
        of plugin: any PluginInstance,
        from source: Source,
        known: ToolSummary? = nil
    ) throws(ToolDefinitionError) -> (tool: RegisteredTool, warnings: [String]) {
        let tool = plugin.registration.tools[index]
        if let fault = tool.fault { throw ToolDefinitionError(fault) }
        func made(_ summary: ToolSummary, _ definition: ToolDefinition) -> RegisteredTool {
            let isRepeatable = summary.annotations.readOnly || summary.annotations.idempotent
            let backend = PluginBackend(plugin: plugin, tool: index, isRepeatable: isRepeatable)
            return RegisteredTool(source: source, summary: summary, definition: definition, backend: backend)
        }
        if let known { return (made(known, ToolDefinition(known: tool.schema)), []) }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: tool.schema)
        } catch {
            throw ToolDefinitionError("Its schema is not JSON: \(error).")
        }
        guard let schema = document.value.object else { throw ToolDefinitionError("Its schema is no JSON object.") }
        let summary = try ToolSummary(reading: schema)
        let parameters = try compiledParameters(of: schema)
        _ = try examples(of: schema)
        let own = schema[ownKey]?.object ?? [:]
        let mistyped =
            schema.mistypedKeys(JSONObject.toolKeys) + own.mistypedKeys(JSONObject.ownKeys)
            + (own["annotations"]?.object ?? [:]).mistypedKeys(["readOnly", "destructive", "idempotent"])
        return (made(summary, ToolDefinition(schema, parameters)), document.warnings + mistyped)
    }

    /// Takes a tool of the program itself.
    ///
    /// - Parameter serialLane: Where the program's tools that are not concurrent wait for one another.
    init(program tool: Tool, serialLane: CallLane, _ configuration: HostConfiguration) throws(ToolDefinitionError) {
        let limits = RegistrationLimits(schemaBytes: configuration.limits.schemaBytes)
        let log = configuration.log
        let plugin: LoadedPlugin
        do {
            plugin = try LoadedPlugin(programTool: tool, serialLane: serialLane, limits: limits) { level, message in
                log("", Int(level), message)
            }
        } catch {
            throw ToolDefinitionError(error.message)
        }
        self = try Self.reading(0, of: plugin, from: .program).tool
    }

    /// The key for what is the host's own in a schema.
    package static let ownKey = "toolhost"

    /// Compiles the schema of a tool's arguments, out of the tool's own.
    static func compiledParameters(of schema: JSONObject) throws(ToolDefinitionError) -> Schema {
        guard let parameters = (schema["parameters"] ?? [:]).object, let own = (schema[ownKey] ?? [:]).object else {
            throw ToolDefinitionError("\"parameters\" and \"toolhost\" must be objects.")
        }
        guard let assertsFormats = (own["assertFormats"] ?? false).bool else {
            throw ToolDefinitionError("\"assertFormats\" must be true or false.")
        }
        do {
            return try Schema(.object(parameters), assertsFormats: assertsFormats)
        } catch {
            throw ToolDefinitionError("Its \"parameters\" cannot be used. \(error)")
        }
    }

    /// The examples that a tool's schema has.
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
            // A step that prepares or clears up just has to work.
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
                    "The \"error\" of an example must be a status, TOOL_ERROR say; it is \(error.text(upTo: 80).text)."
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
