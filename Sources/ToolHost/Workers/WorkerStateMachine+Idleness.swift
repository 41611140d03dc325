import ToolRuntime

// MARK: - The process between its calls

extension WorkerStateMachine {
    /// A measurement of an idle process.
    struct Rest {
        /// The end of the last call.
        let start: MonotonicInstant
        /// The processor time that the process had used when it was first measured after that.
        let used: Duration
        /// The number of bytes that the process has sent so far.
        var received: Int
    }

    /// The processor time that a plugin may use while none of its calls runs.
    ///
    /// The kernel's limit (`RLIMIT_CPU`) would have to be raised for each call, and the plugin could then raise it too.
    static var idleProcessorTime: Duration { .seconds(2) }

    /// The bytes that a plugin may send between two measurements while none of its calls runs: each message costs the
    /// host time.
    static var idleBytes: Int { 64 << 10 }

    /// The process was measured.
    ///
    /// - Parameters:
    ///   - used: The processor time that it has used so far.
    ///   - received: The number of bytes that it has sent so far.
    ///   - idleTime: The time without calls after which the process is closed.
    mutating func idleTick(
        of process: Process,
        used: Duration,
        received: Int,
        idleTime: Duration,
        at now: MonotonicInstant
    ) -> Actions {
        guard case .running(let current) = phase, current === process else { return Actions() }
        guard running.isEmpty else {
            rest = nil
            var actions = Actions(.stopOverdueCalls(running.map(\.call)))
            actions.append(.watch(process))
            return actions
        }
        var measured = Rest(start: lastUse, used: used, received: received)
        if let rest, rest.start == lastUse {
            measured = Rest(start: lastUse, used: rest.used, received: received)
            if received - rest.received > Self.idleBytes { return kill(process, .floodedHost) }
        }
        if used - measured.used > Self.idleProcessorTime { return kill(process, .usedProcessor) }
        if !keepsState, now.since(lastUse) >= idleTime {
            phase = .idle
            return Actions(.close(process))
        }
        rest = measured
        return Actions(.watch(process))
    }

    private mutating func kill(_ process: Process, _ misconduct: Misconduct) -> Actions {
        phase = .idle
        return Actions(.kill(process, misconduct))
    }
}
