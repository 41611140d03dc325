import Locks
import OllamaClient
import ToolHost
import ToolJSON

extension Agent {
    /// The text that asks for another message after an empty one.
    ///
    /// It is sent once and is not part of the conversation.
    private func hint(for conversation: Conversation, _ phase: Phase) -> String {
        if phase == .last { return "Your last message was empty. Answer in words now, with the results above." }
        // After results it must not ask for a call again: the last calls have been run.
        return conversation.endsWithResult
            ? "Your last message was empty. The calls above have been run; do not repeat them. Answer in words, or "
                + "make the next call."
            : "Your last message was empty. If you meant to call a tool, call it again: one of the tools above by its "
                + "exact name, with its arguments as one valid JSON object. Otherwise answer in words."
    }

    private static let emptyMessage =
        "The model's message is empty. The server may have discarded a call that it could not read."

    /// Requests one message of the model.
    ///
    /// If the agent has tools and the message is empty, the model is asked once more. After a failure, the request is
    /// repeated as ``RetryPlan`` decides, or in the form that the model reads.
    ///
    /// - Returns: The message; an incomplete one only if the task was cancelled.
    /// - Throws: The error of the model. The conversation then has the content of the incomplete message.
    func nextTurn(_ phase: Phase, _ events: EventBuffer) async throws -> TurnAssembly {
        try state.withLock { state throws(AgentError) in try state.conversation.checkSize() }
        var request = request(phase)
        // Text that is replaced by the answer in the requested format, or that may be discarded, is not shown.
        let showsContent = phase == .open ? configuration.format == nil : phase != .forced && phase != .call
        var plan = RetryPlan()
        var hasHint = false
        var isCompacted = false
        while true {
            var turn = TurnAssembly(maximumCalls: host.configuration.limits.calls)
            var hasReceived = false
            do {
                for try await chunk in client.chat(request) {
                    hasReceived = true
                    let parts = try turn.add(chunk)
                    if showsContent, parts.takesBack {
                        await events.send(
                            .warning(message: "The text so far is the model's thinking; its opening tag is missing.")
                        )
                    }
                    if !parts.thinking.isEmpty { await events.send(.thinking(text: parts.thinking)) }
                    if showsContent, !parts.content.isEmpty { await events.send(.content(text: parts.content)) }
                }
                // A cancelled stream ends without an error.
                if !turn.isComplete, !Task.isCancelled { throw OllamaError.incompleteResponse }
                let mayAnswer = phase == .open || phase == .last
                if mayAnswer, turn.isComplete, turn.isEmpty, !offered.isEmpty, !Task.isCancelled {
                    if !hasHint {
                        hasHint = true
                        let conversation = state.withLock { $0.requested }
                        let hint = hint(for: conversation, phase)
                        request.messages = conversation.hinted(hint, after: "(empty message)")
                        await events.send(.retrying(reason: "\(Self.emptyMessage) Asking once more with a hint."))
                        await events.send(.turnFinished(metrics: turn.metrics))
                        continue
                    }
                    await events.send(
                        .warning(message: "The model was asked once more, with a hint. \(Self.emptyMessage)")
                    )
                }
                // A message without the required call is first reported as discarded.
                if turn.isComplete, phase != .forced {
                    await events.send(.turnFinished(metrics: recordPrompt(of: turn, phase, events)))
                }
                return turn
            } catch {
                if Task.isCancelled { return turn }
                if !isCompacted, (error as? OllamaError)?.code == .contextExceeded, await compactRefusedPrompt(events) {
                    isCompacted = true
                    request = self.request(phase)
                    continue
                }
                if let mend = adaptation.mend(after: error, request) {
                    await events.send(.retrying(reason: "\(error) \(mend)"))
                    continue
                }
                let offersTools = !request.tools.isEmpty
                if let retry = plan.retry(after: error, hasReceived: hasReceived, offersTools: offersTools) {
                    await events.send(.retrying(reason: retry.reason))
                    guard await pause(for: retry.delay) else { return turn }
                    if let hint = retry.hint {
                        let conversation = state.withLock { $0.requested }
                        request.messages = conversation.hinted(hint, after: "(unreadable call)")
                    }
                    continue
                }
                if phase != .call { state.withLock { $0.conversation.add(turn.interruptedMessage) } }
                throw error
            }
        }
    }

    /// Makes a request that is not for a message, and repeats it as ``RetryPlan`` decides.
    ///
    /// - Returns: The response, or nil if the task was cancelled meanwhile.
    func repeating<Response>(
        _ events: EventBuffer,
        _ request: () async throws -> Response
    ) async throws -> Response? {
        var plan = RetryPlan()
        while true {
            do {
                let response = try await request()
                return Task.isCancelled ? nil : response
            } catch {
                if Task.isCancelled { return nil }
                guard let retry = plan.retry(after: error, hasReceived: false, offersTools: false) else { throw error }
                await events.send(.retrying(reason: retry.reason))
                guard await pause(for: retry.delay) else { return nil }
            }
        }
    }

    /// Waits, and returns false if the task was cancelled meanwhile.
    private func pause(for time: Duration) async -> Bool {
        if time > .zero { try? await configuration.pause(time) }
        return !Task.isCancelled
    }

    private func request(_ phase: Phase) -> ChatRequest {
        var request = ChatRequest(model: model, messages: state.withLock { $0.requested.messages })
        switch phase {
        case .open:
            request.encodedTools = definitions
        case .forced:
            request.encodedTools = requiredDefinitions
        case .call:
            var conversation = state.withLock { $0.requested }
            conversation.ask(ChatMessage(role: .user, content: callInstruction))
            request.messages = conversation.messages
            request.format = callFormat
        case .formatted:
            request.format = configuration.format
        case .last:
            break
        }
        request.stream = configuration.streams
        request.think = configuration.think
        request.keepAlive = configuration.keepAlive
        // One more than is run: its result stands for all calls that are not kept.
        request.maximumCalls = host.configuration.limits.calls + 1
        request.options = configuration.options
        // Always the same: with another size the server would load the model again.
        if let size = state.withLock({ $0.window })?.size { request.options["num_ctx"] = .int(size) }
        return request
    }
}
