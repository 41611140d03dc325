public import ToolContract
public import ToolJSON

/// A tool as a type, for names, schemas and state that are known only at run time.
///
/// Only ``execute(_:)`` is required. Without a schema, the tool has the name of the type, an empty description, and no
/// parameters.
///
/// ```swift
/// struct Greeter: ProgramTool {
///     let schema: JSONObject = ["name": "greet", "description": "Greet someone"]
///     func execute(_ arguments: JSONObject) async throws -> ToolReply { "Hello!" }
/// }
/// let greeter = Tool(Greeter())
/// ```
public protocol ProgramTool: Sendable {
    /// Ollama's function object: `name`, `description`, `parameters`, and optionally `toolhost`.
    ///
    /// Every key has a default.
    var schema: JSONObject { get }

    /// Runs one call.
    ///
    /// Several calls may run at the same time. A cancelled task should stop: the host no longer waits for its result.
    ///
    /// - Parameter arguments: The arguments from the model, valid according to the schema.
    /// - Returns: The result.
    /// - Throws: A `ToolError`, or any other error. The model reads its message or its description.
    func execute(_ arguments: JSONObject) async throws -> ToolReply
}

extension ProgramTool {
    /// An empty object: every key has a default.
    public var schema: JSONObject { [:] }
}

extension Tool {
    /// Creates a tool from a value whose type describes it.
    public init(_ tool: some ProgramTool) {
        let given = tool.schema
        // Filled in here, so that the schema is complete wherever it is shown.
        var schema: JSONObject = ["name": given["name"] ?? .string(String(describing: type(of: tool)))]
        schema["description"] = given["description"] ?? ""
        schema["parameters"] = given["parameters"] ?? ["type": "object", "properties": [:], "required": []]
        for (key, value) in given { schema[key] = value }
        self.init(schema: .object(schema), asyncBody: { arguments, _ in try await tool.execute(arguments.object) })
    }
}
