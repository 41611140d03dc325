public import ToolJSON

/// A converter of tool schemas into the `tools` of a request.
///
/// Ollama keeps few of JSON Schema's keywords and refuses some schemas with status 400. The converter rewrites a
/// keyword that Ollama would drop as one that it keeps, or describes it in words. Ollama never refuses the result, and
/// keeps all of it. A schema that Ollama keeps whole is sent as its author wrote it.
///
/// ```swift
/// let lowered = OllamaTools.lowered([
///     "name": "wait",
///     "description": "Waits.",
///     "parameters": ["type": "object", "properties": ["seconds": ["type": "integer", "maximum": 60]]],
/// ])
/// // The description of `seconds` is "At most 60."
/// request.tools = [lowered.tool]
/// ```
///
/// The functions may be called on any thread.
public enum OllamaTools {
    /// Returns a tool in the form that `/api/chat` accepts.
    ///
    /// - Parameter function: Ollama's function object: `name`, `description`, `parameters`.
    public static func tool(for function: JSONObject) -> JSON {
        lowered(function).tool
    }

    /// Returns a tool in the form that `/api/chat` accepts, with notes on the changes to its schema.
    ///
    /// `parameters` is always an object with properties. A property without a type gets the types that its other
    /// keywords imply, or all types, because some of Ollama's templates fail at a property without a type. Members of
    /// the function that Ollama does not know are dropped with a note; the host's own member `toolhost` is dropped
    /// without one.
    ///
    /// - Parameter function: Ollama's function object: `name`, `description`, `parameters`. Each member may be any JSON
    ///   value, valid or not.
    /// - Returns: The tool. A schema of more than about 640 kB, counted with its references resolved, or with more than
    ///   32 nested levels is truncated, with a note.
    public static func lowered(_ function: JSONObject) -> LoweredTool {
        let authored = function["parameters"] ?? .null
        var lowering = SchemaLowering(authored.isNull ? [:] : authored)
        var description = function["description"]?.string
        let parameters = lowering.parameters(describing: &description)
        var sent = JSONObject()
        for (key, value) in function where key != "toolhost" {
            switch key {
            case "name" where value.string != nil: sent[key] = value
            case "description" where value.string != nil: sent[key] = description.map(JSON.string)
            case "parameters": sent[key] = .object(parameters)
            default: lowering.notes.add(.dropped, at: "", "The function's \"\(key.prefix(80))\" is not sent.")
            }
        }
        if sent["description"] == nil, let description {
            // The usual order puts the description before the parameters.
            sent["parameters"] = nil
            sent["description"] = .string(description)
        }
        if sent["parameters"] == nil { sent["parameters"] = .object(parameters) }
        return LoweredTool(tool: ["type": "function", "function": .object(sent)], notes: lowering.notes.all)
    }
}
