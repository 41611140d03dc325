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
        beginToolSearch(window: size)
        let window = newWindow(size: size)
        state.withLock { $0.window = window }
        return !Task.isCancelled
    }

    /// Makes room in the context window before a request, and warns the user about a full one.
    ///
    /// - Parameter notices: The warnings of this response so far.
    func fitContext(_ notices: inout ContextNotices, _ events: EventBuffer) async {
        if let overflow = state.withLock({ $0.window?.overflow(of: $0.conversation.messages) }),
            let change = await compact(overflow, events), !notices.hasCompacted
        {
            notices.hasCompacted = true
            await events.send(.warning(message: change))
        }
        guard !notices.isFull, let warning = state.withLock({ $0.window?.warning(for: $0.conversation.messages) })
        else { return }
        notices.isFull = true
        await events.send(.warning(message: warning))
    }

    /// Compacts the conversation after the server has refused it as too long.
    ///
    /// - Returns: False if the request would stay the same.
    func compactRefusedPrompt(_ events: EventBuffer) async -> Bool {
        let overflow = state.withLock { $0.window?.overflow(of: $0.conversation.messages, isRefused: true) }
        guard let overflow, let change = await compact(overflow, events) else { return false }
        await events.send(.retrying(reason: "The server refuses the prompt as too long. \(change)"))
        return true
    }

    /// Uses the selection of the strategy for the following requests.
    ///
    /// - Returns: A sentence for the user, or nil if nothing changes.
    private func compact(_ overflow: ContextOverflow, _ events: EventBuffer) async -> String? {
        var selection: [ChatMessage]?
        if let strategy = configuration.contextStrategy {
            selection = try? await strategy(overflow)
            if let messages = selection, !overflow.accepts(messages) { selection = nil }
            if selection == nil, !Task.isCancelled {
                let reason = "The program's context strategy failed or returned messages that cannot be sent."
                await events.send(.warning(message: reason + " The default one is used."))
            }
        }
        let used = selection ?? overflow.defaultSelection
        return state.withLock { state -> String? in
            let messages = state.conversation.messages
            let before = state.window?.tokens(of: messages) ?? 0
            guard state.window?.compact(messages, to: used) == true else { return nil }
            let after = state.window?.tokens(of: messages) ?? 0
            return "To make room in the context window, requests omit older parts of the conversation from now on: "
                + "they take about \(after) tokens instead of \(before). The conversation itself stays whole."
        }
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
