import ToolRuntime

/// A call as the lifecycle of its worker process sees it.
protocol WorkerCall: LaneJob {
    /// True if the call may run a second time after it was lost, because it changes nothing.
    var isRepeatable: Bool { get }

    /// The time from the moment when the call is sent to its result.
    var timeout: Duration { get }
}
