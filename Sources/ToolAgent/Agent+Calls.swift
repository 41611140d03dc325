import OllamaClient
import ToolHost
import ToolJSON

extension Agent {
    /// Answers every call of a message, and adds the message and the answers to the conversation.
    func answerCalls(of turn: TurnAssembly, _ repetition: inout RepetitionWatch, _ events: EventSink) async {
        let theirs = conversation.identified(turn.keptCalls)
        let calls = theirs.map(ToolCall.init)
        events.send(.toolCalls(calls))
        if let warning = repetition.add(calls) { events.send(.warning(warning)) }
        var answers: [ToolResult]
        if turn.isTruncated {
            // A call that was cut off can look whole: it may lack optional arguments, or the end of a text.
            let sentence = "Not run: the message was cut off at the length limit. Make fewer or shorter calls."
            answers = calls.map { ToolResult(call: $0, status: .notRun, parts: [.text(sentence)]) }
            for (place, answer) in answers.enumerated() { events.send(.dispatch(.finished(place, answer))) }
        } else {
            let toRun = Array(calls.prefix(turn.calls.count))
            answers = await host.dispatch(toRun, offered: callableNames) { events.send(.dispatch($0)) }
            if let surplus = turn.surplus, let call = calls.last {
                let answer = surplus.answer(to: call)
                events.send(.dispatch(.finished(toRun.count, answer)))
                answers.append(answer)
            }
        }
        let limit = window?.resultLimit(configuration.resultCharacters) ?? configuration.resultCharacters
        conversation.add(turn.message(calls: theirs), answers: answers.map { $0.chatMessage(limit: limit) })
    }
}
