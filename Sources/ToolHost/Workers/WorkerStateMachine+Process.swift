import ToolRuntime

// MARK: - The process

extension WorkerStateMachine {
    /// The exit of a process.
    struct Exit {
        /// False if the process exited before the plugin had registered.
        var didRegister = true
        /// True if the plugin is to blame.
        var isCrash = false
        /// The call whose code made the process exit, if that is known.
        var crashedCall: UInt64?
        /// A description of what happened, in sentences.
        var sentence = ""
        /// The action that solves the problem, if the host knows one.
        var remedy: Remedy?
    }

    /// The effects of an exit.
    struct ExitOutcome {
        /// The call that made the process exit, if that is known or only one can have done it.
        var crashedCall: Call?
        /// True if calls ran in the process or waited for it.
        var didInterrupt = false
        var actions: [Action] = []
    }

    /// A call fails after this number of processes have exited while it waited to be sent.
    private static var maximumEndedProcesses: Int { 5 }

    /// The pause before a start: a plugin that dies repeatedly gets a longer one each time.
    static func delay(afterDeaths deaths: Int) -> Duration {
        deaths < 2 ? .zero : min(.milliseconds(50 << min(deaths - 2, 10)), .seconds(5))
    }

    /// The pause before a start is over, and a process starts with the current grants.
    mutating func startDidBegin() {
        guard case .backingOff = phase else { return }
        phase = .registering
        isOutdated = false
    }

    /// No process was started: the plugin is in quarantine, its file has changed, or the system refuses.
    ///
    /// - Parameters:
    ///   - sentence: The reason, as calls report it.
    ///   - remedy: The action that solves the problem, if the host knows one.
    mutating func startDidFail(
        _ sentence: String,
        remedy: Remedy? = nil,
        at now: MonotonicInstant
    ) -> [Action] {
        switch phase {
        case .backingOff, .registering: phase = .idle
        case .idle, .running, .ending: return []
        }
        let failed = waiting
        waiting = []
        return failed.flatMap { fail($0.call, .noProcess(sentence, remedy), at: now) }
    }

    /// The plugin has registered.
    mutating func processDidRegister(_ process: Process) -> [Action] {
        guard case .registering = phase else { return [.close(process)] }
        phase = .running(process)
        keepsState = false
        rest = nil
        // Granted something else while it was started.
        if isOutdated { return retireIfUnused() }
        let calls = waiting
        waiting = []
        return calls.flatMap { route($0) } + [.watch(process)]
    }

    /// The grants changed.
    ///
    /// They take effect with the next process.
    mutating func grantsDidChange() -> [Action] {
        isOutdated = true
        return retireIfUnused()
    }

    /// The process reported whether it keeps something for later calls.
    mutating func processDidReport(keepsState: Bool) { self.keepsState = keepsState }

    /// Closes an outdated process that runs no call.
    mutating func retireIfUnused() -> [Action] {
        guard isOutdated, running.isEmpty, let process else { return [] }
        guard waiting.isEmpty else {
            phase = .backingOff
            return [.close(process), .startProcess(after: .zero)]
        }
        phase = .idle
        return [.close(process)]
    }

    /// A process has exited: its calls fail or run once more.
    mutating func processDidExit(_ exited: Process, _ exit: Exit, at now: MonotonicInstant) -> ExitOutcome {
        switch phase {
        case .running(let current) where current === exited, .ending(let current) where current === exited:
            phase = .idle
        case .registering where !exit.didRegister: phase = .idle
        case .idle: break
        // Another process has replaced it.
        default: return ExitOutcome()
        }
        let lost = running.values.sorted { $0.call.id < $1.call.id }
        let unsent = waiting
        let crashedCall = crashedCall(exit, among: lost)
        let repeatable = Set(lost.filter { mayRepeat($0) }.map(\.call.id))
        (running, stopping, answered, waiting) = ([:], [], [], [])
        if exit.isCrash { deaths += 1 }
        var outcome = ExitOutcome(crashedCall: crashedCall, didInterrupt: !lost.isEmpty || !unsent.isEmpty)
        for var entry in unsent {
            entry.endedProcesses += 1
            // If the process did not register, the call waited for this very process.
            let mayWait = exit.didRegister && entry.endedProcesses < Self.maximumEndedProcesses
            // The start of a process does not count for the timeout.
            outcome.actions +=
                mayWait
                ? [.cancelTimeout(entry.call)] + route(entry)
                : fail(entry.call, .noProcess(exit.sentence, exit.remedy), at: now)
        }
        for entry in lost {
            if entry.call === crashedCall {
                outcome.actions += fail(entry.call, .crashed(exit.sentence), at: now)
            } else if repeatable.contains(entry.call.id) {
                outcome.actions += [.cancelTimeout(entry.call)] + route(entry)
            } else {
                outcome.actions += fail(entry.call, .lost(exit.sentence, crashedCall: crashedCall), at: now)
            }
        }
        return outcome
    }

    private mutating func fail(_ call: Call, _ failure: Failure, at now: MonotonicInstant) -> [Action] {
        [.fail(call, failure)] + callDidReturn(call, isOver: true, at: now)
    }

    private func crashedCall(_ exit: Exit, among lost: [Entry]) -> Call? {
        if let id = exit.crashedCall { return lost.first { $0.call.id == id }?.call }
        let unanswered = lost.filter { !answered.contains($0.call.id) }
        return unanswered.count == 1 && (exit.isCrash || lost.count == 1) ? unanswered.first?.call : nil
    }

    private func mayRepeat(_ entry: Entry) -> Bool {
        entry.call.isRepeatable && entry.attempts == 1 && !answered.contains(entry.call.id)
    }
}
