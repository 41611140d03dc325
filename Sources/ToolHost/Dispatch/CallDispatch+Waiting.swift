import ToolRuntime

extension CallDispatch {
    /// Waits in a task, and goes on with the steps of the call there.
    ///
    /// The task runs on this thread until it waits for the first time.
    func finishLater(_ wait: Wait) {
        let task = Task.immediate(executorPreference: HostExecutor.shared) {
            var next: Wait? = wait
            while let wait = next { next = await self.proceed(after: wait) }
        }
        batch.progress.isWaiting(index, task)
    }

    private func proceed(after wait: Wait) async -> Wait? {
        switch wait {
        case .names:
            // The calls after this one start first.
            await Task.yield()
            let refusal = batch.listing.refusal(of: call.name)
            return finish(
                refused(
                    refusal?.status ?? .unknownTool,
                    refusal?.sentence ?? batch.listing.sentence(forUnknown: call.name)
                )
            )
        case .check(let check):
            let outcome = await check.outcome(on: batch.checkThreads)
            guard let outcome, !Task.isCancelled else { return skip(cancelled) }
            let next = proceed(outcome)
            flush(check.tool)
            return next
        case .decision(let checked, let question):
            let decision = await batch.authorization.decision(on: question, index, checked.tool.grants)
            // Cancelling the prompt is not a refusal: the call is reported as cancelled, not denied.
            guard let decision, !Task.isCancelled else { return finish(cancelled, of: checked) }
            let next = proceed(checked, decision)
            flush(checked.tool)
            return next
        case .slot(let checked):
            guard await batch.slots.enter(checked.tool.slotKey) else {
                return finish(cancelled, of: checked)
            }
            run(checked)
            flush(checked.tool)
            return nil
        }
    }

    /// Sends the request of this call: no other call follows at once, and this thread does not wait for the result.
    private func flush(_ tool: RegisteredTool) {
        tool.source.flush()
        tool.source.assist(until: .now) { true }
    }
}
