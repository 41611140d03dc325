public import ToolJSON

/// An example of a call with its expected result.
///
/// It ships with the tool and serves as a test.
///
/// ```swift
/// @Tool(examples: [
///     ToolExample(["name": "Ada"], result: "Hello, Ada!"),
///     ToolExample(error: .invalidArguments),
/// ])
/// func greet(name: String) -> String { "Hello, \(name)!" }
/// ```
public struct ToolExample: Sendable {
    /// The kind of failure that an example expects.
    public enum Failure: String, Sendable {
        /// The tool could not do what the call asks for.
        case error = "TOOL_ERROR"
        /// The arguments are invalid.
        case invalidArguments = "TOOL_INVALID_ARGUMENTS"
        /// The call was cancelled.
        case cancelled = "TOOL_CANCELLED"
        /// The tool has a defect.
        case `internal` = "TOOL_INTERNAL"
    }

    let json: JSON

    /// Creates an example of a call that succeeds.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, a JSON object.
    ///   - result: The result: the exact text, or a JSON value.
    public init(_ arguments: JSON = [:], result: JSON) {
        json = ["arguments": arguments, "result": result]
    }

    /// Creates an example of a call that fails.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, a JSON object.
    ///   - error: The kind of failure.
    public init(_ arguments: JSON = [:], error: Failure) {
        json = ["arguments": arguments, "error": .string(error.rawValue)]
    }

    /// Creates an example of several calls in order, where later calls depend on earlier ones.
    public init(_ steps: ToolExample...) {
        json = .array(steps.map(\.json))
    }
}
