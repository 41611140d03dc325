public import ToolHost

/// An event of a response.
public enum AgentEvent: Sendable {
    /// The model sent a piece of its thinking.
    case thinking(text: String)
    /// The model sent a piece of its message's text.
    case content(text: String)
    /// The model asked for calls.
    ///
    /// If the origin of the calls is `printed`, the model wrote them as text, and the ``content(text:)`` of the message
    /// was that text. The conversation has the calls in its place.
    ///
    /// They start once a reader asks for the event after this one, or at once if a task waits for the outcome.
    case toolCalls(_ calls: [ToolCall])
    /// One of the calls started, reported something or finished.
    ///
    /// Its index is the position in the last ``toolCalls(_:)``.
    case call(_ event: DispatchEvent)
    /// A message of the model is complete.
    ///
    /// An empty message also has a cost: this event then follows ``retrying(reason:)``.
    case turnFinished(metrics: TurnMetrics)
    /// The request is repeated because the server or the model failed, or the message was empty.
    ///
    /// The pieces since the last complete message are discarded.
    case retrying(reason: String)
    /// A diagnostic for the user. The response continues.
    case warning(message: String)
}
