import Locks

/// The budget of bytes for the results of one message together.
///
/// Half of the bytes are divided equally among the calls of the message: a call can always use its own share, so a
/// small result fits beside results of any size. The other half goes to the calls that need more than their share and
/// write first.
package final class ResultBudget: Sendable {
    /// The number of calls that may write results, at least 1.
    package let calls: Int
    private let share: Int
    private let remaining: Lock<Int>

    /// Creates a budget.
    ///
    /// - Parameters:
    ///   - bytes: The bytes for all results together.
    ///   - calls: The number of calls that may write results.
    package init(bytes: Int, calls: Int) {
        self.calls = max(1, calls)
        share = max(0, bytes) / 2 / self.calls
        remaining = Lock(max(0, bytes) - share * self.calls)
    }

    /// Takes bytes for a call.
    ///
    /// - Parameters:
    ///   - count: The number of bytes that the call needs now.
    ///   - taken: The number of bytes that it has taken before.
    /// - Returns: False if fewer bytes are left; then none are taken.
    func take(_ count: Int, after taken: Int) -> Bool {
        let extra = excess(taken + count) - excess(taken)
        guard extra > 0 else { return true }
        return remaining.withLock { remaining in
            guard extra <= remaining else { return false }
            remaining -= extra
            return true
        }
    }

    /// Gives all bytes back that a call has taken.
    ///
    /// The caller sets its own count to 0.
    package func giveBack(_ taken: Int) {
        remaining.withLock { $0 += excess(taken) }
    }

    /// Returns the number of bytes beyond a call's own share.
    private func excess(_ taken: Int) -> Int { max(0, taken - share) }
}
