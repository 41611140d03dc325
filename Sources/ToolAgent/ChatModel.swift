public import OllamaClient
public import ToolJSON

/// A source of chat replies for an agent: a server such as Ollama, or a script in a test.
///
/// An agent sends the whole conversation with each request, so a chat model holds no state of it. One value may serve
/// several agents at once.
///
/// ```swift
/// struct Parrot: ChatModel {
///     func chat(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
///         let text = request.messages.last?.content ?? ""
///         return AsyncThrowingStream { continuation in
///             continuation.yield(ChatChunk(["message": ["content": .string(text)], "done": true]))
///             continuation.finish()
///         }
///     }
/// }
/// ```
public protocol ChatModel: Sendable {
    /// The sequence of the pieces of one reply.
    associatedtype Chunks: AsyncSequence<ChatChunk, any Error>

    /// Requests the next message of the assistant.
    ///
    /// Cancelling the task that iterates the sequence, or dropping the sequence, must stop the request. A cancelled
    /// sequence may end early or throw; the agent keeps the pieces that it has received.
    ///
    /// - Parameter request: The conversation, the tools and the options.
    /// - Returns: The pieces of the reply in order. The last one, and no other, has `ChatChunk.done` set; a reply
    ///   without it fails as incomplete. The sequence throws if the reply fails. If the error is an `OllamaError`, its
    ///   code decides whether the agent repeats the request: at most twice after a call that cannot be read or a failure
    ///   of unknown cause, once after a crash of the model or a connection that was lost before the first piece, and at
    ///   most three times, after a pause, if the server is busy.
    func chat(_ request: ChatRequest) -> Chunks

    /// Loads a model before the first request of a conversation, and determines the size of its context window.
    ///
    /// The default implementation returns nil.
    ///
    /// - Parameters:
    ///   - model: The name of the model.
    ///   - options: The model options that later requests will have.
    ///   - keepAlive: The time for which the model stays loaded, or nil for the default.
    /// - Returns: The size of the window in tokens, or nil if it is unknown, which is not an error.
    /// - Throws: An error if no request for the model can succeed.
    func prepare(_ model: String, options: JSONObject, keepAlive: KeepAlive?) async throws -> Int?

    /// Returns the details of a model, which the agent requests before the first request of a conversation.
    ///
    /// The default implementation returns nil.
    ///
    /// - Parameter model: The name of the model.
    /// - Returns: The details, or nil if they are unknown, which is not an error.
    /// - Throws: An error if no request for the model can succeed.
    func details(of model: String) async throws -> ModelDetails?

    /// Returns names of models that have a capability, for the error about a model without it.
    ///
    /// The default implementation returns an empty array.
    ///
    /// - Parameter capability: The name of the capability, such as `tools`.
    /// - Returns: A few names, or an empty array if none are known.
    /// - Throws: Any error; the agent treats it as an empty array.
    func models(with capability: String) async throws -> [String]

    /// Returns a Boolean value that indicates whether a model runs on another computer.
    ///
    /// If it does, the user is asked before private files are sent to it. The default implementation returns false: a type
    /// that wraps another model must forward this function.
    ///
    /// - Parameter model: The name of the model.
    func isRemote(_ model: String) -> Bool
}

extension ChatModel {
    public func details(of model: String) async throws -> ModelDetails? { nil }

    public func models(with capability: String) async throws -> [String] { [] }

    public func prepare(_ model: String, options: JSONObject, keepAlive: KeepAlive?) async throws -> Int? { nil }

    public func isRemote(_ model: String) -> Bool { false }
}
