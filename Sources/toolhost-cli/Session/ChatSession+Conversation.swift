import OllamaClient
import Terminal
import ToolAgent

extension ChatSession {
    /// Begins a new conversation.
    func begin() throws {
        let fresh = try ChatHistory(isStored: history.isStored)
        try restart(messages: [])
        (history, failedPrompt) = (fresh, nil)
        Console.error.line("A new conversation begins.")
    }

    /// Names the conversation.
    func save(_ name: String) async throws(CommandError) {
        guard history.isStored else {
            throw CommandError(.usage, "The conversation is not stored. To store it, start the chat with --history.")
        }
        await history.record(agent)
        try history.save(name)
        let time: TerminalLine = history.conversation == nil ? "will be stored with its first answer" : "is stored"
        Console.error.line(
            "The conversation \(time). To continue it: toolhost chat --session \(name.shellWord, limit: 200)"
        )
    }

    /// Continues another conversation.
    func load(_ name: String) async throws {
        let loaded = try ChatHistory(isStored: history.isStored)
        try loaded.load(name)
        try restart(model: keepsModel ? nil : loaded.model, messages: loaded.messages)
        (history, failedPrompt) = (loaded, nil)
        if let number = history.conversation { showConversation(number) }
        Console.error.line("The model is \(agent.model, limit: 100).")
    }

    /// Removes the last prompt and its answer.
    func undo() async throws {
        failedPrompt = nil
        guard let prompt = try agent.undo() else { return Console.error.line("There is no prompt to remove.") }
        await history.record(agent)
        let text = prompt.content.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        Console.error.line("Removed the prompt and its answer: \(text, limit: 100)")
    }

    /// Sends the last prompt again; its calls need the same permissions and answers as before.
    func retry() async throws {
        let failed = failedPrompt
        guard let prompt = try failed ?? agent.undo() else {
            return Console.error.line("There is no prompt to ask again.")
        }
        await respond(to: prompt)
    }
}
