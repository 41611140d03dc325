/// The outcome of an example that a tool provides.
public struct ExampleResult: Sendable {
    /// The name of the example's tool.
    public let tool: String
    /// The position among the examples of the tool, from 0.
    public let index: Int
    /// The results of its calls, up to the first unexpected one.
    public let results: [ToolResult]
    /// The description of the unexpected result, as a clause; nil if all results are as expected.
    public let failure: String?
}
