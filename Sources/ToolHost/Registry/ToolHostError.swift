/// Why a tool of the program cannot be registered.
public struct ToolHostError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do.
    public let message: String

    public var description: String { message }
}
