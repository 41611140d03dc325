import ToolRuntime

// MARK: - The timeouts of the calls

// They are part of the machine, and one timer serves all calls of a plugin: a timer for each call would be set and
// cancelled in vain, because most calls end long before their timeout.
extension WorkerStateMachine {
    /// Starts the timeout of a call anew.
    mutating func startTimeout(of entry: inout Entry, at now: MonotonicInstant) {
        let deadline = now + entry.call.timeout
        entry.deadline = deadline
        if deadline < alarm { alarm = deadline }
    }

    /// The time ``alarm`` has come.
    ///
    /// A call that has its result may run on, so its timeout counts, too.
    mutating func deadlineTick(at now: MonotonicInstant) -> Actions {
        alarm = .endOfTime
        var actions = Actions()
        Self.expire(&waiting, at: now, &alarm, &actions)
        Self.expire(&running, at: now, &alarm, &actions)
        return actions
    }

    private static func expire(
        _ entries: inout [Entry],
        at now: MonotonicInstant,
        _ alarm: inout MonotonicInstant,
        _ actions: inout Actions
    ) {
        for index in entries.indices {
            guard let deadline = entries[index].deadline else { continue }
            if deadline <= now {
                entries[index].deadline = nil
                actions.append(.expire(entries[index].call))
            } else if deadline < alarm {
                alarm = deadline
            }
        }
    }
}
