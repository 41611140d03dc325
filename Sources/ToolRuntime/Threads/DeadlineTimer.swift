/// Runs short actions at given moments, on a thread of its own: deadlines must not wait for anybody.
package final class DeadlineTimer: Sendable {
    /// The timer of this process.
    package static let shared = DeadlineTimer()

    /// An action that has been scheduled and can be called off.
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
        /// When the thread will look by itself.
        var nextLook = MonotonicInstant.endOfTime
    }

    private let monitor = Monitor(State())

    /// Schedules an action, which must not block.
    package func schedule(at deadline: MonotonicInstant, _ action: @escaping @Sendable () -> Void) -> Token {
        let (token, mustStart, mustWake) = monitor.changeQuietly { state in
            state.next += 1
            let token = Token(number: state.next)
            state.entries[token] = Entry(deadline: deadline, action: action)
            defer { state.isRunning = true }
            return (token, !state.isRunning, deadline < state.nextLook)
        }
        // Nearly all deadlines are far away and called off: waking the thread for each would cost more than a call.
        if mustWake { monitor.change { _ in } }
        if mustStart, !HostThreads.shared.run({ [self] in serve() }) {
            // Without its thread no deadline would ever fire: the next one to be scheduled tries again.
            monitor.change { $0.isRunning = false }
        }
        return token
    }

    /// Whether its thread runs, without which nothing that was scheduled happens.
    package var isRunning: Bool { monitor.changeQuietly { $0.isRunning } }

    /// Calls an action off; without effect where it has begun.
    package func cancel(_ token: Token) {
        _ = monitor.changeQuietly { $0.entries.removeValue(forKey: token) }
    }

    private func serve() {
        while true {
            let due = monitor.wait { state -> Monitor<State>.Waiting<[Entry]> in
                let now = MonotonicInstant.now
                state.nextLook = now
                let due = state.entries.filter { $0.value.deadline <= now }
                guard due.isEmpty else {
                    for token in due.keys { state.entries[token] = nil }
                    return .done(due.values.sorted { $0.deadline < $1.deadline })
                }
                state.nextLook = state.entries.values.map(\.deadline).min() ?? .endOfTime
                return .wait(until: state.nextLook)
            }
            for entry in due { entry.action() }
        }
    }
}
