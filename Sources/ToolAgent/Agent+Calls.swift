import Locks
import OllamaClient
import ToolHost

extension Agent {
    /// Runs the calls of a message, and adds the message and a result for each call to the conversation.
    func runCalls(of turn: TurnAssembly, _ callGuard: inout CallGuard, _ events: EventBuffer) async {
        noteOrigin(of: turn)
        let identified = state.withLock { $0.conversation.identified(turn.keptCalls) }
        let calls = identified.map { ToolCall($0, origin: turn.origin) }
        await events.send(.toolCalls(calls))
        // The reader sees the model's text before a call runs or the user is asked about it, and can still cancel.
        await events.drain()
        var refusals = callGuard.refusals(of: Array(calls.prefix(turn.calls.count)))
        refusals += calls.dropFirst(refusals.count).map { turn.surplus?.result(for: $0) }
        if turn.isTruncated {
            // A call that was cut off can look complete, and lack optional arguments or the end of a string.
            let sentence = "Not run: the message was cut off at the length limit. Make fewer or shorter calls."
            refusals = zip(refusals, calls).map {
                $0 ?? ToolResult(call: $1, status: .notRun, parts: [.text(sentence)])
            }
        }
        let results = await dispatch(calls, refusals, events)
        for warning in callGuard.record(results, refusals: refusals) { await events.send(.warning(message: warning)) }
        let window = state.withLock { $0.window }
        let limit = window?.resultLimit(configuration.resultCharacters) ?? configuration.resultCharacters
        let tokens = state.withLock { $0.controlTokens }
        let readSources = ownTools.results?.takeOutsideSources() ?? []
        var messages: [ChatMessage] = []
        for result in results {
            var (message, findings) = result.checkedMessage(
                limit: limit,
                tokens: tokens,
                handle: ownTools.results?.keep(result, limit: limit)
            )
            // Each of several reads gets the sources of all.
            if result.call.name == ResultReading.name { message.outsideSources.addSources(readSources) }
            messages.append(message)
            if let warning = findings.warning(about: "The result of \(result.call.name)") {
                await events.send(.warning(message: warning))
            }
        }
        callGuard.annotate(&messages, of: results)
        state.withLock { $0.conversation.add(turn.message(calls: identified), results: messages) }
        offerCalledTools(calls)
    }

    /// Runs the calls that have no result yet.
    private func dispatch(_ calls: [ToolCall], _ refusals: [ToolResult?], _ events: EventBuffer) async -> [ToolResult] {
        var results = refusals
        for (index, result) in results.enumerated() {
            if let result { await events.send(.finished(index, result)) }
        }
        func open() -> [Int] { results.indices.filter { results[$0] == nil } }
        if let standIns = configuration.standIns {
            let positions = open()
            for (index, result) in zip(positions, standIns.results(positions.map { ($0, calls[$0]) })) {
                guard let result else { continue }
                if result.duration > .zero {
                    await events.send(.call(DispatchEvent(callIndex: index, kind: .started(calls[index]))))
                }
                await events.send(.finished(index, result))
                results[index] = result
            }
        }
        let positions = open()
        if positions.isEmpty { return results.compactMap(\.self) }
        let dispatch = host.dispatch(
            positions.map { calls[$0] },
            offered: callableNames,
            context: callContext,
            own: ownTools.registered
        )
        for await event in dispatch {
            await events.send(.call(DispatchEvent(callIndex: positions[event.callIndex], kind: event.kind)))
        }
        for (position, result) in zip(positions, await dispatch.results) { results[position] = result }
        return results.compactMap(\.self)
    }
}

extension AgentEvent {
    /// Returns the event for a call that was not run.
    fileprivate static func finished(_ index: Int, _ result: ToolResult) -> AgentEvent {
        .call(DispatchEvent(callIndex: index, kind: .finished(result)))
    }
}
