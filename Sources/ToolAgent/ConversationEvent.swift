package import OllamaClient

/// A step of a response, as observers of the agent receive it.
///
/// The steps arrive in the order in which they happen, on the task of the response. Unlike ``AgentEvent``, they do not
/// wait for a reader. An observer must return soon.
///
/// ```swift
/// var configuration = AgentConfiguration()
/// configuration.observers.append(recorder.observe)
/// ```
package enum ConversationEvent: Sendable {
    /// A response to a prompt begins.
    case began(prompt: ChatMessage, agent: Agent)
    /// A request is sent to the model.
    case requested(ChatRequest)
    /// A piece of the reply arrived.
    case received(ChatChunk)
    /// The reply ended.
    case replied(end: ReplyEnd)
    /// The agent reports an event.
    case reported(AgentEvent)
    /// The response ended.
    case ended(Result<AgentOutcome, any Error>)

    /// The ways in which a reply ends.
    package enum ReplyEnd: Sendable {
        /// The last piece arrived.
        case complete
        /// The task was cancelled.
        case cancelled
        /// The model failed.
        case failed(any Error)
    }

    /// A function that receives the steps.
    package typealias Observer = @Sendable (ConversationEvent) -> Void
}
