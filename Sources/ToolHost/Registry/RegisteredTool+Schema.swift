import ToolJSON
import ToolSchema

extension RegisteredTool {
    /// Reads a tool from the registration of its source.
    ///
    /// - Parameters:
    ///   - index: The position of the tool in the registration.
    ///   - known: The summary of the same schema, if it was read before without a warning. It is not read again then.
    /// - Returns: The tool, and warnings about its schema that do no harm.
    static func reading(
        _ index: Int,
        of source: any ToolSource,
        from provider: ToolProvider,
        known: ToolSummary? = nil
    ) throws(ToolDefinitionError) -> (tool: RegisteredTool, warnings: [String]) {
        let tool = source.registration.tools[index]
        if let fault = tool.fault { throw ToolDefinitionError(fault) }
        func made(_ summary: ToolSummary, _ definition: ToolDefinition) -> RegisteredTool {
            RegisteredTool(
                provider: provider,
                source: source,
                index: index,
                summary: summary,
                definition: definition
            )
        }
        if let known { return (made(known, ToolDefinition(known: tool.schema)), []) }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: tool.schema)
        } catch {
            throw ToolDefinitionError("Its schema is not JSON: \(error).")
        }
        guard let schema = document.value.object else { throw ToolDefinitionError("Its schema is not a JSON object.") }
        let summary = try ToolSummary(reading: schema)
        let parameters = try compiledParameters(of: schema)
        _ = try examples(of: schema)
        let own = schema[ownKey]?.object ?? [:]
        let mistyped =
            schema.mistypedKeys(JSONObject.toolKeys) + own.mistypedKeys(JSONObject.ownKeys)
            + (own["annotations"]?.object ?? [:]).mistypedKeys(["readOnly", "destructive", "idempotent"])
        return (made(summary, ToolDefinition(schema, parameters)), document.warnings + mistyped)
    }

    /// The key of the members of a schema that are for the host and not for a model.
    package static let ownKey = "toolhost"

    /// Compiles the schema of the arguments, which is a member of the tool's schema.
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
}
