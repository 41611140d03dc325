/// A failure of the host: unusable configuration, or a tool that cannot be registered.
public struct ToolHostError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The failure and its remedy, as sentences.
    public let message: String

    public var description: String { message }

    /// Creates an error.
    public init(message: String) { self.message = message }
}
