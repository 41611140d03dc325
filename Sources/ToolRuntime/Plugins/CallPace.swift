import Synchronization

/// The durations of a tool's last calls in a worker, from which it is known whether the next one is probably short.
///
/// It is a moving average, in which a call has an eighth of the weight, so a delay of one call does not change it much.
final class CallPace: Sendable {
    /// The usual average below which a call is short, in nanoseconds.
    static let shortCall = 20_000
    /// The time as which a longer one counts: after a call that blocks, about 15 short ones must follow.
    private static let longestCall = 1_000_000

    private let limit: Int
    // Several calls may change it at once. A lost change does no harm.
    private let average: Atomic<Int>

    /// Creates the pace of a tool that was not called yet.
    ///
    /// - Parameter limit: The average below which a call is short, in nanoseconds.
    init(limit: Int = shortCall) {
        self.limit = limit
        average = Atomic(2 * limit)
    }

    /// True if the last calls were short; false for a tool that was not called yet.
    var isShort: Bool { average.load(ordering: .relaxed) < limit }

    /// Records the duration of a call.
    func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds > 0 ? Self.longestCall : max(0, Int(attoseconds / 1_000_000_000))
        let old = average.load(ordering: .relaxed)
        average.store(old + (min(nanoseconds, Self.longestCall) - old) / 8, ordering: .relaxed)
    }

    /// Records that a call blocks.
    ///
    /// Its duration is not known yet, and must not be awaited.
    func recordBlock() { record(.nanoseconds(Self.longestCall)) }
}
