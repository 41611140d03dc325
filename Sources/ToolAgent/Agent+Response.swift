import Locks
import OllamaClient
import ToolHost

extension Agent {
    /// Adds a prompt to the conversation, and runs the loop of requests and calls.
    ///
    /// - Throws: The error of the model or an ``AgentError``. A prompt without any reply is removed again.
    func respond(to prompt: ChatMessage, _ events: EventBuffer) async throws -> AgentOutcome {
        let observers = configuration.observers
        for observe in observers { observe(.began(prompt: prompt, agent: self)) }
        do {
            let outcome = try await answer(prompt, events)
            for observe in observers { observe(.ended(.success(outcome))) }
            return outcome
        } catch {
            for observe in observers { observe(.ended(.failure(error))) }
            throw error
        }
    }

    private func answer(_ prompt: ChatMessage, _ events: EventBuffer) async throws -> AgentOutcome {
        let before = state.withLock { state in
            let before = state.conversation.checkpoint
            state.conversation.ask(prompt)
            return before
        }
        do {
            return try await run(events)
        } catch {
            state.withLock { if $0.conversation.endsWithPrompt { $0.conversation.restore(before) } }
            throw error
        }
    }

    private func run(_ events: EventBuffer) async throws -> AgentOutcome {
        var rounds = 0
        try checkToolChoice()
        var phase = Phase(rounds: 0, of: configuration, hasTools: !offered.isEmpty)
        var mustCall = requiredNames != nil && phase == .open
        var callGuard = CallGuard()
        var notices = ContextNotices()
        func outcome(_ reason: AgentOutcome.StopReason, _ text: String = "") -> AgentOutcome {
            AgentOutcome(reason: reason, text: text, rounds: rounds)
        }

        guard try await checkCapabilities(events), try await determineContextSize(events) else {
            return outcome(.cancelled)
        }
        while true {
            await fitContext(&notices, events)
            var turn = try await mustCall ? forcedTurn(events) : nextTurn(phase, events)
            guard turn.isComplete, !Task.isCancelled || turn.calls.isEmpty && !mustCall else {
                state.withLock { $0.conversation.add(turn.interruptedMessage) }
                return outcome(.cancelled, turn.content)
            }
            if phase == .open { await readPrintedCalls(in: &turn, events) }
            if phase == .open, !turn.calls.isEmpty {
                rounds += 1
                mustCall = false
                await runCalls(of: turn, &callGuard, events)
                if Task.isCancelled { return outcome(.cancelled, turn.content) }
                if callGuard.mustEnd { return outcome(.repeatedCalls, turn.content) }
                phase = Phase(rounds: rounds, of: configuration, hasTools: !offered.isEmpty)
            } else if phase == .open, configuration.format != nil {
                // This message only shows that the model needs no more calls; the answer is the next one, in the
                // format.
                phase = .formatted
            } else {
                state.withLock { $0.conversation.add(turn.message(calls: [])) }
                if turn.isTruncated { return outcome(.truncated, turn.content) }
                if rounds >= configuration.maximumRounds { return outcome(.roundLimit, turn.content) }
                return outcome(turn.isBlank ? .emptyAnswer : .answered, turn.content)
            }
        }
    }
}
