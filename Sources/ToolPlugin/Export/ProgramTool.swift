public import ToolContract
public import ToolJSON

/// A tool that is a type: for names, schemas and state that are known only when the program runs.
///
/// A type has to say nothing but what it does: the name falls back to the type's own, the description to nothing, and
/// the parameters to an object without properties.
///
/// ```swift
/// struct Greeter: ProgramTool {
///     let schema: JSONObject = ["name": "greet", "description": "Greet someone"]
///     func execute(_ arguments: JSONObject) async throws -> ToolReply { "Hello!" }
/// }
/// let greeter = Tool(Greeter())
/// ```
public protocol ProgramTool: Sendable {
    /// Ollama's function object: `name`, `description`, `parameters`, and perhaps the key `toolhost`.
    var schema: JSONObject { get }

    /// Runs one call.
    ///
    /// It may run beside itself. Where its task is cancelled, nobody waits for it any more.
    ///
    /// - Parameter arguments: What the model gave; it fits the schema.
    /// - Returns: The result.
    /// - Throws: An answer for the model: a `ToolError`, or any other error, which is told in its own words.
    func execute(_ arguments: JSONObject) async throws -> ToolReply
}

extension ProgramTool {
    /// Nothing: every key has a fallback.
    public var schema: JSONObject { [:] }
}

extension Tool {
    /// The tool that a type is.
    public init(_ tool: some ProgramTool) {
        let given = tool.schema
        // What is missing is filled in, so that the schema is whole wherever it is shown.
        var schema: JSONObject = ["name": given["name"] ?? .string(String(describing: type(of: tool)))]
        schema["description"] = given["description"] ?? ""
        schema["parameters"] = given["parameters"] ?? ["type": "object", "properties": [:], "required": []]
        for (key, value) in given { schema[key] = value }
        self.init(schema: .object(schema), asyncBody: { arguments, _ in try await tool.execute(arguments.object) })
    }
}
