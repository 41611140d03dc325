import ToolRuntime

extension DispatchProgress {
    /// The time for which a thread waits before its task does.
    ///
    /// Many calls end within it. A longer one occupies the thread no longer than a short computation.
    private static let timeOnThread = Duration.microseconds(50)

    /// Returns the next event, or nil after the last one.
    ///
    /// If the surrounding task is cancelled, the calls are cancelled.
    func next(isolation: isolated (any Actor)?) async -> DispatchEvent? {
        if Task.isCancelled { cancel() }
        if let event = nextEvent() { return event }
        waitOnThread(for: .event)
        return await withTaskCancellationHandler(
            operation: {
                if let event = nextEvent() { return event }
                return await withCheckedContinuation(isolation: isolation) { continuation in
                    if let event = nextEvent(for: continuation) { continuation.resume(returning: event) }
                }
            },
            onCancel: { cancel() },
            isolation: isolation
        )
    }

    /// Returns the results once every call has one.
    ///
    /// If the surrounding task is cancelled, the calls are cancelled.
    nonisolated(nonsending) func results() async -> [ToolResult] {
        if let results = results(for: nil) { return results }
        if !Task.isCancelled {
            waitOnThread(for: .results)
            if let results = results(for: nil) { return results }
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let results = results(for: continuation) { continuation.resume(returning: results) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Lets the sources of the running calls receive the events on their own threads, because this thread does not wait.
    func leaveToSources() {
        let (source, others) = sources
        source?.assist(until: .now) { true }
        for source in others { source.assist(until: .now) { true } }
    }

    /// Waits on this thread for a short time, if a call runs.
    ///
    /// A task that waits has to be scheduled again, which costs as much as a short call.
    private func waitOnThread(for awaited: ParkedThread.Awaited) {
        let (source, others) = sources
        guard let source else { return }
        let end = MonotonicInstant.now + Self.timeOnThread
        if others.isEmpty {
            source.assist(until: end) { has(awaited) }
        } else {
            // This thread cannot receive from several sources at once, so their own threads do.
            leaveToSources()
        }
        ParkedThread.wait(for: awaited, in: self, until: end)
    }
}
