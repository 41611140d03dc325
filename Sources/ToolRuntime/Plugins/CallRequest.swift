/// A call of a tool, with its limits.
package struct CallRequest: Sendable {
    /// The arguments, serialised once and measured by the host.
    package let arguments: SerialisedArguments
    /// The time from the start of the tool's code to its result.
    package var timeout: Duration
    /// The time from the deadline until a plugin that has not stopped counts as stuck.
    package var grace: Duration
    /// The maximum number of bytes of the result.
    package var resultBytes: Int
    /// True if the end of the call has the whole result, and not only its size.
    package var keepsOutput = true
    /// The bytes that are left for the results of the whole message, or nil for no limit.
    package var budget: ResultBudget?
    /// True if the call may run a second time after it was lost with its worker.
    package var isRepeatable = false

    /// Creates a request.
    package init(arguments: SerialisedArguments, timeout: Duration, grace: Duration, resultBytes: Int) {
        self.arguments = arguments
        self.timeout = timeout
        self.grace = grace
        self.resultBytes = resultBytes
    }
}
