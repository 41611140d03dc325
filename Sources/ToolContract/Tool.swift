public import CToolPlugin

/// A tool as the plugin contract describes it.
///
/// Plugins export tools, and programs register tools with their host; both use this value. `@Tool` creates it.
public struct Tool: Sendable {
    /// The description in C.
    // Constant from its creation, and valid until the process exits.
    public nonisolated(unsafe) let description: UnsafePointer<tool_v1>

    /// Creates a tool.
    ///
    /// - Parameter description: The description in C. It must not change, and must stay valid until the process exits.
    public init(_ description: UnsafePointer<tool_v1>) {
        self.description = description
    }
}
