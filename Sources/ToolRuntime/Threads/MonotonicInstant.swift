import Glibc

/// A moment of `CLOCK_MONOTONIC`, the clock in which the contract states deadlines.
package struct MonotonicInstant: Sendable, Comparable {
    /// Since an arbitrary moment before the machine's start.
    package let nanoseconds: UInt64

    /// Now.
    package static var now: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// A moment that never comes.
    package static let endOfTime = MonotonicInstant(nanoseconds: .max)

    package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment that much later: the same for a negative duration, and the end of time if the sum would overflow.
    package static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        guard duration > .zero else { return instant }
        guard duration < .seconds(1_000_000_000) else { return .endOfTime }
        let (seconds, attoseconds) = duration.components
        let later = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        let (sum, overflows) = instant.nanoseconds.addingReportingOverflow(later)
        return overflows ? .endOfTime : MonotonicInstant(nanoseconds: sum)
    }

    /// The time from an earlier moment to this one; zero if it is not earlier.
    package func since(_ earlier: MonotonicInstant) -> Duration {
        .nanoseconds(Int64(clamping: nanoseconds - min(nanoseconds, earlier.nanoseconds)))
    }
}
