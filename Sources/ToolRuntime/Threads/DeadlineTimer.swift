/// A timer that runs short actions on its own thread, so that no other work delays a deadline.
package final class DeadlineTimer: Sendable {
    /// The timer of this process.
    package static let shared = DeadlineTimer()

    /// The identity of a scheduled action, with which it can be cancelled.
    package struct Token: Sendable, Hashable {
        fileprivate let number: UInt64
    }

    private struct Entry {
        let deadline: MonotonicInstant
        let action: @Sendable () -> Void
    }

    private struct State {
        var entries: [Token: Entry] = [:]
        var next: UInt64 = 0
        var isRunning = false
        /// The time until which the thread sleeps.
        var wakeTime = MonotonicInstant.endOfTime
    }

    private let monitor = Monitor(State())
    private let start: @Sendable (@escaping @Sendable () -> Void) -> Bool

    /// Creates a timer.
    ///
    /// - Parameter start: Runs the timer's loop on a thread; returns false if the system has none.
    init(start: @escaping @Sendable (@escaping @Sendable () -> Void) -> Bool = HostThreads.shared.run) {
        self.start = start
    }

    /// Schedules an action, which must not block.
    ///
    /// A deadline in the past fires at once.
    package func schedule(at deadline: MonotonicInstant, _ action: @escaping @Sendable () -> Void) -> Token {
        let (token, mustStart, mustWake) = monitor.changeQuietly { state in
            state.next += 1
            let token = Token(number: state.next)
            state.entries[token] = Entry(deadline: deadline, action: action)
            defer { state.isRunning = true }
            return (token, !state.isRunning, deadline < state.wakeTime)
        }
        // Most deadlines are far away and are cancelled. Waking the thread for each would cost more than a call does.
        if mustWake { monitor.change { _ in } }
        if mustStart, !start({ [self] in serve() }) {
            // No deadline fires without the thread, so the next call of this function tries again to start it.
            monitor.change { $0.isRunning = false }
        }
        return token
    }

    /// True if the timer's thread runs, without which no scheduled action runs.
    package var isRunning: Bool { monitor.changeQuietly { $0.isRunning } }

    /// Cancels an action; has no effect if the action has started.
    package func cancel(_ token: Token) {
        _ = monitor.changeQuietly { $0.entries.removeValue(forKey: token) }
    }

    /// Runs the actions at their deadlines, forever.
    private func serve() {
        while true {
            let due = monitor.wait { state -> Monitor<State>.Waiting<[Entry]> in
                let now = MonotonicInstant.now
                state.wakeTime = now
                let due = state.entries.filter { $0.value.deadline <= now }
                guard due.isEmpty else {
                    for token in due.keys { state.entries[token] = nil }
                    return .done(due.values.sorted { $0.deadline < $1.deadline })
                }
                state.wakeTime = state.entries.values.map(\.deadline).min() ?? .endOfTime
                return .wait(until: state.wakeTime)
            }
            for entry in due { entry.action() }
        }
    }
}
