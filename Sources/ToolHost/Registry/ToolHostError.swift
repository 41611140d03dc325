/// Why a tool of the program cannot be registered.
public struct ToolHostError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The fault and its remedy, as sentences.
    public let message: String

    public var description: String { message }
}
