import OllamaClient

/// The messages of a conversation, which can be sent and continued with a prompt at any time.
///
/// - Each call in a message of the model is followed by its result, and its id is unique in the conversation.
/// - Two prompts never follow each other: one without a reply is joined with the next.
/// - A prompt never follows a tool's result: a message of the assistant comes between them, as the templates of some
///   models require user and assistant messages to alternate.
/// - A message of the model has the outside sources of the messages before it, because it may repeat their text.
struct Conversation: Sendable {
    private(set) var messages: [ChatMessage] = []
    /// The approximate memory of the messages without their images, in bytes.
    private(set) var size = 0
    private var ids: Set<String> = []
    private var generatedIDCount = 0

    /// The message of the assistant for an interrupted turn.
    static let interruption = "(The answer was interrupted.)"

    init(system: String?) {
        if let system { append(ChatMessage(role: .system, content: system)) }
    }

    /// True if the last message is a tool's result.
    var endsWithResult: Bool { messages.last?.role == .tool }

    /// True if the last message is a prompt, which has no reply yet.
    var endsWithPrompt: Bool { messages.last?.role == .user }

    /// Returns the conversation with the messages of a request instead of the stored ones.
    func showing(_ messages: [ChatMessage]) -> Conversation {
        var conversation = self
        conversation.messages = messages
        return conversation
    }

    private mutating func append(_ message: ChatMessage) {
        var message = message
        if message.role == .assistant {
            // An earlier message of the model has the sources of all messages before it.
            let start = messages.lastIndex { $0.role == .assistant } ?? 0
            message.outsideSources.addSources(messages[start...].outsideSources)
        }
        size += message.footprint
        messages.append(message)
    }

    /// Adds a prompt.
    ///
    /// - Parameter reply: The message of the assistant to add before it if the last message is a tool's result.
    mutating func ask(_ prompt: ChatMessage, after reply: String = Self.interruption) {
        switch messages.last?.role {
        case .user:
            var joined = messages.removeLast()
            size -= joined.footprint
            joined.content += (joined.content.isEmpty || prompt.content.isEmpty ? "" : "\n\n") + prompt.content
            joined.images += prompt.images
            joined.outsideSources.addSources(prompt.outsideSources)
            append(joined)
        case .tool:
            append(ChatMessage(role: .assistant, content: reply))
            append(prompt)
        default:
            append(prompt)
        }
    }

    /// Returns the messages with a hint for the model, which is sent once and is not part of the conversation.
    ///
    /// - Parameter reply: The message of the assistant to add before it if the last message is a tool's result.
    func hinted(_ hint: String, after reply: String) -> [ChatMessage] {
        var copy = self
        copy.ask(ChatMessage(role: .user, content: hint), after: reply)
        return copy.messages
    }

    /// Adds a message of the model without calls, if there is one.
    mutating func add(_ message: ChatMessage?) {
        if let message { append(message) }
    }

    /// Adds a message of the model with the results of its calls: one for each, in their order.
    mutating func add(_ message: ChatMessage?, results: [ChatMessage]) {
        guard let message else { return }
        append(message)
        for result in results { append(result) }
        if results.contains(where: { !$0.images.isEmpty }) { removeImages() }
    }

    /// Removes the images of a message, and adds a note for the model.
    mutating func removeImages(at index: Int) {
        let note = "\n[The images of this result are too large to be shown.]"
        messages[index].images = []
        messages[index].content += note
        size += note.utf8.count
    }

    // MARK: - Taking a prompt back

    /// The end of a conversation before a prompt was added.
    struct Checkpoint {
        fileprivate let count: Int
        fileprivate let last: ChatMessage?
        fileprivate let size: Int
    }

    /// The present end of the conversation.
    ///
    /// A copy of all messages would be copied once more with the next change.
    var checkpoint: Checkpoint { Checkpoint(count: messages.count, last: messages.last, size: size) }

    /// Removes a prompt that was added since a checkpoint.
    mutating func restore(_ checkpoint: Checkpoint) {
        messages.removeLast(messages.count - checkpoint.count)
        if let last = checkpoint.last { messages[checkpoint.count - 1] = last }
        size = checkpoint.size
    }

    /// The last prompt, or nil if there is none.
    var lastPrompt: ChatMessage? { messages.last { $0.role == .user } }

    /// Removes the last prompt and the messages after it.
    ///
    /// - Returns: The prompt, or nil if there is none.
    mutating func removeLastExchange() -> ChatMessage? {
        guard let start = messages.lastIndex(where: { $0.role == .user }) else { return nil }
        let prompt = messages[start]
        size -= messages[start...].reduce(0) { $0 + $1.footprint }
        messages.removeLast(messages.count - start)
        return prompt
    }

    /// Gives an id to each call whose id is missing or already used.
    mutating func identified(_ calls: [OllamaToolCall]) -> [OllamaToolCall] {
        let theirs = Set(calls.compactMap(\.id))
        return calls.map { call in
            var call = call
            if let id = call.id, !id.isEmpty, ids.insert(id).inserted { return call }
            repeat {
                generatedIDCount += 1
                call.id = "call_\(generatedIDCount)"
            } while theirs.contains("call_\(generatedIDCount)") || !ids.insert("call_\(generatedIDCount)").inserted
            return call
        }
    }
}
