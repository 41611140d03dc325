public import ToolJSON

/// A call that ships with a tool, and what it should answer.
public struct ToolExample: Sendable, Hashable {
    /// One call and its expectation.
    public struct Step: Sendable, Hashable {
        /// The tool to call, of the same plugin; `nil` is the tool whose example it is.
        public let tool: String?
        /// The arguments to call with; a text such as `$name` stands for what an earlier step kept under that name.
        public let arguments: JSON
        /// What should come of it.
        public let expectation: Expectation
        /// Parts of the result that later steps use.
        public let kept: [Kept]
    }

    /// A part of a result that later steps use.
    public struct Kept: Sendable, Hashable {
        /// What later steps call it.
        public let name: String
        /// Where it stands in the result, a JSON pointer.
        public let pointer: String
    }

    /// What should come of a call.
    public enum Expectation: Sendable, Hashable {
        /// Exactly this text.
        case text(String)
        /// This JSON value, however it is spelled.
        case json(JSON)
        /// An error of this status.
        case error(ToolStatus)
        /// Any result.
        case success
    }

    /// The calls, one after another; most examples have one.
    public let steps: [Step]
}
