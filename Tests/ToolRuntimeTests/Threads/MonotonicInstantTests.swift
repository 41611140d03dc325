import Testing

@testable import ToolRuntime

@Suite("Monotonic instants")
struct MonotonicInstantTests {
    @Test(
        "a duration never moves an instant back, and an overflow is the end of time",
        arguments: [
            .seconds(Int64.min), .seconds(-1), .milliseconds(-1), .zero, .nanoseconds(1), .seconds(999_999_999),
            .seconds(1_000_000_000), .seconds(18_446_744_073) + .milliseconds(999), .seconds(Int64.max),
        ] as [Duration]
    )
    func addition(duration: Duration) {
        for instant in [MonotonicInstant.now, .endOfTime] {
            let later = instant + duration
            #expect(later >= instant)
            #expect(duration > .zero || later == instant)
        }
    }

    @Test(
        "the time since an instant is zero if the instant is not earlier",
        arguments: [
            (0, 0, .zero), (5, 7, .zero), (7, 5, .nanoseconds(2)), (.max, 0, .nanoseconds(Int64.max)),
        ] as [(UInt64, UInt64, Duration)]
    )
    func elapsed(later: UInt64, earlier: UInt64, duration: Duration) {
        let since = MonotonicInstant(nanoseconds: earlier)
        #expect(MonotonicInstant(nanoseconds: later).since(since) == duration)
    }
}
