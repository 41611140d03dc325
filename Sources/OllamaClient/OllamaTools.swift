public import ToolJSON

/// Makes the `tools` of a request.
public enum OllamaTools {
    /// One tool as `/api/chat` takes it.
    ///
    /// The schema stays as its author wrote it, without the host's own key `toolhost`. `parameters` is always an
    /// object with properties: some of Ollama's templates refuse less.
    ///
    /// - Parameter function: Ollama's function object: `name`, `description`, `parameters`.
    public static func tool(for function: JSONObject) -> JSON {
        var function = function
        function["toolhost"] = nil
        var parameters = function["parameters"]?.object ?? [:]
        if parameters["type"]?.string != "object" {
            // The type stands first, where people and templates look for it.
            parameters["type"] = nil
            parameters = JSONObject([("type", "object")] + parameters.map { ($0.key, $0.value) })
        }
        if parameters["properties"]?.object == nil { parameters["properties"] = [:] }
        function["parameters"] = .object(parameters)
        return ["type": "function", "function": .object(function)]
    }
}
