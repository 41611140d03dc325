public import ToolJSON

/// Creates the `tools` of a request.
public enum OllamaTools {
    /// One tool as `/api/chat` takes it.
    ///
    /// - Parameter function: Ollama's function object: `name`, `description`, `parameters`.
    public static func tool(for function: JSONObject) -> JSON {
        lowered(function).tool
    }

    /// One tool as `/api/chat` takes it, with notes on the changes to its schema.
    ///
    /// Ollama keeps few of JSON Schema's keywords and refuses some schemas with status 400. A keyword that it would
    /// drop is rewritten as one that it keeps, or described in words. Ollama never refuses the result. A schema that
    /// Ollama keeps whole stays as its author wrote it, without the host's own key `toolhost`. `parameters` is always
    /// an object with properties. A property without a type gets the types that its other keywords imply, or all
    /// types: some of Ollama's templates fail at a property without a type.
    ///
    /// - Parameter function: Ollama's function object: `name`, `description`, `parameters`. Each of them may be any
    ///   JSON value.
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
            default: lowering.notes.add(.lost, at: "", "The function's \"\(key.prefix(80))\" is not sent.")
            }
        }
        if sent["description"] == nil, let description {
            // Before the parameters, as it is usual.
            sent["parameters"] = nil
            sent["description"] = .string(description)
        }
        if sent["parameters"] == nil { sent["parameters"] = .object(parameters) }
        return LoweredTool(tool: ["type": "function", "function": .object(sent)], notes: lowering.notes.all)
    }
}
