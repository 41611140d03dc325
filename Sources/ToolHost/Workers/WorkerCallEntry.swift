import ToolRuntime

/// A call with its place in the lifecycle of its worker process.
struct WorkerCallEntry<Call: WorkerCall>: Sendable {
    let call: Call
    /// The time at which the call times out, or nil while its timeout does not run.
    var deadline: MonotonicInstant?
    /// The number of times that the call was passed to a process.
    var attempts = 0
    /// The number of processes that exited while the call waited to be sent.
    var endedProcesses = 0
    /// The number of bytes that were passed to the process before the call.
    ///
    /// A process that received no more than these has not seen the call.
    var position = 0
    /// True if the process was asked to stop the call.
    var isStopping = false
    /// True if the call has its result.
    var isAnswered = false

    init(_ call: Call) { self.call = call }
}
