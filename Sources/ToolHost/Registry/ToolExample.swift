public import ToolJSON

/// A call that ships with a tool, and what it should answer.
public struct ToolExample: Sendable, Hashable {
    /// One call and its expectation.
    public struct Step: Sendable, Hashable {
        /// The arguments to call with.
        public let arguments: JSON
        /// What should come of it.
        public let expectation: Expectation
    }

    /// What should come of a call.
    public enum Expectation: Sendable, Hashable {
        /// Exactly this text.
        case text(String)
        /// This JSON value, however it is spelled.
        case json(JSON)
        /// An error of this status.
        case error(ToolStatus)
    }

    /// The calls, one after another; most examples have one.
    public let steps: [Step]
}
