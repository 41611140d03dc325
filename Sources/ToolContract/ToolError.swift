/// An error that the model should read.
public struct ToolError: Error, Sendable, Hashable {
    /// Whose fault it is.
    public enum Kind: Sendable, Hashable {
        /// The tool says no.
        case error
        /// The arguments do not fit.
        case invalidArguments
        /// The host asked the tool to stop.
        case cancelled
    }

    /// Whose fault it is.
    public let kind: Kind

    /// What went wrong, and what would be right.
    public let message: String

    /// The tool says no.
    public static func error(_ message: String) -> ToolError {
        ToolError(kind: .error, message: message)
    }

    /// The arguments do not fit; the message names the argument and what was expected.
    public static func invalidArguments(_ message: String) -> ToolError {
        ToolError(kind: .invalidArguments, message: message)
    }

    /// The host asked the tool to stop.
    public static let cancelled = ToolError(kind: .cancelled, message: "The call was cancelled.")
}
