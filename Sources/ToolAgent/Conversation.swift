import OllamaClient

/// The messages so far. At every moment they can be sent, and be continued with a prompt:
///
/// - every call in a message of the model is followed by its answer, and its id is unique in the conversation;
/// - two prompts never stand in a row: one that got no answer is joined with the next;
/// - a prompt never follows a tool's result: a message of the assistant comes between them, as the templates of some
///   models require user and assistant by turns.
struct Conversation: Sendable {
    private(set) var messages: [ChatMessage] = []
    private var ids: Set<String> = []
    private var idsMade = 0

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

    /// Adds a message of the model with the answers to its calls: one for each, in their order.
    mutating func add(_ message: ChatMessage?, answers: [ChatMessage]) {
        guard let message else { return }
        messages.append(message)
        messages += answers
        removePictures()
    }

    /// Removes the pictures of a message, and tells the model.
    mutating func removePictures(at index: Int) {
        messages[index].images = []
        messages[index].content += "\n[The pictures of this result are too large to be shown.]"
    }

    /// Gives an id to each call that has none of its own.
    mutating func identified(_ calls: [OllamaToolCall]) -> [OllamaToolCall] {
        let theirs = Set(calls.compactMap(\.id))
        return calls.map { call in
            var call = call
            if let id = call.id, !id.isEmpty, ids.insert(id).inserted { return call }
            repeat {
                idsMade += 1
                call.id = "call_\(idsMade)"
            } while theirs.contains("call_\(idsMade)") || !ids.insert("call_\(idsMade)").inserted
            return call
        }
    }
}
