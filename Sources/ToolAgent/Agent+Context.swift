import Locks
import OllamaClient
import ToolJSON

extension Agent {
    /// The use of the model's context window by the next request.
    ///
    /// It is an estimate from the length of the tools' definitions and the messages, which is calibrated with the counts
    /// of the server. The size of the window is unknown before the first response, unless
    /// ``AgentConfiguration/options`` has `num_ctx`.
    public var contextUsage: ContextUsage {
        state.withLock { ($0.window ?? newWindow(size: configuredSize)).usage(of: $0.conversation.messages) }
    }

    private var configuredSize: Int? { configuration.options["num_ctx"]?.int(in: ServerRange.contextLength) }

    private func newWindow(size: Int?) -> ContextWindow {
        ContextWindow(size: size, toolBytes: toolBytes)
    }

    /// The length of the tools' definitions in a request.
    var toolBytes: Int { configuration.standIns?.definitionBytes ?? definitions.byteCount }

    /// Determines the size of the context window before the first request.
    ///
    /// - Returns: False if the task was cancelled meanwhile.
    func determineContextSize(_ events: EventBuffer) async throws -> Bool {
        guard state.withLock({ $0.window == nil }) else { return true }
        var size = configuredSize
        if size == nil, configuration.learnsContextSize {
            let prepared = try await repeating(events) {
                try await client.prepare(model, options: configuration.options, keepAlive: configuration.keepAlive)
            }
            guard let prepared else { return false }
            size = prepared
        }
        let window = newWindow(size: size)
        state.withLock { $0.window = window }
        return !Task.isCancelled
    }

    /// Records the server's count of a prompt, before the reply is added to the conversation.
    ///
    /// - Parameter phase: The phase of the request. Only open requests have all tools and the bare conversation.
    /// - Returns: The cost of the reply, with the use of the window.
    func recordPrompt(of turn: TurnAssembly, _ phase: Phase, _ events: EventBuffer) async -> TurnMetrics {
        var metrics = turn.metrics
        let warning = state.withLock { state -> String? in
            let messages = state.conversation.messages
            guard phase == .open, let prompt = turn.end?.promptEvalCount else {
                metrics.context = state.window?.usage(of: messages)
                return nil
            }
            let warning = state.window?.record(prompt: prompt, output: turn.end?.evalCount ?? 0, messages: messages)
            let reply = turn.message(calls: turn.calls) ?? ChatMessage(role: .assistant)
            metrics.context = state.window?.usage(of: messages + [reply])
            return warning
        }
        if let warning { await events.send(.warning(message: warning)) }
        return metrics
    }
}
