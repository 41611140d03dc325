import Synchronization
import ToolRuntime

// MARK: - What a process does while nobody calls it

extension WorkerPlugin {
    /// Since when a process has had nothing to do, and how much processor time it had used by then.
    struct Rest {
        let start: MonotonicInstant
        let used: Duration
    }

    /// How much processor time a plugin may use while no call of it runs.
    ///
    /// A limit that the kernel keeps (`RLIMIT_CPU`) would have to be raised for each call, and whatever the worker may
    /// raise, the plugin in it may raise as well.
    private static let idleProcessorTime = Duration.seconds(2)

    /// Looks at a process now and then: whether it is still needed, and what it does while it is not.
    func watch(_ process: WorkerProcess, since rest: Rest?) {
        _ = DeadlineTimer.shared.schedule(at: .now + min(settings.idle, .seconds(1))) { [weak self] in
            guard let self else { return process.close() }
            look(at: process, since: rest)
        }
    }

    private func look(at process: WorkerProcess, since rest: Rest?) {
        enum Finding { case gone, busy, resting(Rest), idle, spinning }
        let used = process.processorTime
        let finding: Finding = state.withLock { state in
            guard case .running(let current) = state.phase, current === process else { return .gone }
            guard state.running.isEmpty else { return .busy }
            var now = Rest(start: state.lastUse, used: used)
            if let rest, rest.start == state.lastUse { now = rest }
            if used - now.used > Self.idleProcessorTime {
                state.phase = .none
                return .spinning
            }
            guard !state.keeps, MonotonicInstant.now.since(state.lastUse) >= settings.idle else { return .resting(now) }
            state.phase = .none
            return .idle
        }
        switch finding {
        case .gone: break
        case .busy: watch(process, since: nil)
        case .resting(let rest): watch(process, since: rest)
        case .idle: process.close()
        case .spinning:
            let sentence = "It used the processor while none of its calls ran, so its process was ended."
            process.kill(sentence)
            record(sentence)
        }
    }
}
