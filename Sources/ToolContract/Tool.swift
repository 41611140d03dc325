public import CToolPlugin

/// A tool as the contract describes it.
///
/// It is what a plugin exports and what a program gives to its host, the same value in either use.
public struct Tool: Sendable {
    /// The description in C: constant, and alive as long as the process.
    // Constant from the moment that it is made.
    public nonisolated(unsafe) let description: UnsafePointer<tool_v1>

    /// A tool.
    ///
    /// - Parameter description: Its description in C, which must be constant and live as long as the process.
    public init(_ description: UnsafePointer<tool_v1>) {
        self.description = description
    }
}
