/// A tool of a plugin: its schema, and the function that runs a call.
public struct PluginTool: Sendable {
    /// Runs one call, on a thread of the host's, where it may block.
    ///
    /// A ``ToolFailure`` that it throws is an answer for the model; any other error counts as a fault of the tool.
    public typealias Execute = @Sendable (ToolInvocation) throws -> ToolReply

    /// Ollama's function object as JSON text: `name`, `description`, `parameters`, and perhaps the key `toolhost`.
    public let schema: String

    /// Whether it may run beside itself and the plugin's other tools.
    public let isConcurrent: Bool

    let execute: Execute

    /// A tool.
    ///
    /// - Parameters:
    ///   - schema: Ollama's function object as JSON text.
    ///   - isConcurrent: Whether it may run beside itself and the plugin's other tools.
    ///   - execute: Runs one call.
    public init(schema: String, isConcurrent: Bool = true, execute: @escaping Execute) {
        self.schema = schema
        self.isConcurrent = isConcurrent
        self.execute = execute
    }
}
