import OllamaClient

/// The messages of a conversation, which can be sent and continued with a prompt at any time.
///
/// - Each call in a message of the model is followed by its result, and its id is unique in the conversation.
/// - Two prompts never follow each other: one without a reply is joined with the next.
/// - A prompt never follows a tool's result: a message of the assistant comes between them, as the templates of some
///   models require user and assistant messages to alternate.
struct Conversation: Sendable {
    private(set) var messages: [ChatMessage] = []
    private var ids: Set<String> = []
    private var generatedIDCount = 0

    /// The message of the assistant for an interrupted turn.
    static let interruption = "(The answer was interrupted.)"

    init(system: String?) {
        if let system { messages.append(ChatMessage(role: .system, content: system)) }
    }

    /// True if the last message is a tool's result.
    var endsWithResult: Bool { messages.last?.role == .tool }

    /// Adds a prompt.
    ///
    /// - Parameter reply: The message of the assistant to add before it if the last message is a tool's result.
    mutating func ask(_ prompt: ChatMessage, after reply: String = Self.interruption) {
        switch messages.last?.role {
        case .user:
            var joined = messages.removeLast()
            joined.content += (joined.content.isEmpty || prompt.content.isEmpty ? "" : "\n\n") + prompt.content
            joined.images += prompt.images
            messages.append(joined)
        case .tool:
            messages.append(ChatMessage(role: .assistant, content: reply))
            messages.append(prompt)
        default:
            messages.append(prompt)
        }
    }

    /// Adds a message of the model without calls, if there is one.
    mutating func add(_ message: ChatMessage?) {
        if let message { messages.append(message) }
    }

    /// Adds a message of the model with the results of its calls: one for each, in their order.
    mutating func add(_ message: ChatMessage?, results: [ChatMessage]) {
        guard let message else { return }
        messages.append(message)
        messages += results
        removeImages()
    }

    /// Removes the images of a message, and adds a note for the model.
    mutating func removeImages(at index: Int) {
        messages[index].images = []
        messages[index].content += "\n[The images of this result are too large to be shown.]"
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
