import OllamaClient
import ToolHost
import ToolJSON

extension Agent {
    /// Answers every call of a message, and adds the message and the answers to the conversation.
    func answerCalls(of turn: TurnAssembly, _ repetition: inout RepetitionWatch, _ events: EventSink) async {
        let theirs = conversation.identified(turn.calls)
        let calls = theirs.map { ToolCall(id: $0.id, name: $0.name, arguments: $0.arguments ?? .null) }
        events.send(.toolCalls(calls))
        if let warning = repetition.add(calls) { events.send(.warning(warning)) }
        let answers: [ToolAnswer]
        if turn.isTruncated {
            // A call that was cut off can look whole: it may lack optional arguments, or the end of a text.
            let sentence = "Not run: the message was cut off at the length limit. Make fewer or shorter calls."
            answers = calls.map { ToolAnswer(call: $0, status: .notRun, parts: [.text(sentence)]) }
            for (place, answer) in answers.enumerated() { events.send(.dispatch(.finished(place, answer))) }
        } else {
            answers = await dispatch(calls, events)
        }
        let limit = window?.resultLimit(configuration.resultCharacters) ?? configuration.resultCharacters
        conversation.add(turn.message(calls: theirs), answers: answers.map { $0.message(limit: limit) })
    }

    /// Runs the calls side by side, save those of tools that the model was not offered: the host may know these.
    private func dispatch(_ calls: [ToolCall], _ events: EventSink) async -> [ToolAnswer] {
        let offered = Set(tools.map(\.name))
        let places = calls.indices.filter { offered.contains(calls[$0].name) }
        var answers = calls.map { ToolAnswer(call: $0, status: .unknownTool, parts: [.text(unknown($0.name))]) }
        for place in calls.indices where !offered.contains(calls[place].name) {
            events.send(.dispatch(.finished(place, answers[place])))
        }
        let given = await host.dispatch(places.map { calls[$0] }) { event in
            events.send(.dispatch(event.moved { places[$0] }))
        }
        for (place, answer) in zip(places, given) { answers[place] = answer }
        return answers
    }

    private func unknown(_ name: String) -> String {
        let name = name.unicodeScalars.count > 80 ? String(name.unicodeScalars.prefix(80)) + "…" : name
        guard !tools.isEmpty else { return "Tool \(name) not found. There are no tools." }
        let shown = tools.prefix(64).map(\.name).joined(separator: ", ")
        let rest = tools.count - 64
        return "Tool \(name) not found. The tools are: \(shown)\(rest > 0 ? " and \(rest) more" : "")."
    }
}

extension ToolAnswer {
    /// The answer as the model is given it.
    fileprivate func message(limit: Int) -> ChatMessage {
        ChatMessage(
            role: .tool,
            content: text.trimmed(to: limit),
            images: images,
            toolName: call.name,
            toolCallID: call.id
        )
    }
}

extension DispatchEvent {
    /// The same event, of a call that stands elsewhere.
    fileprivate func moved(_ place: (Int) -> Int) -> DispatchEvent {
        switch self {
        case .started(let index, let call): .started(place(index), call)
        case .output(let index, let part): .output(place(index), part)
        case .progress(let index, let fraction, let message): .progress(place(index), fraction, message)
        case .finished(let index, let answer): .finished(place(index), answer)
        }
    }
}
