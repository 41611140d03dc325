public import ToolJSON

/// A tool in the form that `/api/chat` accepts, with notes on the changes to its schema.
public struct LoweredTool: Sendable, Hashable {
    /// The element of a request's `tools`.
    public let tool: JSON

    /// The changes to the schema; empty if all of it is sent as its author wrote it.
    ///
    /// At most 256 changes are recorded.
    public let notes: [LoweringNote]
}
