import ToolJSON

extension LoadedPlugin {
    /// Starts a call as soon as the plugin's lane is free.
    ///
    /// It runs on a thread of the host. With ``runsOnCaller`` it runs on this thread, unless it has to wait.
    ///
    /// - Parameters:
    ///   - tool: One of ``tools``.
    ///   - request: The arguments and limits.
    ///   - observe: Receives the events of the call, on an arbitrary thread; it must not block.
    package func start(
        _ tool: LoadedTool,
        _ request: CallRequest,
        observe: @escaping @Sendable (CallEvent) -> Void
    ) -> PluginCall {
        let record = request.arguments.bytes.withUnsafeBytes { bytes in
            CallRecord(
                plugin: self,
                tool: tool,
                limits: request.limits,
                arguments: bytes,
                values: .object(request.arguments.object),
                observer: .closure(observe)
            )
        }
        let call = PluginCall(record: record)
        // The timeout could not interrupt a call on this thread, and starting it takes longer than such a call.
        call.begin(here: runsOnCaller, isWatched: runsOnCaller)
        return call
    }

    func launch(_ record: CallRecord) {
        guard HostThreads.shared.run({ record.execute() }) else {
            record.fail("The system has no thread left to run it on.")
            leave(record)
            return
        }
    }

    /// Handles the return of a call's `execute`, or a call that never started: the lane is free.
    func leave(_ record: CallRecord) {
        if let next = lane.leave(record) { launch(next) }
    }

    /// Handles a call whose `execute` does not return: no other call of the plugin can run until it does.
    func wedge(_ record: CallRecord) {
        let stranded = lane.wedge(record)
        for other in stranded { other.fail(Lane<CallRecord>.wedgedSentence) }
    }
}

extension LoadedPlugin {
    /// True if a call is stuck, so that no other is admitted.
    package var isWedged: Bool { lane.isWedged }
}
