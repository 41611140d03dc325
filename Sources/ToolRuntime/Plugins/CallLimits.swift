/// The limits of a call.
package struct CallLimits: Sendable {
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
}

extension CallRequest {
    var limits: CallLimits {
        CallLimits(
            timeout: timeout,
            grace: grace,
            resultBytes: resultBytes,
            keepsOutput: keepsOutput,
            budget: budget
        )
    }
}
