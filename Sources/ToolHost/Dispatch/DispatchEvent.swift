/// An event of one call of a batch, reported while the batch runs.
public struct DispatchEvent: Sendable {
    /// The kinds of events.
    ///
    /// The large ones are indirect, because an event is copied several times on its way.
    public enum Kind: Sendable {
        /// The tool's code starts. The call has the arguments as they were sent.
        indirect case started(ToolCall)
        /// A piece of the result, as the tool writes it.
        ///
        /// Pieces of one media type follow one another without a mark between them. Only the result tells where an
        /// image ends.
        case output(ContentPart)
        /// A report of progress: the completed fraction from 0 to 1, or nil if the tool does not know it, and the
        /// tool's message, which can be empty.
        case progress(fraction: Double?, message: String)
        /// The call has its result. This is the last event of every call.
        indirect case finished(ToolResult)
    }

    /// The position of the call in the batch, from 0.
    public let callIndex: Int

    /// The event.
    public let kind: Kind

    /// Creates an event, for instance to test the code that handles events.
    public init(callIndex: Int, kind: Kind) {
        self.callIndex = callIndex
        self.kind = kind
    }
}
