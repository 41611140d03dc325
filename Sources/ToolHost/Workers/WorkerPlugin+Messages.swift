import ToolRuntime

// MARK: - The messages of the process

extension WorkerPlugin {
    /// Handles a message that the registered process sent.
    ///
    /// - Parameter reports: Receives the results to report.
    func handle(
        _ message: WorkerMessage,
        from process: WorkerProcess,
        _ resolver: HostNameResolver,
        _ reports: inout ShortList<CallReport>
    ) throws(FrameError) {
        switch message {
        case .output(let id, let mediaType, let bytes, let continues):
            guard CallOutput.isMediaType(mediaType) else { throw FrameError("a result without a media type") }
            runningCall(id)?.write(mediaType, bytes, isSameWrite: continues)
        case .progress(let id, let fraction, let text):
            runningCall(id)?.progress(fraction, text)
        case .ended(let id, let end):
            guard let call = state.change({ $0.machine.callDidAnswer(id) }),
                let result = call.end(end.reason, isTruncated: end.isTruncated, duration: end.duration)
            else { return }
            // The worker noticed the deadline before this process did; the call still runs.
            if end.reason == .timedOut { stop(call) }
            reports.append(CallReport(call: call, end: result))
        case .returned(let id, let isOver):
            callDidReturn(id, isOver: isOver, &reports)
        case .released(let id):
            callDidReturn(id, isOver: true, &reports)
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

    private func callDidReturn(_ id: UInt64, isOver: Bool, _ reports: inout ShortList<CallReport>) {
        guard let call = runningCall(id) else { return }
        // A call that is over without a result: the worker violates the protocol.
        if isOver, let end = call.end(.failed("Its worker process completed the call and sent no result.")) {
            reports.append(CallReport(call: call, end: end))
        }
        handle { $0.callDidReturn(call, isOver: isOver, at: .now) }
    }
}
