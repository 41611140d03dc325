/// A timer that runs short actions on its own thread, so that no other work delays a deadline.
package final class DeadlineTimer: Sendable {
    /// The timer of this process.
    package static let shared = DeadlineTimer()

    /// The identity of a scheduled action, with which it can be cancelled.
    package struct Token: Sendable, Comparable {
        fileprivate let deadline: MonotonicInstant
        fileprivate let number: UInt64

        package static func < (left: Token, right: Token) -> Bool {
            left.deadline == right.deadline ? left.number < right.number : left.deadline < right.deadline
        }
    }

    private struct Entry {
        let token: Token
        let action: @Sendable () -> Void
    }

    private struct State {
        /// The scheduled actions in the order of their deadlines.
        var entries: [Entry] = []
        var next: UInt64 = 0
        var isRunning = false
        /// The time until which the thread sleeps.
        var wakeTime = MonotonicInstant.endOfTime

        /// Returns the index of the first action that does not come before a token.
        func index(of token: Token) -> Int {
            // Most deadlines are later than all others.
            guard let last = entries.last, token <= last.token else { return entries.count }
            var bounds = entries.startIndex..<entries.endIndex
            while !bounds.isEmpty {
                let middle = bounds.lowerBound + bounds.count / 2
                bounds = entries[middle].token < token ? middle + 1..<bounds.upperBound : bounds.lowerBound..<middle
            }
            return bounds.lowerBound
        }
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
            let token = Token(deadline: deadline, number: state.next)
            state.entries.insert(Entry(token: token, action: action), at: state.index(of: token))
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
        // The action is released after the lock, because that may run other code.
        _ = monitor.changeQuietly { state -> Entry? in
            let index = state.index(of: token)
            guard index < state.entries.count, state.entries[index].token == token else { return nil }
            return state.entries.remove(at: index)
        }
    }

    /// Runs the actions at their deadlines, forever.
    private func serve() {
        while true {
            let due = monitor.wait { state -> Monitor<State>.Waiting<[Entry]> in
                let now = MonotonicInstant.now
                state.wakeTime = now
                let due = Array(state.entries.prefix { $0.token.deadline <= now })
                guard due.isEmpty else {
                    state.entries.removeFirst(due.count)
                    return .done(due)
                }
                state.wakeTime = state.entries.first?.token.deadline ?? .endOfTime
                return .wait(until: state.wakeTime)
            }
            for entry in due { entry.action() }
        }
    }
}
