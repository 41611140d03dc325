import ToolHost

/// A count of the messages in a row whose calls of a tool have invalid arguments.
///
/// A model that fails several times, although each result says what was wrong, will not succeed. Its further calls of
/// the tool are not run in the same response. Calls of one message count once, because the model had seen none of their
/// results.
struct InvalidCallBudget: Sendable {
    /// The number of messages after which the tool is not run again.
    static let maximumFailures = 3

    private var failures: [String: Int] = [:]

    /// Returns true if the calls of a tool are not run.
    func isExhausted(_ tool: String) -> Bool { failures[tool, default: 0] >= Self.maximumFailures }

    /// Records the results of the calls of a message that ran.
    ///
    /// - Returns: The names of the tools whose next calls are not run, in the order of the results.
    mutating func record(_ results: [ToolResult]) -> [String] {
        var succeeded: Set<String> = []
        var failed: [String] = []
        for result in results {
            switch result.status {
            case .invalidArguments: if !failed.contains(result.call.name) { failed.append(result.call.name) }
            // Such a call says nothing about the arguments.
            case .cancelled, .denied, .notRun, .unknownTool: break
            case .ok, .toolError, .pluginFailed, .timedOut: succeeded.insert(result.call.name)
            }
        }
        for name in succeeded { failures[name] = nil }
        let repeated = failed.filter { !succeeded.contains($0) }
        for name in repeated { failures[name, default: 0] += 1 }
        return repeated.filter(isExhausted)
    }
}
