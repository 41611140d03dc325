import Locks
public import OllamaClient
public import ToolHost

extension Agent {
    /// Continues an earlier conversation, such as one of a ``ConversationStore``.
    ///
    /// Nothing is sent yet. The messages are validated, because they may have been stored by an interrupted program or
    /// changed since then: a call without a result gets one that says so, missing ids are added, prompts that follow each
    /// other are joined, and a message of the assistant is inserted between a result and a prompt.
    ///
    /// ```swift
    /// let agent = try Agent(model: "qwen3", host: host, messages: try await store.messages(of: id))
    /// ```
    ///
    /// - Parameters:
    ///   - model: The model's name, as the server knows it. It may be another one than before.
    ///   - client: The connection to the model. By default, the Ollama server that the environment names.
    ///   - host: The host that has the tools and runs the calls. Load its plugins before.
    ///   - messages: The messages, as ``messages`` returned them. The first one may be a system prompt, which
    ///     ``AgentConfiguration/system`` replaces unless that is nil.
    ///   - configuration: The limits and options of the conversation.
    /// - Throws: ``AgentError`` with the code ``AgentError/Code/invalidConversation`` if a result belongs to no call, or
    ///   a system prompt follows other messages.
    public convenience init(
        model: String,
        client: any ChatModel = OllamaClient(),
        host: ToolHost,
        messages: [ChatMessage],
        configuration: AgentConfiguration = AgentConfiguration()
    ) throws(AgentError) {
        var messages = messages
        for index in messages.indices where messages[index].role == .tool && messages[index].outsideSources.isEmpty {
            // Other programs, and earlier versions of this one, do not store the sources.
            guard let name = messages[index].toolName, host.tool(named: name)?.readsOutside == true else { continue }
            messages[index].outsideSources = [name]
        }
        let conversation = try Conversation(restoring: messages, system: configuration.system)
        self.init(model: model, client: client, host: host, configuration: configuration)
        state.withLock { $0.conversation = conversation }
        ownTools.search?.offer(conversation.messages.flatMap { $0.toolCalls.map(\.name) })
        ownTools.results?.avoidHandles(in: conversation.messages.lazy.filter { $0.role == .tool }.map(\.content))
    }

    /// The last prompt of the conversation, or nil if there is none.
    ///
    /// Prompts that were sent together because the first one had no reply are one prompt.
    public var lastPrompt: ChatMessage? { state.withLock { $0.conversation.lastPrompt } }

    /// Removes the last prompt and all messages after it from the conversation.
    ///
    /// The effects of its calls remain. The removed prompt can be sent again:
    ///
    /// ```swift
    /// if let prompt = try agent.undo() { agent.respond(to: prompt) }
    /// ```
    ///
    /// - Returns: The prompt, or nil if the conversation has none.
    /// - Throws: ``AgentError`` with the code ``AgentError/Code/alreadyResponding`` if a response is under way, even one
    ///   that was cancelled and has not ended yet.
    @discardableResult
    public func undo() throws(AgentError) -> ChatMessage? {
        try latest.withLock { latest throws(AgentError) in
            guard latest.task == nil else { throw .responding }
            return state.withLock { state in
                // The server's count of tokens covers messages that are gone.
                state.window?.forgetMessages()
                return state.conversation.removeLastExchange()
            }
        }
    }
}

extension AgentError {
    /// The error of a request that must wait until a response has ended.
    static let responding = AgentError(
        .alreadyResponding,
        message: "The agent is already responding to another prompt.",
        remedy: .waitOrCancel
    )
}
