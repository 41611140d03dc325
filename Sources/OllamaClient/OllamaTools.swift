public import ToolJSON

/// Makes the `tools` of a request.
public enum OllamaTools {
    /// One tool as `/api/chat` takes it.
    ///
    /// - Parameter function: Ollama's function object: `name`, `description`, `parameters`.
    public static func tool(for function: JSONObject) -> JSON {
        lowered(function).tool
    }

    /// One tool as `/api/chat` takes it, with what its schema lost on the way.
    ///
    /// Ollama keeps few of JSON Schema's keywords and answers some schemas with status 400. What it would drop is put
    /// in a form that it keeps or told in a description, and what comes out is never refused. A schema that loses
    /// nothing stays as its author wrote it, without the host's own key `toolhost`. `parameters` is always an object
    /// with properties, and a property without a type gets the one that its other keywords speak of, or all: some of
    /// Ollama's templates refuse less.
    ///
    /// - Parameter function: Ollama's function object: `name`, `description`, `parameters`. Any JSON will do for
    ///   each of them.
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
