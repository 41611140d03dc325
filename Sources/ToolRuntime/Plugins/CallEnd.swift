/// The end of a call, as its caller sees it.
package struct CallEnd: Sendable {
    /// The ways in which a call ends.
    package enum Reason: Sendable, Hashable {
        /// The plugin completed the call with a status.
        case completed(Int32)
        /// The deadline passed.
        case timedOut
        /// The caller cancelled the call.
        case cancelled
        /// The plugin violated the contract or cannot be called, as a sentence describes.
        case failed(String)
    }

    package let reason: Reason
    /// The result, complete or up to the moment when the call was stopped.
    package let output: CallOutput
    /// The time from the start of the tool's code; zero if none of it ran.
    package let duration: Duration
    /// The action that solves the problem of a failed call, if the host knows one.
    package let remedy: Remedy?

    package init(reason: Reason, output: CallOutput, duration: Duration, remedy: Remedy? = nil) {
        self.reason = reason
        self.output = output
        self.duration = duration
        self.remedy = remedy
    }
}
