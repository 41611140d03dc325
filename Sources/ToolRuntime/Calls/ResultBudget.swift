import Synchronization

/// The bytes that the results of one message may take together.
///
/// Half of the bytes are divided equally among the calls of the message: a call can always use its own part, so a small
/// result fits beside results of any size. The other half is for the calls that need more than their part, and the
/// first to write get it.
package final class ResultBudget: Sendable {
    /// The number of calls that may write results, at least 1.
    package let calls: Int
    private let share: Int
    private let rest: Mutex<Int>

    /// Creates a budget.
    ///
    /// - Parameters:
    ///   - bytes: The bytes for all results together.
    ///   - calls: The number of calls that may write results.
    package init(bytes: Int, calls: Int) {
        self.calls = max(1, calls)
        share = max(0, bytes) / 2 / self.calls
        rest = Mutex(max(0, bytes) - share * self.calls)
    }

    /// Takes bytes for a call.
    ///
    /// - Parameters:
    ///   - count: The bytes that the call needs now.
    ///   - taken: The bytes that it has taken before.
    /// - Returns: False if there are not so many left; then none are taken.
    func take(_ count: Int, after taken: Int) -> Bool {
        let extra = excess(taken + count) - excess(taken)
        guard extra > 0 else { return true }
        return rest.withLock { rest in
            guard extra <= rest else { return false }
            rest -= extra
            return true
        }
    }

    /// Returns all bytes that a call has taken; the caller forgets their number.
    package func giveBack(_ taken: Int) {
        rest.withLock { $0 += excess(taken) }
    }

    /// The bytes beyond a call's own part.
    private func excess(_ taken: Int) -> Int { max(0, taken - share) }
}
