public import ToolJSON

/// A call with its expected end.
///
/// It ships with the tool, and `toolhost test` runs it.
public struct ToolExample: Sendable {
    /// How a call can fail.
    public enum Failure: String, Sendable {
        /// The tool says no.
        case error = "TOOL_ERROR"
        /// The arguments do not fit.
        case invalidArguments = "TOOL_INVALID_ARGUMENTS"
        /// It was cancelled.
        case cancelled = "TOOL_CANCELLED"
        /// A fault of the tool's own.
        case `internal` = "TOOL_INTERNAL"
    }

    let json: JSON

    /// A call that gives a result.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments.
    ///   - result: The exact text, or a JSON value.
    public init(_ arguments: JSON = [:], result: JSON) {
        json = ["arguments": arguments, "result": result]
    }

    /// A call that fails.
    public init(_ arguments: JSON = [:], error: Failure) {
        json = ["arguments": arguments, "error": .string(error.rawValue)]
    }

    /// Calls one after another, where a later one builds on an earlier one.
    public init(_ steps: ToolExample...) {
        json = .array(steps.map(\.json))
    }
}
