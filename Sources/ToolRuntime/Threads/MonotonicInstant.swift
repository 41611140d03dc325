import Glibc

/// An instant of `CLOCK_MONOTONIC`, the clock of the contract's deadlines.
package struct MonotonicInstant: Sendable, Comparable {
    /// The time since an arbitrary instant before the machine's start, in nanoseconds.
    package let nanoseconds: UInt64

    /// The current instant.
    package static var now: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// An instant that is never reached.
    package static let endOfTime = MonotonicInstant(nanoseconds: .max)

    package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Returns a later instant: the same one for a negative duration, and ``endOfTime`` if the sum overflows.
    package static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        guard duration > .zero else { return instant }
        guard duration < .seconds(1_000_000_000) else { return .endOfTime }
        let (seconds, attoseconds) = duration.components
        let later = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        let (sum, overflows) = instant.nanoseconds.addingReportingOverflow(later)
        return overflows ? .endOfTime : MonotonicInstant(nanoseconds: sum)
    }

    /// Returns the time since an earlier instant, or zero if it is not earlier.
    package func since(_ earlier: MonotonicInstant) -> Duration {
        .nanoseconds(Int64(clamping: nanoseconds - min(nanoseconds, earlier.nanoseconds)))
    }
}

extension timespec {
    /// The instant as the system calls take it.
    init(_ instant: MonotonicInstant) {
        self.init(
            tv_sec: Int(instant.nanoseconds / 1_000_000_000),
            tv_nsec: Int(instant.nanoseconds % 1_000_000_000)
        )
    }
}
