import ToolRuntime

// MARK: - The messages of the process

extension WorkerPlugin {
    /// Handles a message that the registered process sent.
    func handle(
        _ message: WorkerMessage,
        from process: WorkerProcess,
        _ resolver: HostNameResolver
    ) throws(FrameError) {
        switch message {
        case .output(let id, let mediaType, let bytes, let continues):
            guard CallOutput.isMediaType(mediaType) else { throw FrameError("a result without a media type") }
            runningCall(id)?.write(mediaType, bytes, isSameWrite: continues)
        case .progress(let id, let fraction, let text):
            runningCall(id)?.progress(fraction, text)
        case .ended(let id, let end):
            guard let call = runningCall(id) else { return }
            state.change { $0.machine.callDidAnswer(call) }
            HostThreads.deliver {
                call.complete(end.reason, isTruncated: end.isTruncated, duration: end.duration) {
                    // The worker noticed the deadline before this process did; the call still runs.
                    if end.reason == .timedOut { stop(call) }
                }
            }
        case .returned(let id, let isOver):
            guard let call = runningCall(id) else { return }
            if isOver { failUnanswered(call) }
            handle { $0.callDidReturn(call, isOver: isOver, at: .now) }
        case .released(let id):
            guard let call = runningCall(id) else { return }
            failUnanswered(call)
            handle { $0.callDidReturn(call, isOver: true, at: .now) }
        case .violation(let sentence):
            record(sentence)
        case .resolve(let question, let name):
            try resolver.resolve(name, question, for: process)
        case .holdsHandles(let keepsState):
            // Only bindings have handles.
            if settings.file.isBinding { state.change { $0.machine.processDidReport(keepsState: keepsState) } }
        default:
            throw FrameError("a message that is not expected here")
        }
    }

    private func runningCall(_ id: UInt64) -> IsolatedCall? { state.changeQuietly { $0.machine.runningCall(id) } }

    /// Fails a call that is over without a result: the worker violates the protocol.
    private func failUnanswered(_ call: IsolatedCall) {
        call.complete(.failed("Its worker process completed the call and sent no result."))
    }
}
