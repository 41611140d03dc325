/// A stand-in for a model, which sends the same reply to the same request and stores nothing between requests.
struct Rehearsal {
    func reply(to request: ChatRequest) -> Reply {
        if request.messages.isEmpty { return Reply(doneReason: request.unloads ? "unload" : "load") }
        let answers = request.answers
        let plan = Planner(request.tools).plan(request.prompt)
        var reply = Reply()
        if request.wantsThinking { reply.thinking = Composer.thinking(plan, answers: answers) }
        switch plan.progress(answers: answers) {
        case .call(let calls):
            reply.calls = calls
        case .finished(let result):
            reply.content =
                answers.isEmpty
                ? Composer.noCalls(plan, tools: request.tools)
                : Composer.answer(answers, result: result, gaps: plan.gaps)
        }
        return reply
    }
}
