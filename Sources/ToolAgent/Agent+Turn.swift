import OllamaClient
import ToolHost
import ToolJSON

extension Agent {
    private static let retries = 2

    /// Asks for one message of the model.
    ///
    /// - Returns: The message; an incomplete one only if the task was cancelled.
    /// - Throws: The server's error. What the model said until then is in the conversation.
    func nextTurn(_ phase: Phase, _ events: EventSink) async throws -> TurnAssembly {
        try conversation.checkSize()
        let request = request(phase)
        // Words that a form will replace are not shown.
        let showsContent = phase != .open || configuration.format == nil
        var failures = 0
        while true {
            var turn = TurnAssembly(maximumCalls: host.configuration.limits.calls)
            do {
                for try await chunk in client.chat(request) {
                    try turn.add(chunk)
                    if let thinking = chunk.message.thinking, !thinking.isEmpty { events.send(.thinking(thinking)) }
                    if showsContent, !chunk.message.content.isEmpty { events.send(.content(chunk.message.content)) }
                }
                // A cancelled stream ends without an error.
                if !turn.isComplete, !Task.isCancelled { throw OllamaError.incompleteResponse }
                if turn.isComplete { events.send(.turnFinished(turn.metrics)) }
                return turn
            } catch {
                if Task.isCancelled { return turn }
                if let fault = error as? OllamaError, fault.isModelFault, failures < Self.retries {
                    failures += 1
                    events.send(.retrying("\(fault) Asking again (\(failures) of \(Self.retries))."))
                    continue
                }
                conversation.add(turn.interruptedMessage)
                throw error
            }
        }
    }

    private func request(_ phase: Phase) -> ChatRequest {
        var request = ChatRequest(model: model, messages: messages)
        request.tools = phase == .open ? definitions : []
        request.format = phase == .bound ? configuration.format : nil
        request.stream = configuration.streams
        request.think = configuration.think
        request.keepAlive = configuration.keepAlive
        // One more than is run: it is answered for all that are not kept.
        request.maximumCalls = host.configuration.limits.calls + 1
        request.options = configuration.options
        // Always the same: another size would make the server load the model anew.
        if let size = window?.size { request.options["num_ctx"] = .int(size) }
        return request
    }
}

// MARK: - The window

extension Agent {
    /// Finds out how much the model can read at once, before the first request.
    ///
    /// - Returns: Whether to go on; not if the task was cancelled meanwhile.
    func learnContextSize() async throws -> Bool {
        guard window == nil else { return true }
        var size = configuration.options["num_ctx"]?.int(in: ServerRange.contextLength)
        if size == nil, configuration.learnsContextSize {
            do {
                try await client.preload(model, options: configuration.options, keepAlive: configuration.keepAlive)
                size = try await client.running().first { $0.isNamed(model) }?.contextLength
            } catch {
                if Task.isCancelled { return false }
                // Some servers speak this protocol and do not know how to preload, or to tell what is loaded.
                let isTolerable = [.invalidRequest, .invalidResponse, .serverFault].contains(
                    (error as? OllamaError)?.code
                )
                guard isTolerable else { throw error }
            }
        }
        let characters = definitions.reduce(0) { $0 + $1.bytes().count }
        window = ContextWindow(size: size, toolCharacters: characters)
        return !Task.isCancelled
    }

    /// Takes what the server counted, before the message is added to the conversation.
    func measure(_ turn: TurnAssembly) {
        guard let prompt = turn.end?.promptEvalCount else { return }
        window?.measure(tokens: prompt + (turn.end?.evalCount ?? 0), messages: messages.count + 1)
    }
}
