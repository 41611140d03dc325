import ToolRuntime

/// A result that is reported once the messages that arrived with it have been handled.
///
/// A report may resume the task that waits for it, which must not hold up the messages of other calls.
struct CallReport: Sendable {
    let call: IsolatedCall
    let end: CallEnd

    /// Reports the result, and runs the task that waits for it on this thread.
    func deliver() {
        HostThreads.deliver { call.report(end) }
    }
}
