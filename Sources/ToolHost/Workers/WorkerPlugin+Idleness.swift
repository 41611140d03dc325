import Synchronization
import ToolRuntime

// MARK: - What a process does beside its calls

extension WorkerPlugin {
    /// Since when a process has had nothing to do, how much processor time it had used by then, and what it has said by now.
    struct Rest {
        let start: MonotonicInstant
        let used: Duration
        var heard: Int
    }

    /// How much processor time a plugin may use while no call of it runs.
    ///
    /// A limit that the kernel keeps (`RLIMIT_CPU`) would have to be raised for each call, and whatever the worker may
    /// raise, the plugin in it may raise as well.
    private static let idleProcessorTime = Duration.seconds(2)

    /// How many bytes a plugin may say between two looks at it while no call of it runs: each message costs the host time.
    private static let idleBytes = 64 << 10

    /// Looks at a process now and then: whether it is still needed, and what it does while it is not.
    func watch(_ process: WorkerProcess, since rest: Rest?) {
        _ = DeadlineTimer.shared.schedule(at: .now + min(settings.idle, .seconds(1))) { [weak self] in
            guard let self else { return process.close() }
            look(at: process, since: rest)
        }
    }

    private enum Finding { case gone, busy([IsolatedCall]), resting(Rest), idle, unruly(String) }

    private func look(at process: WorkerProcess, since rest: Rest?) {
        process.checkGroupSoon()
        let (used, heard) = (process.processorTime, process.heardBytes)
        let finding: Finding = state.withLock { state in
            guard case .running(let current) = state.phase, current === process else { return .gone }
            guard state.running.isEmpty else { return .busy(Array(state.running.values)) }
            var now = Rest(start: state.lastUse, used: used, heard: heard)
            if let rest, rest.start == state.lastUse {
                now = Rest(start: rest.start, used: rest.used, heard: heard)
                if heard - rest.heard > Self.idleBytes {
                    state.phase = .none
                    return .unruly("It talked to its host without end while none of its calls ran")
                }
            }
            if used - now.used > Self.idleProcessorTime {
                state.phase = .none
                return .unruly("It used the processor while none of its calls ran")
            }
            guard !state.keeps, MonotonicInstant.now.since(state.lastUse) >= settings.idle else { return .resting(now) }
            state.phase = .none
            return .idle
        }
        switch finding {
        case .gone: break
        case .busy(let calls):
            // They have answered; nobody waits for what else they do.
            for call in calls where call.isOverdue { stop(call) }
            watch(process, since: nil)
        case .resting(let rest): watch(process, since: rest)
        case .idle: process.close()
        case .unruly(let deed):
            let sentence = deed + ", so its process was ended."
            process.kill(sentence)
            record(sentence)
        }
    }
}
