import ToolRuntime

extension HostThreads {
    /// Runs blocking work on a thread of the host's own.
    ///
    /// - Parameter timeout: The maximum time to wait, or nil to wait for the end. After the timeout the work goes on,
    ///   and its value is discarded.
    /// - Returns: Nil after the timeout, or if no thread can be started.
    static func value<Value: Sendable>(
        timeout: Duration? = nil,
        of body: @escaping @Sendable () -> Value
    ) async -> Value? {
        let result = OneShot<Value>()
        let timer = timeout.map { timeout in
            DeadlineTimer.shared.schedule(at: .now + timeout) { result.give(nil) }
        }
        let isRunning = shared.run {
            result.give(body())
            if let timer { DeadlineTimer.shared.cancel(timer) }
        }
        if !isRunning { result.give(nil) }
        return await result.wait()
    }
}
