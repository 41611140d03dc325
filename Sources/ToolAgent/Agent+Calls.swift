import Locks
import OllamaClient
import ToolHost

extension Agent {
    /// Runs the calls of a message, and adds the message and a result for each call to the conversation.
    func runCalls(of turn: TurnAssembly, _ repetition: inout RepetitionWatch, _ events: EventBuffer) async {
        let identified = state.withLock { $0.conversation.identified(turn.keptCalls) }
        let calls = identified.map(ToolCall.init)
        await events.send(.toolCalls(calls))
        if let warning = repetition.add(calls) { await events.send(.warning(message: warning)) }
        // The reader sees the model's text before a call runs or the user is asked about it, and can still cancel.
        await events.drain()
        var results: [ToolResult]
        if turn.isTruncated {
            // A call that was cut off can look complete, and lack optional arguments or the end of a string.
            let sentence = "Not run: the message was cut off at the length limit. Make fewer or shorter calls."
            results = calls.map { ToolResult(call: $0, status: .notRun, parts: [.text(sentence)]) }
            for (index, result) in results.enumerated() { await events.send(.finished(index, result)) }
        } else {
            results = await dispatch(Array(calls.prefix(turn.calls.count)), events)
            if let surplus = turn.surplus, let call = calls.last {
                let result = surplus.result(for: call)
                await events.send(.finished(results.count, result))
                results.append(result)
            }
        }
        let window = state.withLock { $0.window }
        let limit = window?.resultLimit(configuration.resultCharacters) ?? configuration.resultCharacters
        var messages: [ChatMessage] = []
        for result in results {
            let (message, findings) = result.checkedMessage(
                limit: limit,
                handle: ownTools.results?.keep(result, limit: limit)
            )
            messages.append(message)
            if let warning = findings.warning(about: "The result of \(result.call.name)") {
                await events.send(.warning(message: warning))
            }
        }
        state.withLock { $0.conversation.add(turn.message(calls: identified), results: messages) }
    }

    private func dispatch(_ calls: [ToolCall], _ events: EventBuffer) async -> [ToolResult] {
        if let standIns = configuration.standIns { return await dispatch(calls, standIns, events) }
        let dispatch = host.dispatch(calls, offered: callableNames, own: ownTools.registered)
        for await event in dispatch { await events.send(.call(event)) }
        return await dispatch.results
    }

    /// Runs the calls that have no other result.
    private func dispatch(_ calls: [ToolCall], _ standIns: StandInTools, _ events: EventBuffer) async -> [ToolResult] {
        var results = standIns.results(calls)
        for (index, result) in results.enumerated() {
            guard let result else { continue }
            if result.duration > .zero {
                await events.send(.call(DispatchEvent(callIndex: index, kind: .started(calls[index]))))
            }
            await events.send(.finished(index, result))
        }
        let positions = results.indices.filter { results[$0] == nil }
        let rest = positions.map { calls[$0] }
        let dispatch = host.dispatch(rest, offered: callableNames, own: ownTools.registered)
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
