public import OllamaClient
public import ToolHost

extension ToolAnswer {
    /// The answer as a message to the model: whose call it answers, its text, and its pictures.
    ///
    /// - Parameter limit: The most characters (Unicode scalars) of the text; the middle is left out beyond it.
    public func chatMessage(limit: Int = .max) -> ChatMessage {
        ChatMessage(
            role: .tool,
            content: text.trimmed(to: limit),
            images: images,
            toolName: call.name,
            toolCallID: call.id
        )
    }
}
