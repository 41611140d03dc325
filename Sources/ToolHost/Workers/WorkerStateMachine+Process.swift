import ToolRuntime

// MARK: - The process

extension WorkerStateMachine {
    /// The exit of a process.
    struct Exit {
        /// False if the process exited before the plugin had registered.
        var didRegister = true
        /// True if the plugin is to blame.
        var isCrash = false
        /// The number of bytes that were passed to the process.
        var sentBytes = Int.max
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
        var actions = Actions()
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
    ) -> Actions {
        switch phase {
        case .backingOff, .registering: phase = .idle
        case .idle, .running, .ending: return Actions()
        }
        let failed = waiting
        waiting = []
        var actions = Actions()
        for entry in failed {
            actions.append(contentsOf: fail(entry.call, .noProcess(sentence, remedy), at: now))
        }
        return actions
    }

    /// The plugin has registered.
    mutating func processDidRegister(_ process: Process, at now: MonotonicInstant) -> Actions {
        guard case .registering = phase else { return Actions(.close(process)) }
        phase = .running(process)
        keepsState = false
        rest = nil
        // Granted something else while it was started.
        if isOutdated { return retireIfUnused() }
        let calls = waiting
        waiting = []
        var actions = Actions()
        for entry in calls { actions.append(contentsOf: route(entry, at: now)) }
        actions.append(.watch(process))
        return actions
    }

    /// The grants changed.
    ///
    /// They take effect with the next process.
    mutating func grantsDidChange() -> Actions {
        isOutdated = true
        return retireIfUnused()
    }

    /// The process reported whether it keeps something for later calls.
    mutating func processDidReport(keepsState: Bool) { self.keepsState = keepsState }

    /// Closes an outdated process that runs no call.
    mutating func retireIfUnused() -> Actions {
        guard isOutdated, running.isEmpty, let process else { return Actions() }
        guard waiting.isEmpty else {
            phase = .backingOff
            var actions = Actions(.close(process))
            actions.append(.startProcess(after: .zero))
            return actions
        }
        phase = .idle
        return Actions(.close(process))
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
        // A process that has not received a call cannot have run it. A call that has its result is over in any case.
        var unsent = running.filter { $0.position >= exit.sentBytes && !$0.isAnswered }
        let lost = running.filter { $0.position < exit.sentBytes || $0.isAnswered }
        for index in unsent.indices { unsent[index].attempts -= 1 }
        unsent += waiting
        let crashedCall = crashedCall(exit, among: lost)
        (running, stoppingCalls, waiting) = ([], 0, [])
        if exit.isCrash { deaths += 1 }
        var outcome = ExitOutcome(crashedCall: crashedCall, didInterrupt: !lost.isEmpty || !unsent.isEmpty)
        for var entry in unsent {
            entry.endedProcesses += 1
            // If the process did not register, the call waited for this very process.
            let mayWait = exit.didRegister && entry.endedProcesses < Self.maximumEndedProcesses
            // The start of a process does not count for the timeout.
            entry.deadline = nil
            outcome.actions.append(
                contentsOf: mayWait
                    ? route(entry, at: now) : fail(entry.call, .noProcess(exit.sentence, exit.remedy), at: now)
            )
        }
        for var entry in lost {
            if entry.call === crashedCall {
                outcome.actions.append(contentsOf: fail(entry.call, .crashed(exit.sentence), at: now))
            } else if mayRepeat(entry) {
                entry.deadline = nil
                outcome.actions.append(contentsOf: route(entry, at: now))
            } else {
                let failure = Failure.lost(exit.sentence, crashedCall: crashedCall)
                outcome.actions.append(contentsOf: fail(entry.call, failure, at: now))
            }
        }
        return outcome
    }

    private mutating func fail(_ call: Call, _ failure: Failure, at now: MonotonicInstant) -> Actions {
        var actions = Actions(.fail(call, failure))
        actions.append(contentsOf: callDidReturn(call, isOver: true, at: now))
        return actions
    }

    private func crashedCall(_ exit: Exit, among lost: [Entry]) -> Call? {
        if let id = exit.crashedCall { return lost.first { $0.call.id == id }?.call }
        let unanswered = lost.filter { !$0.isAnswered }
        return unanswered.count == 1 && (exit.isCrash || lost.count == 1) ? unanswered.first?.call : nil
    }

    private func mayRepeat(_ entry: Entry) -> Bool {
        entry.call.isRepeatable && entry.attempts == 1 && !entry.isAnswered
    }
}
