public import ToolJSON

/// An example of a tool: calls with their expected results, which users and tests can run.
public struct ToolExample: Sendable, Hashable {
    /// A call with its expected result.
    public struct Step: Sendable, Hashable {
        /// The name of the tool to call, of the same plugin; nil for the tool of the example.
        public let tool: String?
        /// The arguments.
        ///
        /// A string such as `$name` is replaced by the value that an earlier step stored under the name.
        public let arguments: JSON
        /// The expected result.
        public let expectation: Expectation
        /// The parts of the result that later steps use.
        public let kept: [Kept]
    }

    /// A part of a result that later steps use.
    public struct Kept: Sendable, Hashable {
        /// The name that later steps use.
        public let name: String
        /// The JSON pointer to the part in the result.
        public let pointer: String
    }

    /// The expected result of a call.
    public enum Expectation: Sendable, Hashable {
        /// Exactly this text.
        case text(String)
        /// JSON text of an equal value.
        case json(JSON)
        /// An error with this status.
        case error(ToolStatus)
        /// Any result with the status ``ToolStatus/ok``.
        case success
    }

    /// The calls, which run one after another; most examples have one.
    public let steps: [Step]
}
