/// The limits of one row of a benchmark.
struct BenchmarkLimits: Sendable {
    /// The number of calls to measure, or nil for as many as the time permits.
    let calls: Int?
    /// The duration of a row, or nil for no limit.
    let duration: Duration?

    /// The maximum number of calls of a row, all of whose timings are stored.
    static let maximumCalls = 100_000
    /// The number of calls of a batch.
    static let batchSize = 8
    /// The maximum number of calls before the measured ones.
    private static let warmUpCalls = 100

    /// The end of a part of a row.
    struct End: Sendable {
        fileprivate let count: Int
        fileprivate let instant: ContinuousClock.Instant?

        /// Returns true after so many repetitions, or if the time is over.
        func isReached(after count: Int) -> Bool {
            count >= self.count || instant.map { ContinuousClock.now >= $0 } ?? false
        }
    }

    /// The end of the calls that are not measured, of which there is at least one.
    func warmUp() -> End {
        end(min(Self.warmUpCalls, (calls ?? Self.maximumCalls) / 10), min((duration ?? .seconds(1)) / 10, .seconds(1)))
    }

    /// The end of the calls one by one.
    func single() -> End { end(calls ?? Self.maximumCalls, duration) }

    /// The end of the batches.
    func batches() -> End { end((calls ?? Self.maximumCalls) / Self.batchSize, duration) }

    private func end(_ count: Int, _ duration: Duration?) -> End {
        End(count: count, instant: duration.map { .now + $0 })
    }

    /// True if batches are measured beside calls that take this long.
    func includesBatches(ofCallsLasting call: Duration) -> Bool {
        calls.map { $0 >= Self.batchSize } ?? true && duration.map { call < $0 } ?? true
    }
}
